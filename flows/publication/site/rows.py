"""Figures as the pages show them: signs and zeros of numbers, phrases in two languages, a unit's record, links."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from urllib.parse import quote

from markupsafe import Markup, escape

from flows.publication.site_input import SiteInput
from models.rules.framework import Framework


def trimmed(number: str) -> str:
    """A decimal text without trailing zeros, as people write it."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def signed(number: str) -> str:
    """A change with its sign; zero has none."""
    return number if number.startswith("-") or not number.strip("0.") else f"+{number}"


def both(vietnamese: str, english: str) -> Markup:
    """A phrase of ours in both languages; style.css shows the one that was chosen."""
    return Markup('<span class="v">{}</span><span class="e" lang="en"> {}</span>').format(vietnamese, english)


def href(unit: str, root: str = "") -> str:
    """The address of a unit's page."""
    return f"{root}unit/{quote(unit, safe='')}.html"


def field_href(bloc: str, code: str, root: str = "") -> str:
    """The address of the page of one field in one bloc; a code has no dash, so no two are one."""
    return f"{root}field/{quote(f'{bloc}-{code}', safe='')}.html"


def move(rank_change: str) -> tuple[str, str] | None:
    """A change of rank in words; None where it is not known."""
    if not rank_change:
        return None
    steps = int(rank_change)
    if steps == 0:
        return "= giữ hạng", "= same rank"
    return (f"▲ lên {steps}", f"▲ up {steps}") if steps > 0 else (f"▼ xuống {-steps}", f"▼ down {-steps}")


def units(given: SiteInput, root: str = "") -> list[dict[str, object]]:
    """One record per row of results: its columns, the page's address and the change of rank in words."""
    records: list[dict[Hashable, object]] = given.results.to_dict("records")
    return [
        {str(key): value for key, value in row.items()}
        | {"href": href(str(row["unit"]), root), "move": move(str(row["rank_change"]))}
        for row in records
    ]


class Escaped(dict[str, str]):
    """Text made safe for a page; each different one once."""

    def __missing__(self, text: str) -> str:
        self[text] = str(escape(text))
        return self[text]

    def all(self, texts: Sequence[str]) -> list[str]:
        """A column of texts."""
        return list(map(self.__getitem__, texts))


def framework_lines(framework: Framework) -> Iterator[tuple[str, str, str, str]]:
    """(level, code, name, maximum) of every field, criterion and leaf, in the framework's order."""
    for part in framework.fields:
        yield "field", part.code, part.name, part.maximum
        for criterion in part.criteria:
            if not criterion.is_leaf:
                yield "criterion", criterion.code, criterion.name, criterion.maximum
            for leaf in criterion.leaves:
                yield "leaf", leaf.code, leaf.name, leaf.maximum
