"""What a leaf's inputs are worth: one exact formula per rule kind, each over whole columns of units."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from models.rules.coded import Texts
from models.rules.framework import (
    Choice,
    Deduction,
    Judgement,
    Leaf,
    PassFail,
    Ratio,
    Tiers,
)
from models.rules.numbers import Integers, compact, half_up, magnitude, most_places, roomy, scaled_one

Mask = npt.NDArray[np.bool_]
Columns = Mapping[str, Texts]


@dataclass(frozen=True)
class Points:
    """Points of one leaf for many units, in whole 10**-leaf_decimals; where `applies` is False they are 0."""

    values: Integers
    applies: Mask


def leaf_points(leaf: Leaf, inputs: Mapping[str, Sequence[str]], decimals: int) -> Points:
    """Points of a leaf for rows of complete, accepted inputs (canonical text), rounded once to `decimals`.

    inputs: one sequence of text per input of the rule, all of the same length.
    Source: contract, framework.yaml (rule kinds) and Computation (a leaf is rounded half-up, once).
    Raises KeyError for a rule kind that has no formula: that is a bug, the linter refuses such frameworks.
    """
    return points_of(leaf, {name: Texts.of(cells) for name, cells in inputs.items()}, decimals)


def points_of(leaf: Leaf, inputs: Columns, decimals: int) -> Points:
    """The same for inputs that are coded already."""
    return FORMULAS[type(leaf.rule)](leaf, inputs, decimals)


def _all_apply(values: Integers) -> Points:
    return Points(values, np.ones(len(values), dtype=np.bool_))


def _rounded(text: str, decimals: int) -> int:
    """A number of the framework, rounded as a leaf's points are."""
    own = most_places([text])
    return int(half_up(compact([scaled_one(text, own) * 10**decimals]), 10**own)[0])


def pass_fail(leaf: Leaf, inputs: Columns, decimals: int) -> Points:
    """The maximum when met, else 0."""
    full = _rounded(leaf.maximum, decimals)
    return _all_apply(np.where(inputs["met"].is_("yes"), compact([full]), 0))


def choice(leaf: Leaf, inputs: Columns, decimals: int) -> Points:
    """The chosen option's points."""
    assert isinstance(leaf.rule, Choice)
    worth = {option.value: _rounded(option.points, decimals) for option in leaf.rule.options}
    return _all_apply(inputs["option"].worth(worth))


def judgement(leaf: Leaf, inputs: Columns, decimals: int) -> Points:
    """The points given."""
    own = inputs["points"].most_places()
    given = inputs["points"].scaled(own)
    given = roomy(given, magnitude(given) * 10**decimals)
    return _all_apply(half_up(given * 10**decimals, 10**own))


def deduction(leaf: Leaf, inputs: Columns, decimals: int) -> Points:
    """maximum - per_unit * count, not below minimum."""
    rule = leaf.rule
    assert isinstance(rule, Deduction)
    own = most_places([leaf.maximum, rule.per_unit, rule.minimum])
    full, each, least = (scaled_one(text, own) for text in (leaf.maximum, rule.per_unit, rule.minimum))
    count = inputs["count"].scaled(0)
    count = roomy(count, (abs(full) + abs(least) + each * max(1, magnitude(count))) * 10**decimals)
    return _all_apply(half_up(np.maximum(full - each * count, least) * 10**decimals, 10**own))


def ratio(leaf: Leaf, inputs: Columns, decimals: int) -> Points:
    """maximum * numerator / denominator, the ratio capped at 1; 0 below the floor (percent)."""
    rule = leaf.rule
    assert isinstance(rule, Ratio)
    above, below, zero = _fraction(inputs)
    own = most_places([leaf.maximum])
    full = scaled_one(leaf.maximum, own)
    bound = max(magnitude(above), magnitude(below)) * max(full * 10**decimals, 100 * 10**12, 10**own)
    above, below = roomy(above, bound), roomy(below, bound)
    values = half_up(full * 10**decimals * np.minimum(above, below), below * 10**own)
    if rule.floor is not None:
        fine = most_places([rule.floor])
        bound = max(magnitude(above) * 100 * 10**fine, magnitude(below) * scaled_one(rule.floor, fine))
        above, below = roomy(above, bound), roomy(below, bound)
        values = np.where(above * 100 * 10**fine < scaled_one(rule.floor, fine) * below, 0, values)
    return _nothing_happened(values, zero, rule.when_zero, _rounded(leaf.maximum, decimals))


def tiers(leaf: Leaf, inputs: Columns, decimals: int) -> Points:
    """Points of the highest tier reached; between two thresholds where the lower tier is linear."""
    rule = leaf.rule
    assert isinstance(rule, Tiers)
    if rule.measure == "ratio":
        above, below, zero = _fraction(inputs)
        above = roomy(above, magnitude(above) * 100) * 100
    else:
        own = inputs["value"].most_places()
        above = inputs["value"].scaled(own)
        below, zero = compact([10**own]).repeat(len(above)), np.zeros(len(above), dtype=np.bool_)
    values = _reached(rule, above, below, decimals)
    return _nothing_happened(values, zero, rule.when_zero, _rounded(leaf.maximum, decimals))


def _reached(rule: Tiers, above: Integers, below: Integers, decimals: int) -> Integers:
    """Tier points for the measure above/below (whole numbers, below positive)."""
    fine = most_places(tier.at_least for tier in rule.tiers)
    steps = [scaled_one(tier.at_least, fine) for tier in rule.tiers]
    own = most_places(text for tier in rule.tiers for text in (tier.points, tier.linear_from or "0"))
    worth = [scaled_one(tier.points, own) for tier in rule.tiers]
    widest = max(map(abs, steps)) * magnitude(below) + magnitude(above) * 10**fine
    bound = 4 * widest * (max(map(abs, worth)) + 1) * 10**decimals * 10**own
    above, below = roomy(above, bound) * 10**fine, roomy(below, bound)
    values: Integers = np.zeros(len(above), dtype=np.int64)
    for place, tier in enumerate(rule.tiers):
        if tier.linear_from is None or place + 1 == len(rule.tiers):
            points: Integers = compact([_rounded(tier.points, decimals)])
        else:
            start, width = scaled_one(tier.linear_from, own), steps[place + 1] - steps[place]
            rise = start * width * below + (worth[place] - start) * (above - steps[place] * below)
            points = half_up(rise * 10**decimals, width * below * 10**own)
        values = np.where(above >= steps[place] * below, points, values)
    return values


def _fraction(inputs: Columns) -> tuple[Integers, Integers, Mask]:
    """Numerator and denominator on one scale, and where both are 0 (there the denominator reads 1)."""
    own = max(inputs["numerator"].most_places(), inputs["denominator"].most_places())
    above, below = inputs["numerator"].scaled(own), inputs["denominator"].scaled(own)
    zero: Mask = np.asarray(below == 0, dtype=np.bool_)
    return above, np.where(zero, 1, below), zero


def _nothing_happened(values: Integers, zero: Mask, when_zero: str, full: int) -> Points:
    """0 of 0 takes what the leaf says: the maximum, nothing, or the leaf does not apply."""
    instead = full if when_zero == "full" else 0
    applies = ~zero if when_zero == "not_applicable" else np.ones(len(zero), dtype=np.bool_)
    return Points(np.where(zero, compact([instead]), values), applies)


FORMULAS: Mapping[type[Any], Callable[[Leaf, Columns, int], Points]] = {
    PassFail: pass_fail,
    Choice: choice,
    Tiers: tiers,
    Ratio: ratio,
    Deduction: deduction,
    Judgement: judgement,
}
