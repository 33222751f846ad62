"""Inputs nobody gave, for a rehearsal: for every rule kind figures it accepts, the same for the same number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction

from models.rules.framework import Choice, Deduction, Framework, Judgement, Leaf, PassFail, Ratio, Survey, Tiers
from models.rules.numbers import plain


def made_up_inputs(leaf: Leaf, number: int) -> dict[str, str]:
    """Input name -> canonical text for an appraisal leaf; `number` chooses among what the rule accepts."""
    rule = leaf.rule
    if isinstance(rule, PassFail):
        return {"met": "yes" if number % 3 else "no"}
    if isinstance(rule, Choice):
        return {"option": rule.options[number % len(rule.options)].value}
    if isinstance(rule, Deduction):
        return {"count": str(number % 4)}
    if isinstance(rule, Judgement):
        return {"points": plain(Fraction(leaf.maximum) * (number % 5) / 4)}
    if isinstance(rule, Tiers) and rule.measure != "ratio":
        return {"value": rule.tiers[number % len(rule.tiers)].at_least}
    assert isinstance(rule, Ratio | Tiers)
    below = 20 + number % 81
    return {"numerator": str(number * 7 % (below + 1)), "denominator": str(below)}


def made_up_points(leaf: Leaf, number: int) -> str:
    """Points of a statistics leaf: some part of its maximum."""
    return plain(Fraction(leaf.maximum) * (1 + number % 4) / 4)


def enough_respondents(framework: Framework) -> Mapping[str, int]:
    """group -> how many valid respondents no survey leaf finds too few."""
    needed: dict[str, int] = {}
    for rule in surveys(framework):
        for group in rule.group_weights:
            needed[group] = max(needed.get(group, 0), rule.least_valid(group) + 1)
    return needed


def scales(framework: Framework) -> Mapping[str, tuple[str, ...]]:
    """question -> its options, of every survey leaf."""
    return {question: tuple(rule.options) for rule in surveys(framework) for question in rule.questions}


def surveys(framework: Framework) -> Iterable[Survey]:
    """The rules of its survey leaves."""
    return [leaf.rule for leaf in framework.leaves if isinstance(leaf.rule, Survey)]
