"""A leaf's claimed points as a plain spreadsheet formula, so that people see them while they fill in a form.

A claim that differs from the exact points is refused on receipt. So a formula divides whole numbers, once, at
the end: then rounding in the spreadsheet gives what exact arithmetic gives.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

from models.rules.framework import Choice, Deduction, Leaf, PassFail, Ratio, Tiers
from models.rules.numbers import most_places, plain, round_half_up, scaled_one

LONGEST_FORMULA, LONGEST_TEXT, DEEPEST = 8000, 255, 60
Cells = Mapping[str, str]


def claimed_formula(leaf: Leaf, cells: Cells, decimals: int) -> str | None:
    """The formula of the leaf's points, or None where there is none (judgement, survey, too long for a cell).

    cells: address of each input's cell, such as {"met": "F5"}. decimals: the framework's leaf_decimals.
    An input that is not given, or 0 of 0 that does not apply, gives an empty text.
    Source: contract, rule kinds.
    """
    build = FORMULAS.get(type(leaf.rule))
    formula = build(leaf, leaf.rule, cells, decimals) if build else None
    return formula if formula is not None and len(formula) <= LONGEST_FORMULA else None


def _worth(points: str, decimals: int) -> str:
    """Points of the framework, rounded as a leaf's points are."""
    return plain(Fraction(round_half_up(Fraction(points), decimals), 10**decimals))


def _number(value: int) -> str:
    return str(value) if value >= 0 else f"({value})"


def _pass_fail(leaf: Leaf, rule: PassFail, cells: Cells, decimals: int) -> str:
    full, cell = _worth(leaf.maximum, decimals), cells["met"]
    return f'=IF(OR({cell}="có",{cell}="yes"),{full},IF(OR({cell}="không",{cell}="no"),0,""))'


def _choice(leaf: Leaf, rule: Choice, cells: Cells, decimals: int) -> str | None:
    if len(rule.options) > DEEPEST or max(len(option.value) for option in rule.options) > LONGEST_TEXT:
        return None
    formula = '""'
    for option in reversed(rule.options):
        text = option.value.replace('"', '""')
        formula = f'IF(EXACT({cells["option"]},"{text}"),{_worth(option.points, decimals)},{formula})'
    return f"={formula}"


def _deduction(leaf: Leaf, rule: Deduction, cells: Cells, decimals: int) -> str:
    own = most_places([leaf.maximum, rule.per_unit, rule.minimum])
    full, each, least = (scaled_one(text, own) for text in (leaf.maximum, rule.per_unit, rule.minimum))
    count = cells["count"]
    points = f"ROUND(MAX({full}-{each}*{count},{_number(least)})/{10**own},{decimals})"
    return f'=IF(COUNT({count})<1,"",{points})'


def _ratio(leaf: Leaf, rule: Ratio, cells: Cells, decimals: int) -> str:
    own = most_places([leaf.maximum])
    above, below = cells["numerator"], cells["denominator"]
    full = scaled_one(leaf.maximum, own)
    part = f"ROUND({full}*{above}/({10**own}*{below}),{decimals})"
    points = f"IF({above}>={below},{_worth(leaf.maximum, decimals)},{part})"
    if rule.floor is not None:
        points = f"IF({_reached(rule.floor, above, below)},{points},0)"
    return _over_zero(points, rule.when_zero, leaf, cells, decimals)


def _tiers(leaf: Leaf, rule: Tiers, cells: Cells, decimals: int) -> str | None:
    if len(rule.tiers) > DEEPEST:
        return None
    if rule.measure == "ratio":
        above, below = cells["numerator"], cells["denominator"]
        nested = _nested(rule, decimals, lambda step: _reached(step, above, below), f"100*{above}", below)
        return _over_zero(nested, rule.when_zero, leaf, cells, decimals)
    value = cells["value"]
    nested = _nested(rule, decimals, lambda step: f"{value}>={step}", value, "1")
    return f'=IF(COUNT({value})<1,"",{nested})'


def _nested(rule: Tiers, decimals: int, reached: Callable[[str], str], above: str, below: str) -> str:
    """The highest tier reached, else 0; a linear tier rises from its own threshold to the next."""
    fine = most_places(tier.at_least for tier in rule.tiers)
    own = most_places(text for tier in rule.tiers for text in (tier.points, tier.linear_from or "0"))
    formula = "0"
    for place, tier in enumerate(rule.tiers):
        points = _worth(tier.points, decimals)
        if tier.linear_from is not None and place + 1 < len(rule.tiers):
            step, end = (scaled_one(one.at_least, fine) for one in rule.tiers[place : place + 2])
            start, top = scaled_one(tier.linear_from, own), scaled_one(tier.points, own)
            rise = f"({10**fine}*{above}-{_number(step)}*{below})"
            upper = f"({start * (end - step)}*{below}+{top - start}*{rise})"
            points = f"ROUND({upper}/({(end - step) * 10**own}*{below}),{decimals})"
        formula = f"IF({reached(tier.at_least)},{points},{formula})"
    return formula


def _reached(percent: str, above: str, below: str) -> str:
    """Whether above/below reaches a percentage, without dividing."""
    fine = most_places([percent])
    step = _number(scaled_one(percent, fine))
    return f"ROUND({100 * 10**fine}*{above}-{step}*{below},6)>=0"


def _over_zero(points: str, when_zero: str, leaf: Leaf, cells: Cells, decimals: int) -> str:
    """0 of 0 takes what the leaf says; anything else over 0 has no points."""
    above, below = cells["numerator"], cells["denominator"]
    nothing = {"full": _worth(leaf.maximum, decimals), "zero": "0", "not_applicable": '""'}[when_zero]
    return f'=IF(COUNT({above},{below})<2,"",IF({below}=0,IF({above}=0,{nothing},""),{points}))'


FORMULAS: Mapping[type[Any], Callable[[Leaf, Any, Cells, int], str | None]] = {
    PassFail: _pass_fail,
    Choice: _choice,
    Deduction: _deduction,
    Ratio: _ratio,
    Tiers: _tiers,
}
