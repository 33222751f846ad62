"""How firm ranks are: small cases by hand, and naive recomputation on random cycles."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_cycle import computed, cycle
from random_cycle import random_cycle

from models.rules.cycle import CycleInputs
from models.rules.insight.robustness import floors, robustness, tie_bands
from models.rules.insight.survey_error import Z, survey_answers, unit_errors
from models.rules.marks import POINTS, Cells
from models.rules.totals import standings, totals


def test_ranks_under_error_and_with_one_leaf_turned_are_those_found_by_hand() -> None:
    # 15/20 = 75, 14/20 = 70, 8/20 = 40. An error of 1 point is ±1.96/20 = ±9.8 percent.
    inputs = cycle({"a": (4, 3, 8), "b": (4, 2, 8), "c": (2, 2, 4)})
    sheets, lines = computed(inputs)
    one, two, three = robustness(inputs.settings, sheets, lines, {"b": Fraction(1)})
    assert (one.low, one.high, one.best, one.worst) == (75, 75, 1, 2)
    assert (two.low, two.high) == (70 - Z * 5, 70 + Z * 5)
    assert (two.best, two.worst, two.band) == (1, 2, 1)
    assert (three.best, three.worst, three.band) == (3, 3, 2)
    assert (three.up.code, three.up.index, three.up.rank) == ("2.1", 70, 2)  # 6 more points: equal to b, they share
    assert (one.down.code, one.down.index, one.down.rank) == ("2.1", 35, 3)


def test_units_shown_alike_are_told() -> None:
    inputs = cycle({"a": (4, 6, 8), "b": (4, 6, 8), "c": (0, 0, 1)})
    sheets, lines = computed(inputs)
    found = robustness(inputs.settings, sheets, lines, {})
    assert [(one.line.rank, one.looks_equal, one.band, one.best, one.worst) for one in found] == [
        (1, True, 1, 1, 1), (1, True, 1, 1, 1), (3, False, 2, 3, 3),
    ]  # fmt: skip


def test_distances_to_the_floors_around_a_unit() -> None:
    inputs = cycle({"a": (4, 6, 10), "b": (4, 3, 8)})
    _, (best, other) = computed(inputs)
    assert (floors(inputs.settings, best).above_own, floors(inputs.settings, best).next_class) == (20, "")
    near = floors(inputs.settings, other)
    assert (near.above_own, near.next_class, near.to_next) == (25, "Tốt", 5)


@pytest.mark.parametrize(
    ("spans", "bands"),
    [([(9, 9), (8, 8)], [1, 2]), ([(8, 10), (7, 8), (5, 7)], [1, 1, 2]), ([], []), ([(9, 9), (9, 9)], [1, 1])],
)
def test_a_band_ends_where_its_first_cannot_be_reached(spans, bands) -> None:
    assert tie_bands([(Fraction(low), Fraction(high)) for low, high in spans]) == bands


@settings(max_examples=15)
@given(st.integers(0, 2**62))
def test_robustness_of_random_cycles_is_that_of_naive_recomputation(seed: int) -> None:
    inputs = random_cycle(Random(seed))
    sheets, lines = computed(inputs)
    if any(sheet.problems for sheet in sheets.values()):
        return
    found = robustness(inputs.settings, sheets, lines, unit_errors(survey_answers(inputs, sheets)))
    assert [one.line for one in found] == [line for line in lines if line.rank is not None]
    for one in found:
        others = [o for o in found if o.line.total.bloc == one.line.total.bloc and o is not one]
        assert one.best == 1 + sum(o.low > one.high for o in others)
        assert one.worst == 1 + sum(o.high > one.low for o in others)
        assert one.best <= one.line.rank <= one.worst
        ranks = [turned_rank(inputs, sheets, one.line.total.unit, column, full) for full in (True, False)
                 for column in range(len(sheets[one.line.total.framework].framework.leaves))]  # fmt: skip
        assert one.up.rank == min([*ranks, one.line.rank])
        assert one.down.rank == max([*ranks, one.line.rank])


def turned_rank(inputs: CycleInputs, sheets, unit: str, column: int, full: bool) -> int:
    """The unit's rank with one leaf given in full, or not at all, everything computed anew."""
    framework = next(key for key, sheet in sheets.items() if unit in sheet.units)
    sheet = sheets[framework]
    row = sheet.units.get_loc(unit)
    final = Cells(sheet.final.state, sheet.final.values.astype(object).copy(), sheet.final.reason)
    if final.state[row, column] == POINTS:
        maximum = Fraction(sheet.framework.leaves[column].maximum) * 10**sheet.framework.leaf_decimals
        final.values[row, column] = Fraction(maximum) if full else 0
    changed = dict(sheets) | {framework: replace(sheet, final=final)}
    total = totals_of_fractions(inputs, changed)
    return next(line.rank for line in standings(inputs, total) if line.total.unit == unit)


def totals_of_fractions(inputs: CycleInputs, sheets):
    """totals(), where a maximum finer than leaf_decimals makes points that are no whole number of them."""
    found = totals(inputs, {key: whole(sheet) for key, sheet in sheets.items()})
    for sheet in sheets.values():
        scale = 10**sheet.framework.leaf_decimals
        for row, unit in enumerate(sheet.units):
            rest = (
                sum((Fraction(v) - int(v) for v in np.where(sheet.applies, sheet.final.values, 0)[row]), Fraction(0))
                / scale
            )
            one = found[unit]
            points = one.points + rest
            index = min(points / one.maximum * 100, Fraction(100)) if one.maximum else None
            found[unit] = replace(one, points=points, index=index)
    return found


def whole(sheet):
    return replace(
        sheet,
        final=Cells(sheet.final.state, np.vectorize(int, otypes=[object])(sheet.final.values), sheet.final.reason),
    )
