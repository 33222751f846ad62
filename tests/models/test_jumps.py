"""Who stands apart: small cases by hand; no comparison across frameworks without a warning."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from judged_cycle import computed, cycle

from models.rules.frames import PREVIOUS, frame
from models.rules.insight.jumps import OTHER_FRAMEWORK, UNKNOWN_FRAMEWORK, doubled_median, jumps, outliers


def test_one_unit_far_from_the_median_is_an_outlier_and_no_other() -> None:
    inputs = cycle({"a": (4, 5, 8), "b": (4, 4, 8), "c": (4, 6, 8), "d": (3, 5, 8), "e": (4, 5, 0)})
    sheets, lines = computed(inputs)
    found = {(one.unit, one.what) for one in outliers(inputs, sheets, lines)}
    assert ("e", "index") in found
    assert {unit for unit, _ in found} == {"e"}
    assert ("e", "2") not in found  # in field 2 the others are all equal: there is no spread to measure by


@pytest.mark.parametrize(("framework", "warning"), [("bo", ""), ("bo-cu", OTHER_FRAMEWORK), ("", UNKNOWN_FRAMEWORK)])
def test_a_jump_across_frameworks_carries_a_warning(framework: str, warning: str) -> None:
    inputs = cycle({"a": (4, 6, 10), "b": (4, 5, 10), "c": (4, 4, 10), "d": (4, 3, 10)})
    before = [("a", "70", "4"), ("b", "96", "1"), ("c", "90", "2"), ("d", "85", "3")]
    previous = [{"unit": u, "index": i, "rank": r, "framework": framework} for u, i, r in before]
    inputs = replace(inputs, previous=frame(previous, PREVIOUS))
    found = jumps(inputs, computed(inputs)[1])
    assert [(one.unit, one.what, one.value, one.warning) for one in found] == [("a", "rank_change", 3, warning)]


def test_a_unit_that_cannot_be_compared_is_in_no_jump() -> None:
    inputs = cycle({"a": (4, 6, 10), "b": (4, 5, 10), "c": (4, 4, 10), "d": (4, 3, 10)})
    units = inputs.units.assign(predecessors=["x;y", "", "", ""])
    previous = frame([{"unit": "a", "index": "10", "rank": "4", "framework": "bo"}], PREVIOUS)
    inputs = replace(inputs, units=units, previous=previous)
    assert jumps(inputs, computed(inputs)[1]) == []


@given(st.lists(st.integers(-(10**9), 10**9), min_size=1))
def test_the_doubled_median_lies_in_the_middle(values: list[int]) -> None:
    middle = Fraction(doubled_median(values), 2)
    assert sum(value < middle for value in values) <= len(values) / 2
    assert sum(value > middle for value in values) <= len(values) / 2
