"""A unit's index year by year, and where two years that stand side by side must not be read as one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import pandas as pd

from models.rules.cycle import CycleInputs
from models.rules.frames import frame, rows_of
from models.rules.numbers import show
from models.rules.totals import Standing, records_by_unit

SERIES = ("unit", "year", "index", "rank", "framework", "break", "reason", "source")
LAST_YEAR, THIS_YEAR = "previous/results.csv", "results.csv"
Row = dict[str, str]


def series(inputs: CycleInputs, lines: Sequence[Standing], units: pd.DataFrame) -> pd.DataFrame:
    """Frame SERIES of these units by unit and year: earlier years, last year, this year; it changes no figure.

    units: frame UNITS as published, where a predecessor that must not be named is a digest. The index has the
    cycle's decimals. `break` is yes where a row does not continue the one above it, `reason` says why.
    """
    given = _given(inputs)
    lineage = records_by_unit(units)
    rows: list[Row] = []
    for line in sorted(lines, key=lambda line: line.total.unit):
        unit = line.total.unit
        years = given.get(unit, {}) | {inputs.settings.year: _this_year(inputs, line)}
        rows += _marked([years[year] for year in sorted(years)], lineage[unit])
    return frame(rows, SERIES)


def _given(inputs: CycleInputs) -> dict[str, dict[int, Row]]:
    """Earlier years by unit and year; last year's own file wins over a row of the same year."""
    shown = inputs.settings.decimals
    found: dict[str, dict[int, Row]] = {}
    for unit, year, index, rank, framework, source in rows_of(
        inputs.history, "unit", "year", "index", "rank", "framework", "source"
    ):
        row = _row(unit, year, show(Fraction(index), shown), rank, framework, source)
        found.setdefault(unit, {})[int(year)] = row
    last = inputs.settings.year - 1
    for unit, index, rank, framework in rows_of(inputs.previous, "unit", "index", "rank", "framework"):
        if index:
            row = _row(unit, str(last), show(Fraction(index), shown), rank, framework, LAST_YEAR)
            found.setdefault(unit, {})[last] = row
    return found


def _this_year(inputs: CycleInputs, line: Standing) -> Row:
    total = line.total
    index = "" if total.index is None else show(total.index, inputs.settings.decimals)
    rank = "" if line.rank is None else str(line.rank)
    return _row(total.unit, str(inputs.settings.year), index, rank, total.framework, THIS_YEAR)


def _row(unit: str, year: str, index: str, rank: str, framework: str, source: str) -> Row:
    return {"unit": unit, "year": year, "index": index, "rank": rank, "framework": framework, "source": source}


def _marked(rows: Sequence[Row], unit: Mapping[str, str]) -> Iterator[Row]:
    """The rows of one unit with their breaks; the first breaks with nothing, the last is this year's."""
    for place, row in enumerate(rows):
        reasons = [] if place == 0 else breaks(rows[place - 1], row, unit, place == len(rows) - 1)
        unclear = place > 0 and "" in (rows[place - 1]["framework"], row["framework"])
        told = [*reasons, *(["chưa rõ bộ tiêu chí / framework not stated"] if unclear else [])]
        yield {**row, "break": "yes" if reasons else "no", "reason": "; ".join(told)}


def breaks(before: Mapping[str, str], now: Mapping[str, str], unit: Mapping[str, str], this_year: bool) -> list[str]:
    """Why `now` does not continue `before`, in words; empty where it does.

    Source: domain, units are dated: a name that survives a merger can be a new unit; two frameworks do not compare.
    """
    found = []
    if int(now["year"]) - int(before["year"]) > 1:
        found.append(f"không có số liệu giữa / no figure between: {before['year']} – {now['year']}")
    if "" not in (before["framework"], now["framework"]) and before["framework"] != now["framework"]:
        found.append(f"đổi bộ tiêu chí / framework changed: {before['framework']} → {now['framework']}")
    began = unit["valid_from"]
    if began and before["year"] < began[:4] <= now["year"]:
        found.append(f"đơn vị có từ / the unit exists since: {began}")
    if this_year and unit["predecessors"]:
        found.append(f"hình thành từ / formed of: {unit['predecessors']}")
    return found
