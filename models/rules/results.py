"""results.csv and scores.csv as frames of text: the figures as they are published."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction

import numpy as np
import pandas as pd
import pyarrow as pa

from models.rules.coded import Texts
from models.rules.cycle import CycleInputs
from models.rules.formulas import Mask
from models.rules.frames import chosen, code_key, frame, text_column
from models.rules.framework import Framework
from models.rules.marks import POINTS, Cells
from models.rules.numbers import Integers, round_half_up, row_sums, show, show_scaled
from models.rules.scoring import Sheet
from models.rules.totals import Standing, records_by_unit

RESULTS = (
    "unit", "name", "bloc", "points", "maximum", "index", "rank", "classification", "previous_index",
    "index_change", "previous_rank", "rank_change", "self_points", "appraised_points", "survey_points",
    "statistics_points", "bonus", "penalty", "ranked", "comparable", "framework",
)  # fmt: skip
SCORES = (
    "unit", "code", "level", "maximum", "applicable", "self", "first_mark", "second_mark", "final", "source",
    "reason",
)  # fmt: skip


def results_frame(inputs: CycleInputs, lines: Sequence[Standing]) -> pd.DataFrame:
    """One row of text per standing, in the order given. Source: contract, results.csv."""
    units = records_by_unit(inputs.units)
    rows = [_result(inputs, line, units[line.total.unit]) for line in lines]
    return frame(rows, RESULTS)


def _result(inputs: CycleInputs, line: Standing, unit: Mapping[str, str]) -> dict[str, str]:
    total, shown = line.total, inputs.settings.decimals
    own = inputs.frameworks[total.framework].leaf_decimals

    def percent(value: Fraction | None) -> str:
        return "" if value is None else show(value, shown)

    def whole(value: int | None) -> str:
        return "" if value is None else str(value)

    return {
        "unit": total.unit,
        "name": unit["name"],
        "bloc": total.bloc,
        "points": show(total.points, own),
        "maximum": show(total.maximum, own),
        "index": percent(total.index),
        "rank": whole(line.rank),
        "classification": line.classification,
        "previous_index": percent(line.previous_index),
        "index_change": percent(line.index_change),
        "previous_rank": whole(line.previous_rank),
        "rank_change": whole(line.rank_change),
        "self_points": show(total.self_points, own),
        "appraised_points": show(total.parts["appraisal"], own),
        "survey_points": show(total.parts["survey"], own),
        "statistics_points": show(total.parts["statistics"], own),
        "bonus": show(total.bonus, own),
        "penalty": show(total.penalty, own),
        "ranked": "yes" if unit["ranked"] == "yes" and unit["published"] == "yes" else "no",
        "comparable": "yes" if line.comparable else "no",
        "framework": total.framework,
    }


def scores_frame(sheets: Mapping[str, Sheet], order: Sequence[str]) -> pd.DataFrame:
    """Every field, criterion and leaf of these units, in this order, then by code. Source: contract, scores.csv."""
    parts = [_sheet_rows(sheet, order) for sheet in sheets.values()]
    if not parts:
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in SCORES})
    if len(parts) == 1:
        return parts[0]
    rows = pd.concat(parts, ignore_index=True)
    by_unit = Texts.of(rows["unit"]).places(order)
    return rows.iloc[np.argsort(by_unit, kind="stable")].reset_index(drop=True)


def _sheet_rows(sheet: Sheet, order: Sequence[str]) -> pd.DataFrame:
    """The rows of one sheet's units, unit by unit."""
    framework, place = sheet.framework, {unit: row for row, unit in enumerate(sheet.units.tolist())}
    order = [unit for unit in order if unit in place]
    picked, lines = np.array([place[unit] for unit in order], dtype=np.intp), _lines(framework)
    applies, decimals = sheet.applies[picked], framework.leaf_decimals
    columns = {
        name: _column(lines, _picked(cells, picked), applies, decimals)
        for name, cells in (("self", sheet.own), ("first_mark", sheet.first), ("second_mark", sheet.second))
    }
    columns["final"] = _column(lines, _picked(sheet.final, picked), applies, decimals, only_applying=True)
    columns["applicable"] = _applicable(sheet, picked, lines)
    leaves = {leaf.code: leaf for leaf in framework.leaves}
    by_line = {
        "code": [code for code, _, _ in lines],
        "level": [level for _, level, _ in lines],
        "source": [leaves[code].source if level == "leaf" else "" for code, level, _ in lines],
        "maximum": [_shown(sum(sheet.maxima[members].tolist()), framework) for _, _, members in lines],
    }
    each = np.tile(np.arange(len(lines)), len(order))
    columns |= {name: chosen(words, each) for name, words in by_line.items()}
    columns["unit"] = chosen(order, np.repeat(np.arange(len(order)), len(lines)))
    reason = np.full((len(order), len(lines)), "", dtype=object)
    at = [number for number, (_, level, _) in enumerate(lines) if level == "leaf"]
    reason[:, at] = sheet.final.reason[picked][:, [lines[number][2][0] for number in at]]
    columns["reason"] = text_column(pa.array(reason.ravel(), type=pa.large_string()))
    return pd.DataFrame({name: columns[name] for name in SCORES})


def _lines(framework: Framework) -> list[tuple[str, str, list[int]]]:
    """(code, level, leaf positions) of every line of the framework, by code."""
    place = {leaf.code: number for number, leaf in enumerate(framework.leaves)}
    lines = []
    for part in framework.fields:
        lines.append((part.code, "field", [place[leaf.code] for one in part.criteria for leaf in one.leaves]))
        for criterion in part.criteria:
            members = [place[leaf.code] for leaf in criterion.leaves]
            if not criterion.is_leaf:
                lines.append((criterion.code, "criterion", members))
            lines.extend((leaf.code, "leaf", [place[leaf.code]]) for leaf in criterion.leaves)
    return sorted(lines, key=lambda line: code_key(line[0]))


def _picked(cells: Cells, rows: Integers) -> Cells:
    return Cells(cells.state[rows], cells.values[rows], cells.reason[rows])


def _column(
    lines: Sequence[tuple[str, str, list[int]]],
    cells: Cells,
    applies: Mask,
    decimals: int,
    only_applying: bool = False,
) -> pd.Series:
    """One column of points as text: a leaf's own points; above, the sum over leaves that apply and have some."""
    said = cells.state == POINTS
    sums, there = [], np.empty((len(applies), len(lines)), dtype=np.bool_)
    for number, (_, level, members) in enumerate(lines):
        counted = said[:, members] if level == "leaf" and not only_applying else said[:, members] & applies[:, members]
        sums.append(row_sums(np.where(counted, cells.values[:, members], 0)))
        there[:, number] = counted.any(axis=1)
    return _texts(np.stack(sums, axis=1), lambda value: show_scaled(value, decimals), there)


def _applicable(sheet: Sheet, picked: Integers, lines: Sequence[tuple[str, str, list[int]]]) -> pd.Series:
    """The part of each line's maximum that applies, as text."""
    sums = [sheet.applicable(members)[picked] for _, _, members in lines]
    return _texts(np.stack(sums, axis=1), lambda value: _shown(value, sheet.framework))


def _texts(grid: Integers, text: Callable[[int], str], there: Mask | None = None) -> pd.Series:
    """The grid in words, row by row, "" where nothing is there; each different value is put into words once."""
    places, values = pd.factorize(grid.ravel())
    words = [*map(text, values.tolist()), ""]
    return chosen(words, places if there is None else np.where(there.ravel(), places, len(values)))


def _shown(value: int, framework: Framework) -> str:
    """A sum of maxima as text with the leaf's decimals."""
    decimals = framework.leaf_decimals
    return show_scaled(round_half_up(Fraction(value, 10**framework.decimals), decimals), decimals)
