"""What a unit can say of a leaf: figures that fit its rule and are as good as a grade from 0 to 1000."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from functools import cache

from models.rules.formulas import leaf_points
from models.rules.framework import Choice, Deduction, Judgement, Leaf, PassFail, Ratio, Tiers
from models.rules.numbers import plain, show_scaled

Figures = Mapping[str, str]  # input name -> canonical number or option; never empty

LOST, GOOD, BEST = 120, 620, 1000  # below LOST nothing is earned; from GOOD on the highest step is reached


def figures(leaf: Leaf, grade: int, amount: int) -> Figures:
    """Inputs for a leaf's rule. amount: the denominator, where the rule is a ratio."""
    grade = max(0, min(BEST, grade))
    rule = leaf.rule
    if isinstance(rule, PassFail):
        return {"met": "yes" if grade >= 2 * LOST else "no"}
    if isinstance(rule, Choice):
        options = sorted(rule.options, key=lambda option: Fraction(option.points))
        return {"option": options[_step(grade, len(options) - 1)].value}
    if isinstance(rule, Deduction):
        return {"count": str(sum(grade < mark for mark in (550, 300, 150, LOST)))}
    if isinstance(rule, Judgement):
        return {"points": plain(Fraction(int(Fraction(leaf.maximum) * 20 * grade / BEST), 20))}
    if isinstance(rule, Ratio):
        floor = Fraction(rule.floor or "30")
        if grade < LOST:
            percent = floor * 4 / 5
        else:
            percent = floor + (100 - floor) * Fraction(grade - LOST, BEST - LOST)
        return _share(percent, amount)
    assert isinstance(rule, Tiers)
    steps = [Fraction(tier.at_least) for tier in rule.tiers]
    reached, part = _step(grade, len(steps)), _within(grade, len(steps))
    if rule.measure == "ratio":
        if not reached:
            return _share(steps[0] * 4 / 5, amount)
        above = steps[reached] if reached < len(steps) else Fraction(100)
        return _share(steps[reached - 1] + (above - steps[reached - 1]) * part * Fraction(9, 10), amount)
    return {"value": _value(leaf, steps, reached, part)}


def _value(leaf: Leaf, steps: list[Fraction], reached: int, part: Fraction) -> str:
    """A counted or measured value: whole where things are counted, one decimal for percentages."""
    low = steps[reached - 1] if reached else steps[0] - 1
    if reached < len(steps):
        width = (steps[reached] - low) if reached else Fraction(0)
    else:
        width = steps[-1] / 4
    exact = low + width * part * Fraction(9, 10)
    if "%" in leaf.name or "phần trăm" in leaf.name:
        tenths = -(-exact.numerator * 10 // exact.denominator)  # rounded up, so the threshold stays reached
        return show_scaled(tenths, 1).removesuffix(".0")
    return str(max(0, exact.numerator // exact.denominator))


def _step(grade: int, steps: int) -> int:
    """How many steps a grade climbs: none below LOST, all from GOOD on, evenly between."""
    if grade < LOST or grade >= GOOD:
        return 0 if grade < LOST else steps
    return min(steps - 1, 1 + (grade - LOST) * (steps - 1) // (GOOD - LOST)) if steps > 1 else steps


def _within(grade: int, steps: int) -> Fraction:
    """How far the grade has gone within its own step, 0 to below 1."""
    if grade >= GOOD:
        return Fraction(grade - GOOD, BEST - GOOD)
    if grade < LOST or steps < 2:
        return Fraction(0)
    width = Fraction(GOOD - LOST, steps - 1)
    return ((grade - LOST) % width) / width


def _share(percent: Fraction, amount: int) -> Figures:
    """The smallest count out of `amount` that reaches the percentage."""
    count = -(-percent * amount // 100)
    return {"numerator": str(min(amount, int(count))), "denominator": str(amount)}


def points(leaf: Leaf, said: Figures, decimals: int) -> Fraction | None:
    """What the engine's own rule gives for these figures; None where the leaf does not apply (0 of 0)."""
    return _points(leaf, tuple(sorted(said.items())), decimals)


@cache  # the search for a unit's figures asks the same thing again and again
def _points(leaf: Leaf, said: tuple[tuple[str, str], ...], decimals: int) -> Fraction | None:
    worth = leaf_points(leaf, {name: [text] for name, text in said}, decimals)
    return Fraction(int(worth.values[0]), 10**decimals) if worth.applies[0] else None
