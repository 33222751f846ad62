"""Runs suites with Great Expectations: one batch with all units, failures brought back by unit and code.

The only module that imports Great Expectations, and only when a suite runs (its import takes seconds).
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pandas as pd

os.environ["GX_ANALYTICS_ENABLED"] = "false"


# Data Docs pages ask several public sites for styles and scripts; an auditor's page calls nobody.
_FOREIGN = re.compile(
    r"<link[^>]*https?://[^>]*>|<script[^>]*src=[\"']https?://[^>]*>\s*</script>|url\([\"']?https?://[^)]*\)",
    re.S,
)


OF_ONE = " · "  # between a suite and the unit whose page it is


@dataclass(frozen=True)
class Expectation:
    """One expectation of a suite: its Great Expectations type, its arguments, and the check a failure belongs to."""

    check: str
    type: str
    arguments: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Suite:
    """The expectations one step holds its data to."""

    name: str
    expectations: tuple[Expectation, ...]


@dataclass(frozen=True)
class Failure:
    """Rows (by position in the frame) that failed one expectation, with the values found."""

    expectation: Expectation
    rows: tuple[int, ...]
    found: tuple[str, ...]


@cache
def _context() -> Any:
    """One context per process: contexts are not thread-safe."""
    import great_expectations as gx

    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.WARNING)  # every temporary folder

    context: Any = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    return context


def run_suite(suite: Suite, frame: pd.DataFrame, docs: Path | None = None, unit: str = "") -> list[Failure]:
    """Hold a frame to a suite; with `docs`, write the Data Docs page of this run below that folder.

    unit: whom it is done for when not for all; its page stands beside that of all until all are held to the suite.
    An expectation that fails without naming rows (about the table as a whole) comes back with no rows.
    """
    import great_expectations as gx
    from great_expectations.expectations.registry import get_expectation_impl

    context, name = _context(), suite.name
    marked = frame.reset_index(drop=True)
    marked["row"] = range(len(marked))
    source = context.data_sources.add_or_update_pandas(name)
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe(name)
    expectations = [get_expectation_impl(one.type)(**one.arguments) for one in suite.expectations]
    held = context.suites.add_or_update(gx.ExpectationSuite(name=name, expectations=expectations))
    definition = gx.ValidationDefinition(name=name, data=batch, suite=held)
    result = context.validation_definitions.add_or_update(definition).run(
        batch_parameters={"dataframe": marked},
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": ["row"]},
    )
    if docs is not None:
        _write_page(result, docs, name, unit)
    return [
        _failure(suite.expectations[number], single.result)
        for number, single in enumerate(_in_order(suite, result.results))
        if not single.success
    ]


def _in_order(suite: Suite, results: Sequence[Any]) -> list[Any]:
    """Great Expectations groups results by column; bring them back to the suite's order."""
    left = list(results)
    ordered = []
    for one in suite.expectations:
        match = next(
            single
            for single in left
            if single.expectation_config.type == one.type
            and all(single.expectation_config.kwargs.get(key) == value for key, value in one.arguments.items())
        )
        left.remove(match)
        ordered.append(match)
    return ordered


def _failure(expectation: Expectation, result: dict[str, Any]) -> Failure:
    listed = result.get("unexpected_index_list") or []
    column = expectation.arguments.get("column", "")
    return Failure(
        expectation,
        tuple(int(entry["row"]) for entry in listed),
        tuple(str(entry.get(column, "")) for entry in listed),
    )


def _write_page(result: Any, docs: Path, suite: str, unit: str) -> None:
    """The validation result as one HTML page, as Data Docs shows it."""
    from great_expectations.render import renderer, view

    docs.mkdir(parents=True, exist_ok=True)
    pages: Any = (renderer, view)  # both are untyped
    page = pages[0].ValidationResultsPageRenderer().render(result)
    html = pages[1].DefaultJinjaPageView().render(page)
    for old in () if unit else docs.glob(f"{suite}{OF_ONE}*.html"):
        old.unlink()
    _page(docs, suite, unit).write_text(_FOREIGN.sub("", html), encoding="utf-8")
    _write_index(docs)


def forget_page(docs: Path | None, suite: str, unit: str) -> None:
    """One unit's page goes when the unit has nothing any more that the suite could hold."""
    if docs is not None and unit and _page(docs, suite, unit).exists():
        _page(docs, suite, unit).unlink()
        _write_index(docs)


def _page(docs: Path, suite: str, unit: str) -> Path:
    """Where a suite's page lies; of a name of 255 bytes a unit's key has what is left."""
    mine = unit.encode()[:200].decode(errors="ignore")
    return docs / (f"{suite}{OF_ONE}{mine}.html" if unit else f"{suite}.html")


def _write_index(docs: Path) -> None:
    names = sorted(one.stem for one in docs.glob("*.html") if one.stem != "index")
    links = "".join(f'<li><a href="{quote(name)}.html">{escape(name)}</a></li>' for name in names)
    title = "Kiểm tra dữ liệu theo bước / Data checks by step"
    index = (
        f'<!doctype html><html lang="vi"><meta charset="utf-8"><title>{title}</title><h1>{title}</h1><ul>{links}</ul>'
    )
    (docs / "index.html").write_text(index, encoding="utf-8")
