"""How far a survey leaf could lie from what a full count would give: the analytic sampling error, from counts alone.

Respondents of one group are taken as a simple random sample. What the counts do not tell is taken at its worst, so
intervals are rather too wide than too narrow: answers of one respondent to several questions as moving together, leaves
of one unit too (the same people answered), and no correction for a small population.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt
from typing import NamedTuple

import numpy as np
import pandas as pd

from models.rules.coded import Coded, Placed, by_number
from models.rules.cycle import CycleInputs
from models.rules.framework import Survey
from models.rules.marks import POINTS
from models.rules.numbers import magnitude, most_places, roomy, scaled_one
from models.rules.scoring import Sheet
from models.rules.survey import people_by_group

Z = Fraction("1.959964")  # 95 % of a normal distribution lie within so many standard errors
FEWEST = 5  # figures about fewer respondents are told of nobody
ROOT_DECIMALS = 12


class GroupAnswers(NamedTuple):
    """One group's answers on one leaf in one unit: its valid respondents and its share of the leaf.

    Their mean percent is worth / asked, the variance of that mean spread / pairs: whole numbers, not reduced.
    """

    group: str
    valid: int
    share: Fraction
    worth: int
    asked: int
    spread: int
    pairs: int

    @property
    def mean(self) -> Fraction:
        """Mean percent."""
        return Fraction(self.worth, self.asked)

    @property
    def variance(self) -> Fraction:
        """Variance of the mean."""
        return Fraction(self.spread, self.pairs)


@dataclass(frozen=True, slots=True)
class LeafAnswers:
    """A survey leaf of one unit: its groups that count, and the standard error of its points."""

    unit: str
    code: str
    groups: tuple[GroupAnswers, ...]
    error: Fraction

    @property
    def mean(self) -> Fraction:
        """The leaf's percent: what its points are of its maximum, before they are rounded."""
        parts = ((group.share.numerator * group.worth, group.share.denominator * group.asked) for group in self.groups)
        return Fraction(*_added(parts))

    @property
    def valid(self) -> int:
        """Valid respondents of all groups that count."""
        return sum(group.valid for group in self.groups)


def survey_answers(inputs: CycleInputs, sheets: Mapping[str, Sheet]) -> list[LeafAnswers]:
    """Every survey leaf that applies, by unit and code. Exact but for the root, which is rounded up."""
    found = []
    given = (Coded(inputs.survey_counts), Coded(inputs.survey_valid))
    for sheet in sheets.values():
        codes = sheet.framework.leaf_codes
        counts, valid = (Placed.of(part, sheet.units, codes) for part in given)
        by_leaf = zip(by_number(counts.at[1], len(codes)), by_number(valid.at[1], len(codes)), strict=True)
        for column, (counted, asked) in enumerate(by_leaf):
            leaf = sheet.framework.leaves[column]
            if isinstance(leaf.rule, Survey):
                found += list(_leaf(sheet, column, leaf.rule, counts.take(counted), valid.take(asked)))
    return sorted(found, key=lambda one: one.unit)


def unit_errors(answers: list[LeafAnswers]) -> dict[str, Fraction]:
    """Standard error of a unit's points, by unit: that of its survey leaves together, as if they moved together."""
    found: dict[str, Fraction] = {}
    for one in answers:
        found[one.unit] = found.get(one.unit, Fraction(0)) + one.error
    return found


def _leaf(sheet: Sheet, column: int, rule: Survey, counts: Placed, valid: Placed) -> Iterator[LeafAnswers]:
    """One leaf in every unit where it applies."""
    leaf, fine = sheet.framework.leaves[column], most_places(rule.options.values())
    worth = {option: scaled_one(percent, fine) for option, percent in rule.options.items()}
    weights = {group: Fraction(weight) for group, weight in rule.group_weights.items()}
    least = [rule.least_valid(group) for group in weights]
    people = people_by_group(valid, len(sheet.units), list(weights)).tolist()
    sums = _sums(counts, len(sheet.units), list(weights), worth)
    widest = max(worth.values()) - min(worth.values())
    part, questions, scale = Fraction(leaf.maximum) / 100, len(rule.questions), 10**fine
    known: dict[tuple[bool, ...], dict[str, Fraction]] = {}
    names = sheet.units.tolist()
    for row in np.flatnonzero(sheet.final.state[:, column] == POINTS).tolist():
        there = tuple(n >= enough for n, enough in zip(people[row], least, strict=True))
        if there not in known:
            known[there] = _shares({group: weights[group] for group in itertools.compress(weights, there)})
        groups = []
        told = itertools.compress(zip(people[row], *(grid[row] for grid in sums), strict=True), there)
        for (group, share), (n, first, squares, of_sums) in zip(known[there].items(), told, strict=True):
            spread, pairs = _variance(n, questions, squares, of_sums, scale, widest)
            groups.append(GroupAnswers(group, n, share, first, n * questions * scale, spread, pairs))
        squared = ((one.share.numerator**2 * one.spread, one.share.denominator**2 * one.pairs) for one in groups)
        root = _root_up(*_added(squared))
        error = Fraction(part.numerator * root, part.denominator * 10**ROOT_DECIMALS)
        yield LeafAnswers(names[row], leaf.code, tuple(groups), error)


def _shares(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Each group's weight over their sum."""
    whole = sum(weights.values(), Fraction(0))
    return {group: weight / whole for group, weight in weights.items()}


def _added(fractions: Iterable[tuple[int, int]]) -> tuple[int, int]:
    """Numerator and denominator of a sum, not reduced."""
    above, below = 0, 1
    for numerator, denominator in fractions:
        above, below = above * denominator + numerator * below, below * denominator
    return above, below


def _variance(n: int, questions: int, squares: int, of_sums: int, scale: int, widest: int) -> tuple[int, int]:
    """Variance of the mean of n respondents' mean percents, at most: the mean over questions of s²/n.

    squares: Σ over questions of Σ w²·count; of_sums: Σ over questions of (Σ w·count)². One respondent tells nothing
    of the spread; the options' range then stands for it.
    """
    if n < 2:
        return widest**2, (2 * scale) ** 2
    return n * squares - of_sums, questions * n * n * (n - 1) * scale**2


def _sums(
    counts: Placed, units: int, groups: Sequence[str], worth: Mapping[str, int]
) -> tuple[list[list[int]], list[list[int]], list[list[int]]]:
    """By unit and group, over questions: Σ w·count, Σ w²·count, Σ (Σ w·count)²."""
    questions, names = pd.factorize(counts["question"].codes)
    group, number, value = counts["group"].places(groups), counts["count"].scaled(0), counts["option"].worth(worth)
    bound = magnitude(value) ** 2 * magnitude(number) * len(counts)
    number, value = roomy(number, bound), roomy(value, bound)
    there = group >= 0
    at = (counts.at[0][there], group[there], questions[there])
    by_question = []
    for power in (value * number, value * value * number):
        grid = np.zeros((units, len(groups), len(names)), dtype=power.dtype)
        np.add.at(grid, at, power[there])
        by_question.append(grid)
    first, squares = by_question
    room = roomy(first, magnitude(first) ** 2 * max(1, len(names)))
    return first.sum(axis=2).tolist(), squares.sum(axis=2).tolist(), (room * room).sum(axis=2).tolist()


def root_up(value: Fraction) -> Fraction:
    """The square root, rounded up at the 12th decimal: exact arithmetic, the same on every machine."""
    return Fraction(_root_up(value.numerator, value.denominator), 10**ROOT_DECIMALS)


def _root_up(numerator: int, denominator: int) -> int:
    """The same in whole 10**-ROOT_DECIMALS."""
    whole = -(-numerator * 100**ROOT_DECIMALS // denominator)
    low = isqrt(whole)
    return low if low * low == whole else low + 1
