"""How far a share found by a survey may be from the truth by chance: the worst case, at 95 percent."""

from __future__ import annotations

from fractions import Fraction
from math import isqrt

from models.rules.numbers import show_scaled

Z = Fraction("1.96")  # 95 percent of a normal distribution lie within so many standard deviations
HALF = Fraction(1, 2)  # the share at which the error is largest


def margin_of_error(answered: int, among: int | None = None) -> str:
    """z × √(0.25 / n) × √((N − n) / (N − 1)) in percentage points with one decimal, half-up; "" of nobody.

    answered: n. among: N, all who could have answered; None leaves the correction for a finite population out.
    Exact: the root is never taken, its square is compared. Raises ValueError when more answered than could.
    """
    if answered == 0:
        return ""
    square = (100 * Z * HALF) ** 2 / answered
    if among is not None:
        if answered > among:
            raise ValueError(f"{answered} > {among}")
        square *= Fraction(among - answered, among - 1) if among > 1 else 0
    return show_scaled(_root_half_up(square * 100), 1)


def _root_half_up(square: Fraction) -> int:
    """√square to a whole number, ties up: the largest k with (2k − 1)² ≤ 4 × square."""
    return (isqrt(4 * square.numerator // square.denominator) + 1) // 2
