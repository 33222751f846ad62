"""results.csv and scores.csv as frames of text: the figures as they are published."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.rules.cycle import CycleInputs
from models.rules.formulas import Mask
from models.rules.frames import code_key, frame
from models.rules.framework import Framework
from models.rules.marks import POINTS, Cells
from models.rules.numbers import Integers, round_half_up, show, show_scaled
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
    place = {unit: number for number, unit in enumerate(order)}
    parts = [_sheet_rows(sheet, [unit for unit in order if unit in sheet.units]) for sheet in sheets.values()]
    if not parts:
        return pd.DataFrame({name: pd.Series([], dtype="str") for name in SCORES})
    rows = pd.concat(parts, ignore_index=True)
    by_unit = rows["unit"].map(place).to_numpy()
    return rows.iloc[np.argsort(by_unit, kind="stable")].reset_index(drop=True)


def _sheet_rows(sheet: Sheet, order: Sequence[str]) -> pd.DataFrame:
    """The rows of one sheet's units, unit by unit."""
    framework, picked = sheet.framework, sheet.units.get_indexer(pd.Index(order))
    lines = _lines(framework)
    applies, decimals = sheet.applies[picked], framework.leaf_decimals
    columns: dict[str, npt.NDArray[np.object_]] = {
        name: _column(lines, _picked(cells, picked), applies, decimals)
        for name, cells in (("self", sheet.own), ("first_mark", sheet.first), ("second_mark", sheet.second))
    }
    columns["final"] = _column(lines, _picked(sheet.final, picked), applies, decimals, only_applying=True)
    scale = 10 ** (framework.decimals - decimals)
    maxima = [sum(sheet.maxima[members]) for _, _, members in lines]
    columns["maximum"] = np.tile(
        np.array([_shown(value, scale, decimals) for value in maxima], dtype=object), (len(order), 1)
    )
    part = [(applies[:, members].astype(object) @ sheet.maxima[members]) for _, _, members in lines]
    columns["applicable"] = _texts(np.stack(part, axis=1), lambda value: _shown(value, scale, decimals))
    leaves = {leaf.code: leaf for leaf in framework.leaves}
    source = [leaves[code].source if level == "leaf" else "" for code, level, _ in lines]
    reason = np.full((len(order), len(lines)), "", dtype=object)
    for number, (_, level, members) in enumerate(lines):
        if level == "leaf":
            reason[:, number] = sheet.final.reason[picked, members[0]]
    columns["reason"] = reason
    made = {
        "unit": np.repeat(np.array(order, dtype=object), len(lines)),
        "code": np.tile(np.array([code for code, _, _ in lines], dtype=object), len(order)),
        "level": np.tile(np.array([level for _, level, _ in lines], dtype=object), len(order)),
        "source": np.tile(np.array(source, dtype=object), len(order)),
    } | {name: grid.ravel() for name, grid in columns.items()}
    return pd.DataFrame({name: pd.Series(made[name], dtype="str") for name in SCORES})


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
) -> npt.NDArray[np.object_]:
    """One column of points as text: a leaf's own points; above, the sum over leaves that apply and have some."""
    said = cells.state == POINTS
    grid = np.empty((len(applies), len(lines)), dtype=object)
    for number, (_, level, members) in enumerate(lines):
        counted = said[:, members] if level == "leaf" and not only_applying else said[:, members] & applies[:, members]
        values = np.where(counted, cells.values[:, members], 0).sum(axis=1)
        grid[:, number] = np.where(counted.any(axis=1), values.astype(object), None)
    return _texts(grid, lambda value: "" if value is None else show_scaled(int(value), decimals))


def _texts(grid: npt.NDArray[np.object_], text: object) -> npt.NDArray[np.object_]:
    """The grid in words; each different value is put into words once, they repeat a lot."""
    assert callable(text)
    flat = grid.ravel().tolist()
    words = {value: text(value) for value in set(flat)}
    made = np.empty(len(flat), dtype=object)
    made[:] = [words[value] for value in flat]
    return made.reshape(grid.shape)


def _shown(value: int, scale: int, decimals: int) -> str:
    """A sum of maxima as text with the leaf's decimals."""
    return show_scaled(round_half_up(Fraction(int(value), scale * 10**decimals), decimals), decimals)
