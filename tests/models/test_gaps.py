"""Self against appraised points: a small case by hand, and the totals of random cycles."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st
from judged_cycle import computed, cycle
from random_cycle import random_cycle

from models.rules.frames import MARKS, frame
from models.rules.insight.gaps import CORRECTED, appraiser_gaps, field_gaps, pooled, unit_gaps
from models.rules.scoring import score
from models.rules.totals import totals


def test_gaps_by_unit_field_and_appraiser_are_those_counted_by_hand() -> None:
    inputs = cycle({"a": (4, 3, 8), "b": (1, 6, 10)}, {"a": (4, 6, 10), "b": (2, 6, 7)})
    sheets, _ = computed(inputs)
    by_unit = unit_gaps(sheets)
    assert {unit: (one.gap, one.leaves, one.lowered, one.raised) for unit, one in by_unit.items()} == {
        "a": (500, 3, 2, 0), "b": (-200, 3, 1, 1),
    }  # fmt: skip
    assert {key: one.gap for key, one in pooled(field_gaps(sheets)).items()} == {("bo", "1"): 400, ("bo", "2"): -100}
    by_appraiser = appraiser_gaps(inputs, sheets)
    assert {key: (one.gap, one.leaves) for key, one in by_appraiser.items()} == {
        ("t1", "bo"): (400, 4),
        ("t2", "bo"): (-100, 2),
    }
    assert by_appraiser["t1", "bo"].share(2) == 2000  # 4 of 20 points: 20.00 %


def test_a_second_mark_counts_for_who_gave_it_and_a_correction_for_nobody() -> None:
    inputs = cycle({"a": (4, 3, 8)}, {"a": (4, 6, 10)})
    second = {"unit": "a", "round": "2", "reason": "r"}
    more = frame([second | {"code": "1.2", "points": "5", "appraiser": "t9"},
                  second | {"code": "2.1", "points": "9", "appraiser": "hội đồng", "correction": "1"}], MARKS)  # fmt: skip
    inputs = replace(inputs, marks=together(inputs.marks, more))
    by_appraiser = appraiser_gaps(inputs, score(inputs))
    assert {key[0]: one.gap for key, one in by_appraiser.items()} == {"t1": 0, "t9": 100, CORRECTED: 100}


def together(one: pd.DataFrame, other: pd.DataFrame) -> pd.DataFrame:
    return pd.concat([one, other], ignore_index=True)


@settings(max_examples=15)
@given(st.integers(0, 2**62))
def test_gaps_of_random_cycles_are_those_of_the_totals(seed: int) -> None:
    inputs = random_cycle(Random(seed))
    sheets = score(inputs)
    if any(sheet.problems for sheet in sheets.values()):
        return
    by_unit, by_field = unit_gaps(sheets), field_gaps(sheets)
    for unit, total in totals(inputs, sheets).items():
        scale = 10 ** by_unit[unit].decimals
        assert Fraction(by_unit[unit].gap, scale) == total.self_points - total.parts["appraisal"]
        assert sum(one.gap for (of, _), one in by_field.items() if of == unit) == by_unit[unit].gap
    everybody = appraiser_gaps(inputs, sheets)
    assert sum(one.leaves for one in everybody.values()) >= sum(one.leaves for one in by_unit.values())
    assert all(one.lowered + one.raised <= one.leaves for one in everybody.values())
