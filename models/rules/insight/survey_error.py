"""How far a survey leaf could lie from what a full count would give: the analytic sampling error, from counts alone.

Respondents of one group are taken as a simple random sample. What the counts do not tell is taken at its worst, so
intervals are rather too wide than too narrow: answers of one respondent to several questions as moving together, leaves
of one unit too (the same people answered), and no correction for a small population.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import isqrt

import numpy as np
import pandas as pd

from models.rules.cycle import CycleInputs
from models.rules.frames import rows_of
from models.rules.framework import Leaf, Survey
from models.rules.marks import POINTS
from models.rules.numbers import Integers, compact, magnitude, most_places, roomy, scaled_one
from models.rules.scoring import Sheet

Z = Fraction("1.959964")  # 95 % of a normal distribution lie within so many standard errors
FEWEST = 5  # figures about fewer respondents are told of nobody
ROOT_DECIMALS = 12


@dataclass(frozen=True)
class GroupAnswers:
    """One group's answers on one leaf in one unit: valid respondents, mean percent, variance of that mean."""

    group: str
    valid: int
    share: Fraction
    mean: Fraction
    variance: Fraction


@dataclass(frozen=True)
class LeafAnswers:
    """A survey leaf of one unit: its groups that count, and the standard error of its points."""

    unit: str
    code: str
    groups: tuple[GroupAnswers, ...]
    error: Fraction

    @property
    def mean(self) -> Fraction:
        """The leaf's percent: what its points are of its maximum, before they are rounded."""
        if len(self.groups) == 1:
            return self.groups[0].mean
        return sum((group.share * group.mean for group in self.groups), Fraction(0))

    @property
    def valid(self) -> int:
        """Valid respondents of all groups that count."""
        return sum(group.valid for group in self.groups)


def survey_answers(inputs: CycleInputs, sheets: Mapping[str, Sheet]) -> list[LeafAnswers]:
    """Every survey leaf that applies, by unit and code. Exact but for the root, which is rounded up."""
    found = []
    for sheet in sheets.values():
        for column, leaf in enumerate(sheet.framework.leaves):
            if isinstance(leaf.rule, Survey):
                found += list(_leaf(inputs, sheet, column, leaf, leaf.rule))
    return sorted(found, key=lambda one: one.unit)


def unit_errors(answers: list[LeafAnswers]) -> dict[str, Fraction]:
    """Standard error of a unit's points, by unit: that of its survey leaves together, as if they moved together."""
    found: dict[str, Fraction] = {}
    for one in answers:
        found[one.unit] = found.get(one.unit, Fraction(0)) + one.error
    return found


def _leaf(inputs: CycleInputs, sheet: Sheet, column: int, leaf: Leaf, rule: Survey) -> Iterator[LeafAnswers]:
    """One leaf in every unit where it applies."""
    fine = most_places(rule.options.values())
    worth = {option: scaled_one(percent, fine) for option, percent in rule.options.items()}
    sums = _sums(inputs.survey_counts[(inputs.survey_counts["code"] == leaf.code).to_numpy()], sheet.units, worth)
    asked = inputs.survey_valid[(inputs.survey_valid["code"] == leaf.code).to_numpy()]
    valid = {(unit, group): int(n) for unit, group, n in rows_of(asked, "unit", "group", "valid")}
    widest = Fraction(max(worth.values()) - min(worth.values()), 10**fine)
    weights = {group: Fraction(weight) for group, weight in rule.group_weights.items()}
    part, questions = Fraction(leaf.maximum) / 100, len(rule.questions)
    known: dict[tuple[str, ...], dict[str, Fraction]] = {}
    for row in np.flatnonzero(sheet.final.state[:, column] == POINTS).tolist():
        unit = str(sheet.units[row])
        people = {group: valid.get((unit, group), 0) for group in weights}
        there = tuple(group for group, n in people.items() if n >= rule.least_valid(group))
        shares = known.setdefault(there, _shares({group: weights[group] for group in there}))
        groups = []
        for group, share in shares.items():
            first, squares, of_sums = sums.get((row, group), (0, 0, 0))
            mean = Fraction(first, people[group] * questions * 10**fine)
            variance = _variance(people[group], questions, squares, of_sums, fine, widest)
            groups.append(GroupAnswers(group, people[group], share, mean, variance))
        yield LeafAnswers(unit, leaf.code, tuple(groups), part * root_up(_weighed(groups)))


def _shares(weights: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """Each group's weight over their sum."""
    whole = sum(weights.values(), Fraction(0))
    return {group: weight / whole for group, weight in weights.items()}


def _weighed(groups: list[GroupAnswers]) -> Fraction:
    """Variance of the groups' weighted mean; a group alone has all the weight."""
    if len(groups) == 1:
        return groups[0].variance
    return sum((group.share**2 * group.variance for group in groups), Fraction(0))


def _variance(n: int, questions: int, squares: int, of_sums: int, fine: int, widest: Fraction) -> Fraction:
    """Variance of the mean of n respondents' mean percents, at most: the mean over questions of s²/n.

    squares: Σ over questions of Σ w²·count; of_sums: Σ over questions of (Σ w·count)². One respondent tells nothing
    of the spread; the options' range then stands for it.
    """
    if n < 2:
        return (widest / 2) ** 2
    return Fraction(n * squares - of_sums, questions * n * n * (n - 1) * 10 ** (2 * fine))


def _sums(
    counts: pd.DataFrame, units: pd.Index, worth: Mapping[str, int]
) -> dict[tuple[int, str], tuple[int, int, int]]:
    """By unit's row and group, over questions: Σ w·count, Σ w²·count, Σ (Σ w·count)²."""
    places = units.get_indexer(pd.Index(counts["unit"]))
    counts, places = counts[places >= 0], places[places >= 0]
    if not len(counts):
        return {}
    number = compact([int(text) for text in counts["count"].tolist()])
    value = compact([worth[option] for option in counts["option"].tolist()])
    bound = magnitude(value) ** 2 * magnitude(number) * len(worth)
    number, value = roomy(number, bound), roomy(value, bound)
    groups, group_names = pd.factorize(counts["group"])
    questions, question_names = pd.factorize(counts["question"])
    cell = places * len(group_names) + groups
    seen, cell = np.unique(cell, return_inverse=True)
    by_question: list[Integers] = []
    for power in (value * number, value * value * number):
        grid = np.zeros((len(seen), len(question_names)), dtype=power.dtype)
        np.add.at(grid, (cell, questions), power)
        by_question.append(grid.astype(object))
    first, squares = by_question
    totals = zip(first.sum(axis=1), squares.sum(axis=1), (first * first).sum(axis=1), strict=True)
    return {
        (int(key) // len(group_names), str(group_names[int(key) % len(group_names)])): (int(a), int(b), int(c))
        for key, (a, b, c) in zip(seen.tolist(), totals, strict=True)
    }


def root_up(value: Fraction) -> Fraction:
    """The square root, rounded up at the 12th decimal: exact arithmetic, the same on every machine."""
    scale = 10**ROOT_DECIMALS
    whole = -(-value.numerator * scale * scale // value.denominator)
    low = isqrt(whole)
    return Fraction(low if low * low == whole else low + 1, scale)
