"""The templates: compiled once, everything escaped, and patterns of what is repeated for thousands of units."""

from __future__ import annotations

import re
from functools import cache
from importlib import resources

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from flows.publication.site.rows import both, signed, trimmed

OPEN, SHUT = "\ue000", "\ue001"  # of private use: never in a text that somebody wrote
HOLE = re.compile(f"{OPEN}([a-z_]+){SHUT}")


@cache
def environment() -> Environment:
    """The templates, compiled once; everything is escaped and a missing name is an error."""
    made = Environment(
        loader=PackageLoader("flows.publication"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters |= {"trimmed": trimmed, "signed": signed}
    made.globals["both"] = both
    return made


class Holes:
    """`holes.name` stands in a template where `%(name)s` is to stand in its pattern."""

    def __getattr__(self, name: str) -> Markup:
        return Markup(f"{OPEN}{name}{SHUT}")


def as_pattern(text: str) -> str:
    """A page rendered with holes as a pattern for `%` and a mapping; what is put in must be safe already."""
    return HOLE.sub(r"%(\1)s", text.replace("%", "%%"))


@cache
def row_pattern(name: str, cells: int) -> str:
    """A macro of rows.html as a pattern with one %s per cell."""
    macro = getattr(environment().get_template("rows.html").module, name)
    hole = Markup(OPEN)
    return str(macro(*[hole] * cells)).replace("%", "%%").replace(OPEN, "%s")


def static_files() -> dict[str, bytes]:
    """What the pages share, as it is kept: look, script and icon."""
    folder = resources.files("flows.publication").joinpath("templates")
    return {name: folder.joinpath(name).read_bytes() for name in ("style.css", "site.js", "icon.svg")}
