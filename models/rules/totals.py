"""From leaves to units: sums, bonus and penalty, the exact index, rank and class."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import pandas as pd

from models.rules.cycle import CycleInputs, class_of
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.marks import POINTS
from models.rules.numbers import round_half_up, row_sums, sortable
from models.rules.scoring import Sheet

PARTS = ("appraisal", "survey", "statistics")
NOTHING, FULL = Fraction(0), Fraction(100)


@dataclass(frozen=True)
class UnitTotal:
    """One unit's exact figures; `index` in percent, capped at 100; None only where no leaf applies."""

    unit: str
    bloc: str
    framework: str
    self_points: Fraction
    parts: Mapping[str, Fraction]
    bonus: Fraction
    penalty: Fraction
    points: Fraction
    maximum: Fraction
    index: Fraction | None


def totals(inputs: CycleInputs, sheets: Mapping[str, Sheet]) -> dict[str, UnitTotal]:
    """Exact totals of every scored unit. Source: contract, Computation (unit)."""
    found: dict[str, UnitTotal] = {}
    given = _adjustments(inputs.adjustments)
    blocs = dict(rows_of(inputs.units, "unit", "bloc"))
    for sheet in sheets.values():
        framework, scale = sheet.framework, 10**sheet.framework.leaf_decimals
        counted = {part: sheet.applies & _is(framework, part) for part in PARTS}
        grids = [np.where(where, sheet.final.values, 0) for where in counted.values()]
        own = np.where(counted["appraisal"] & (sheet.own.state == POINTS), sheet.own.values, 0)
        sums = [row_sums(grid).tolist() for grid in (*grids, own)]
        maxima = sheet.applicable(range(len(framework.leaves))).tolist()
        for unit, maximum, *parts, claimed in zip(sheet.units.tolist(), maxima, *sums, strict=True):
            bonus = _capped(given.get((unit, "bonus"), NOTHING), framework.bonus_maximum)
            penalty = _capped(given.get((unit, "penalty"), NOTHING), framework.penalty_maximum)
            points, full = Fraction(sum(parts), scale) + bonus - penalty, Fraction(maximum, 10**framework.decimals)
            found[unit] = UnitTotal(
                unit, blocs[unit], framework.id, Fraction(claimed, scale),
                {part: Fraction(value, scale) for part, value in zip(PARTS, parts, strict=True)},
                bonus, penalty, points, full, _index(points, full),
            )  # fmt: skip
    return found


def _index(points: Fraction, maximum: Fraction) -> Fraction | None:
    """In percent, capped at 100; None of nothing."""
    if not maximum:
        return None
    above, below = points.numerator * maximum.denominator, points.denominator * maximum.numerator
    return FULL if above >= below else Fraction(above * 100, below)


def _is(framework: Framework, source: str) -> np.ndarray:
    return np.array([leaf.source == source for leaf in framework.leaves], dtype=np.bool_)


def _capped(value: Fraction, cap: str | None) -> Fraction:
    return value if cap is None else min(value, Fraction(cap))


def _adjustments(adjustments: pd.DataFrame) -> dict[tuple[str, str], Fraction]:
    found: dict[tuple[str, str], Fraction] = {}
    for unit, kind, points in rows_of(adjustments, "unit", "kind", "points"):
        found[unit, kind] = found.get((unit, kind), Fraction(0)) + Fraction(points)
    return found


def records_by_unit(frame: pd.DataFrame) -> dict[str, dict[str, str]]:
    """The rows of a frame with one row per unit, by unit."""
    names = [str(name) for name in frame.columns]
    return {row["unit"]: row for row in (dict(zip(names, cells, strict=True)) for cells in rows_of(frame, *names))}


def ranks(indices: Mapping[str, Fraction]) -> dict[str, int]:
    """Rank by index, highest first; equal only if exactly equal, then they share and the next is skipped.

    Source: contract, Rank (1-2-2-4).
    """
    ordered = sorted(indices.values(), key=sortable, reverse=True)
    first = {index: place for place, index in reversed(list(enumerate(ordered, start=1)))}
    return {unit: first[index] for unit, index in indices.items()}


@dataclass(frozen=True)
class Standing:
    """Where a unit stands, and how that compares with last year (None or "" where it does not)."""

    total: UnitTotal
    rank: int | None
    classification: str
    comparable: bool
    previous_index: Fraction | None
    previous_rank: int | None
    index_change: Fraction | None
    rank_change: int | None


def standings(inputs: CycleInputs, found: Mapping[str, UnitTotal]) -> list[Standing]:
    """Every scored unit in the order of publication: bloc as in cycle.yaml, rank, unit; unranked last."""
    settings = inputs.settings
    units = records_by_unit(inputs.units)
    before = records_by_unit(inputs.previous)
    placed: dict[str, int] = {}
    for bloc in settings.blocs:
        placed |= ranks(
            {
                unit: total.index
                for unit, total in found.items()
                if total.bloc == bloc.key
                and total.index is not None
                and units[unit]["ranked"] == "yes"
                and units[unit]["published"] == "yes"
            }
        )
    order = {bloc.key: place for place, bloc in enumerate(settings.blocs)}
    lines = [
        _standing(inputs, total, placed.get(unit), before.get(unit), bool(units[unit]["predecessors"]))
        for unit, total in found.items()
    ]
    return sorted(lines, key=lambda line: (order[line.total.bloc], line.rank is None, line.rank or 0, line.total.unit))


def _standing(
    inputs: CycleInputs, total: UnitTotal, rank: int | None, before: Mapping[str, str] | None, merged: bool
) -> Standing:
    settings = inputs.settings
    if total.index is None:
        return Standing(total, None, "", False, None, None, None, None)
    shown = Fraction(round_half_up(total.index, settings.decimals), 10**settings.decimals)
    measured = shown if settings.classify_on == "shown" else total.index
    name = class_of(measured, settings.bloc(total.bloc).bands)
    if before is None or merged or not before["index"]:
        return Standing(total, rank, name, False, None, None, None, None)
    last = Fraction(before["index"])
    last_rank = int(before["rank"]) if before["rank"] else None
    moved = before["bloc"] not in ("", total.bloc) or last_rank is None or rank is None
    change = None if moved or last_rank is None or rank is None else last_rank - rank
    return Standing(total, rank, name, True, last, last_rank, shown - last, change)
