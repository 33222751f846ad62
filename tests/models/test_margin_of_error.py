"""The survey's margin of error: figures every table of samples knows, exact at the ties, none of nobody."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.survey_error import margin_of_error


@pytest.mark.parametrize(
    ("answered", "among", "expected"),
    [
        (1, None, "98.0"),
        (100, None, "9.8"),
        (384, None, "5.0"),
        (1067, None, "3.0"),
        (278, 1000, "5.0"),  # the sample of a thousand that tables give for 5 %
        (50, 60, "5.7"),
        (1, 1, "0.0"),
        (40, 40, "0.0"),
        (0, None, ""),
        (0, 10, ""),
    ],
)
def test_the_margin_is_the_one_of_the_tables(answered: int, among: int | None, expected: str) -> None:
    assert margin_of_error(answered, among) == expected


@given(st.integers(1, 10**7), st.integers(0, 10**7))
def test_the_margin_is_the_nearest_tenth_and_ties_go_up(answered: int, more: int) -> None:
    among = answered + more
    square = Fraction(98) ** 2 / answered * (Fraction(more, among - 1) if among > 1 else 0)
    shown = Fraction(margin_of_error(answered, among))
    assert (shown + Fraction(1, 20)) ** 2 > square
    assert shown == 0 or (shown - Fraction(1, 20)) ** 2 <= square


def test_nobody_can_answer_who_was_not_there() -> None:
    with pytest.raises(ValueError, match="11 > 10"):
        margin_of_error(11, 10)
