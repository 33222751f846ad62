"""Self points against appraised ones: by unit, by field, by the appraiser whose mark counts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.rules.coded import Coded, Placed, by_number
from models.rules.cycle import CycleInputs
from models.rules.formulas import Mask
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.marks import NOTHING, POINTS
from models.rules.numbers import Integers, row_sums, weighed_sums
from models.rules.scoring import Sheet

CORRECTED = "(đính chính / correction)"  # a decision after publication is nobody's appraisal


@dataclass(frozen=True)
class Gap:
    """Some appraisal leaves that apply: self points (0 where none were claimed), appraised points, their maximum.

    Points are whole 10**-decimals. lowered, raised: leaves with fewer, more points than claimed.
    """

    framework: str
    decimals: int
    own: int
    appraised: int
    maximum: int
    leaves: int
    lowered: int
    raised: int

    @property
    def gap(self) -> int:
        """Self less appraised points: positive where units claimed more than they were given."""
        return self.own - self.appraised

    def share(self, decimals: int) -> int:
        """The gap in percent of the maximum, half-up, in whole 10**-decimals; 0 of nothing."""
        above = self.gap * 100 * 10**decimals
        size = (2 * abs(above) + self.maximum) // (2 * self.maximum) if self.maximum else 0
        return -size if above < 0 else size


@dataclass(frozen=True)
class _Grids:
    """A sheet's appraisal leaves: which count, self points, appraised points (10**-leaf_decimals)."""

    counted: Mask
    own: Integers
    given: Integers


def _grids(sheet: Sheet) -> _Grids:
    appraised = np.array([leaf.source == "appraisal" for leaf in sheet.framework.leaves], dtype=np.bool_)
    counted = sheet.applies & appraised
    own = np.where(counted & (sheet.own.state == POINTS), sheet.own.values, 0)
    return _Grids(counted, own, np.where(counted, sheet.final.values, 0))


def unit_gaps(sheets: Mapping[str, Sheet]) -> dict[str, Gap]:
    """By unit: exactly self_points − appraised_points of results.csv."""
    found: dict[str, Gap] = {}
    for sheet in sheets.values():
        gaps = _gaps(sheet, _grids(sheet), list(range(len(sheet.framework.leaves))))
        found |= dict(zip(sheet.units.tolist(), gaps, strict=True))
    return found


def field_gaps(sheets: Mapping[str, Sheet]) -> dict[tuple[str, str], Gap]:
    """By unit and field; fields in which nothing is appraised in that unit are left out."""
    found: dict[tuple[str, str], Gap] = {}
    for sheet in sheets.values():
        grids = _grids(sheet)
        for part in sheet.framework.fields:
            gaps = _gaps(sheet, grids, _columns(sheet.framework, part.code))
            found |= {
                (unit, part.code): gap for unit, gap in zip(sheet.units.tolist(), gaps, strict=True) if gap.leaves
            }
    return found


def _columns(framework: Framework, code: str) -> list[int]:
    return [place for place, leaf in enumerate(framework.leaves) if code in framework.parents[leaf.code]]


def _gaps(sheet: Sheet, grids: _Grids, columns: list[int]) -> Iterator[Gap]:
    """One gap per unit over these leaves."""
    framework, scale = sheet.framework, _scale(sheet.framework)
    counted, own, given = (grid[:, columns] for grid in (grids.counted, grids.own, grids.given))
    sums = [[value * scale for value in row_sums(grid).tolist()] for grid in (own, given)]
    maxima = weighed_sums(counted, sheet.maxima[columns]).tolist()
    numbers = [grid.sum(axis=1).tolist() for grid in (counted, counted & (given < own), counted & (given > own))]
    for row in zip(*sums, maxima, *numbers, strict=True):
        yield Gap(framework.id, framework.decimals, *row)


def _scale(framework: Framework) -> int:
    """From 10**-leaf_decimals to 10**-decimals, which holds maxima too."""
    return int(10 ** (framework.decimals - framework.leaf_decimals))


def appraiser_gaps(inputs: CycleInputs, sheets: Mapping[str, Sheet]) -> dict[tuple[str, str], Gap]:
    """By appraiser and framework, over the leaves on which their mark counts.

    A leaf two appraisers gave the same points counts for both; one a correction settled counts for CORRECTED.
    """
    found: dict[tuple[str, str], Gap] = {}
    given = Coded(inputs.marks)
    for sheet in sheets.values():
        grids = _grids(sheet)
        marks = _counting(sheet, grids, Placed.of(given, sheet.units, sheet.framework.leaf_codes))
        who = np.where(marks["correction"].given, CORRECTED, marks["appraiser"].objects())
        places, names = pd.factorize(who)
        for name, chosen in zip(names.tolist(), by_number(places, len(names)), strict=True):
            found[name, sheet.framework.id] = _over(sheet, grids, marks.take(chosen).at)
    return dict(sorted(found.items()))


def _counting(sheet: Sheet, grids: _Grids, marks: Placed) -> Placed:
    """The marks that count on leaves that are appraised."""
    second = sheet.second.state[marks.at] != NOTHING
    counting_round = np.where(second, marks.says("round", "2"), marks.says("round", "1"))
    said = ~marks.says("agree", "yes") | (sheet.own.state[marks.at] == POINTS)
    marks = marks.take(grids.counted[marks.at] & counting_round & said)
    rank = marks["correction"].scaled(0)
    highest = np.zeros(grids.counted.shape, dtype=np.int64)
    np.maximum.at(highest, marks.at, rank)
    return marks.take(rank == highest[marks.at])


def _over(sheet: Sheet, grids: _Grids, at: tuple[Integers, Integers]) -> Gap:
    """One gap over some cells of the grid, each once."""
    cells = pd.unique(np.ravel_multi_index(at, grids.counted.shape))
    own, given = grids.own.ravel()[cells], grids.given.ravel()[cells]
    maxima = sheet.maxima[cells % grids.counted.shape[1]]
    sums = [int(row_sums(values[None, :])[0]) for values in (own, given, maxima)]
    scale = _scale(sheet.framework)
    return Gap(
        sheet.framework.id,
        sheet.framework.decimals,
        sums[0] * scale,
        sums[1] * scale,
        sums[2],
        len(cells),
        int((given < own).sum()),
        int((given > own).sum()),
    )


def pooled(gaps: Mapping[tuple[str, str], Gap]) -> dict[tuple[str, str], Gap]:
    """field_gaps added up over units, by framework and field."""
    found: dict[tuple[str, str], Gap] = {}
    for (_, code), gap in gaps.items():
        key = (gap.framework, code)
        found[key] = _sum(found[key], gap) if key in found else gap
    return found


def _sum(one: Gap, other: Gap) -> Gap:
    return Gap(
        one.framework,
        one.decimals,
        one.own + other.own,
        one.appraised + other.appraised,
        one.maximum + other.maximum,
        one.leaves + other.leaves,
        one.lowered + other.lowered,
        one.raised + other.raised,
    )


def names_of(inputs: CycleInputs) -> dict[str, str]:
    """Appraisers' names by code, from the responsibilities; a code without one is its own name."""
    return {code: name or code for code, name in rows_of(inputs.responsibilities, "appraiser", "name")}
