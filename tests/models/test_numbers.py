"""Numbers are read strictly and rounded half-up, away from zero."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.numbers import (
    compact,
    half_up,
    read_count,
    read_number,
    round_half_up,
    row_sums,
    show,
    sortable,
    weighed_sums,
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        (" 1.234 ", "1.234"), ("1,5", "1.5"), ("-0", "0"), ("-0.0", "0"), ("007.50", "7.5"), ("-3", "-3"),
        ("999999999999999.9999999999", "999999999999999.9999999999"), ("0,0000000001", "0.0000000001"),
    ],
)  # fmt: skip
def test_a_plain_number_is_read(text: str, canonical: str) -> None:
    assert read_number(text) == canonical


@pytest.mark.parametrize(
    "text",
    ["", "1.234,5", "1e3", "+1", "5%", "NaN", "inf", "1 000", "1_000", ".5", "5.", "--1", "٣", "1.2.3", "0x10", "½",
     "1234567890123456", "1.12345678901"],
)  # fmt: skip
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|digits"):
        read_number(text)


@pytest.mark.parametrize("text", ["-1", "1.5", "1,0001"])
def test_a_count_is_whole_and_not_negative(text: str) -> None:
    with pytest.raises(ValueError, match="whole"):
        read_count(text)


@pytest.mark.parametrize(
    ("value", "decimals", "shown"),
    [
        (Fraction(5, 1000), 2, "0.01"), (Fraction(-5, 1000), 2, "-0.01"), (Fraction(-4, 1000), 2, "0.00"),
        (Fraction("85.93287"), 4, "85.9329"), (Fraction(1, 3), 0, "0"), (Fraction(5, 2), 0, "3"), (Fraction("90.015"), 2, "90.02"),
    ],
)  # fmt: skip
def test_a_value_is_shown_half_up_and_zero_has_no_sign(value: Fraction, decimals: int, shown: str) -> None:
    assert show(value, decimals) == shown


@given(st.integers(-(10**30), 10**30), st.integers(1, 10**20))
def test_rounding_whole_columns_is_rounding_one_by_one(numerator: int, denominator: int) -> None:
    many = half_up(compact([numerator, 0]), compact([denominator, 1]))
    assert int(many[0]) == round_half_up(Fraction(numerator, denominator), 0)


def test_small_integers_stay_machine_integers_and_large_ones_stay_exact() -> None:
    assert compact([1, 2]).dtype == np.int64
    assert compact([10**30])[0] == 10**30


@given(st.lists(st.lists(st.integers(-(2**62) + 1, 2**62 - 1), min_size=3, max_size=3), min_size=1))
def test_sums_never_leave_what_a_machine_integer_holds(rows: list[list[int]]) -> None:
    grid, all_of_them = np.array(rows, dtype=np.int64), np.ones((1, 3), dtype=np.bool_)
    assert row_sums(grid).tolist() == [sum(row) for row in rows]
    assert weighed_sums(all_of_them, grid[0]).tolist() == [sum(rows[0])]


@given(st.lists(st.fractions()), st.integers(1, 10**30))
def test_values_sort_exactly_however_close_they_are(values: list[Fraction], near: int) -> None:
    values = [*values, *(value + Fraction(1, near * 10**10) for value in values)]
    assert sorted(values, key=sortable) == sorted(values)
