"""What a survey leaf is worth: who answered validly, how many chose what, and the points that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import prod

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from models.rules.coded import Coded, Placed
from models.rules.formulas import Mask, Points
from models.rules.frames import SURVEY_COUNTS, SURVEY_VALID, chosen, empty, text_column
from models.rules.framework import Framework, Leaf, Survey
from models.rules.numbers import Integers, compact, half_up, magnitude, most_places, roomy, scaled_one

FEW_KEYS = 1_000_000  # so many are counted in a table of all of them, not by sorting


def count_answers(framework: Framework, answers: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Counts and numbers of valid respondents per unit, survey leaf and group.

    answers: respondent, group, unit, question, answer (str), one row per answer, of units on this framework.
    A respondent of a unit is valid for a leaf when they belong to one group, the leaf weighs it, and each of
    its questions was answered exactly once with one of its options.
    Returns frames SURVEY_COUNTS and SURVEY_VALID. Source: contract, Survey.
    """
    counts, valid = [empty(SURVEY_COUNTS)], [empty(SURVEY_VALID)]
    given = Answers.of(answers)
    for leaf in framework.leaves:
        if isinstance(leaf.rule, Survey):
            kept = given.valid(leaf.rule)
            heads = kept[given.question[kept] == given.place("question", leaf.rule.questions[0])]
            counts.append(given.tally(kept, ("unit", "group", "question", "answer"), "count", leaf.code))
            valid.append(given.tally(heads, ("unit", "group"), "valid", leaf.code))
    tallied = pd.concat([part.rename(columns={"answer": "option"}) for part in counts], ignore_index=True)
    return tallied[list(SURVEY_COUNTS)], pd.concat(valid, ignore_index=True)[list(SURVEY_VALID)]


@dataclass(frozen=True)
class Answers:
    """Every answer as whole numbers: its person, and the place of its texts among the different ones, in their order.

    Millions of answers consist of a few hundred different texts; only those are ever compared as texts.
    """

    person: np.ndarray
    places: Mapping[str, np.ndarray]
    texts: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, answers: pd.DataFrame) -> Answers:
        """The same code under two units is two respondents."""
        places, texts = {}, {}
        for name in ("unit", "group", "question", "answer"):
            places[name], different = pd.factorize(answers[name], sort=True)
            texts[name] = different.tolist()
        code, different = pd.factorize(answers["respondent"])
        person, _ = pd.factorize(places["unit"] * np.int64(len(different) + 1) + code)
        return cls(person, places, texts)

    @property
    def question(self) -> np.ndarray:
        """The place of each answer's question."""
        return self.places["question"]

    def place(self, column: str, text: str) -> int:
        """Where a text stands; -1 where no answer has it."""
        return self.texts[column].index(text) if text in self.texts[column] else -1

    def valid(self, rule: Survey) -> np.ndarray:
        """The rows, in their order, that count for a leaf: all answers of its valid respondents to its questions."""
        rows = np.flatnonzero(self._among("question", rule.questions))
        person, people = self.person[rows], int(self.person.max(initial=-1)) + 1
        fits = self._among("answer", rule.options)[rows] & self._among("group", rule.group_weights)[rows]
        asked, good = (np.bincount(chosen, minlength=people) for chosen in (person, person[fits]))
        sound = (asked == len(rule.questions)) & (good == len(rule.questions))
        sound &= self._different("question", rows, people) == len(rule.questions)
        sound &= self._different("group", rows, people) == 1
        kept: np.ndarray = rows[sound[person]]
        return kept

    def tally(self, rows: np.ndarray, by: Sequence[str], name: str, code: str) -> pd.DataFrame:
        """How many of these rows there are for each combination, in the texts' order; text, with the leaf's code."""
        key = np.zeros(len(rows), dtype=np.int64)
        several = {column: max(len(self.texts[column]), 1) for column in by}
        for column in by:
            key = key * several[column] + self.places[column][rows]
        keys, number = _counted(key, prod(several.values()))
        found = {name: text_column(pc.cast(pa.array(number), pa.large_string()))}
        for column in reversed(by):
            keys, at = np.divmod(keys, several[column])
            found[column] = chosen(self.texts[column], at)
        return pd.DataFrame(found | {"code": chosen([code], np.zeros(len(number), dtype=np.int64))})

    def _among(self, column: str, texts: Iterable[str]) -> np.ndarray:
        wanted = set(texts)
        among = np.array([one in wanted for one in self.texts[column]], dtype=np.bool_)
        found: np.ndarray = among[self.places[column]]
        return found

    def _different(self, column: str, rows: np.ndarray, people: int) -> np.ndarray:
        """How many different texts of a column each person has in these rows."""
        several = max(len(self.texts[column]), 1)
        pairs = pd.unique(self.person[rows] * np.int64(several) + self.places[column][rows])
        return np.bincount(pairs // several, minlength=people)


def _counted(keys: Integers, below: int) -> tuple[Integers, Integers]:
    """The different keys, in their order, and how often each is there; keys are 0 … below - 1."""
    if below > FEW_KEYS + 8 * len(keys):
        return np.unique(keys, return_counts=True)
    number = np.bincount(keys, minlength=1)
    there = np.flatnonzero(number)
    return there, number[there]


def survey_points(
    leaf: Leaf,
    units: pd.Index,
    counts: pd.DataFrame,
    valid: pd.DataFrame,
    decimals: int,
) -> Points:
    """Points of a survey leaf for these units, from this leaf's counts; short groups as the leaf says.

    counts, valid: rows of SURVEY_COUNTS / SURVEY_VALID of this leaf. Result in whole 10**-decimals.
    Source: contract, rule kind survey.
    """
    of_counts, of_valid = (
        Placed.of(Coded(part.assign(code=leaf.code)), units, [leaf.code]) for part in (counts, valid)
    )
    return points_from_tallies(leaf, len(units), of_counts, of_valid, decimals)


def points_from_tallies(leaf: Leaf, units: int, counts: Placed, valid: Placed, decimals: int) -> Points:
    """The same from rows that are placed already; units: how many there are."""
    rule = leaf.rule
    assert isinstance(rule, Survey)
    fine = most_places(rule.options.values())
    worth = {option: scaled_one(percent, fine) for option, percent in rule.options.items()}
    own = most_places(rule.group_weights.values())
    weights = [scaled_one(weight, own) for weight in rule.group_weights.values()]
    groups = list(rule.group_weights)
    sums, people = _sums(counts, units, groups, worth), people_by_group(valid, units, groups)
    enough = people >= np.array([rule.least_valid(group) for group in groups], dtype=np.int64)
    if rule.on_shortfall == "not_applicable":
        applies: Mask = np.logical_and.reduce(enough, axis=1)
    else:
        applies = np.logical_or.reduce(enough[:, [weight > 0 for weight in weights]], axis=1)
    above, below = _mean(np.where(enough, sums, 0), np.where(enough, people, 1), weights, enough)
    grade = most_places([leaf.maximum])
    full = scaled_one(leaf.maximum, grade) * 10**decimals
    each = len(rule.questions) * 100 * 10 ** (fine + grade)
    above, below = np.where(applies, above, 0), np.where(applies, below, 1)
    above, below = (roomy(part, max(1, magnitude(part)) * by) * by for part, by in ((above, full), (below, each)))
    return Points(half_up(above, below), applies)


def _mean(sums: Integers, people: Integers, weights: Sequence[int], enough: Mask) -> tuple[Integers, Integers]:
    """Numerator and denominator of the weighted mean, over groups (columns) with enough people, of sums / people."""
    above: Integers = np.zeros(len(sums), dtype=np.int64)
    below, weighed = above + 1, above
    for group, weight in enumerate(weights):
        n, part = people[:, group], roomy(sums[:, group], max(1, magnitude(sums[:, group])) * weight) * weight
        bound = magnitude(above) * magnitude(n) + magnitude(part) * magnitude(below) + magnitude(below) * magnitude(n)
        above, below = roomy(above, bound), roomy(below, bound)
        above, below = above * n + part * below, below * n
        weighed = roomy(weighed, magnitude(weighed) + weight) + np.where(enough[:, group], compact([weight]), 0)
    return above, roomy(below, magnitude(below) * magnitude(weighed)) * weighed


def _sums(counts: Placed, units: int, groups: Sequence[str], worth: Mapping[str, int]) -> Integers:
    """units × groups: the sum of option percents over respondents and questions."""
    percents, number, group = counts["option"].worth(worth), counts["count"].scaled(0), counts["group"].places(groups)
    bound = magnitude(percents) * magnitude(number) * len(counts)
    percents = roomy(percents, bound)
    found = np.zeros((units, len(groups)), dtype=percents.dtype)
    there = group >= 0
    np.add.at(found, (counts.at[0][there], group[there]), (percents * number)[there])
    return found


def people_by_group(valid: Placed, units: int, groups: Sequence[str]) -> Integers:
    """units × groups: valid respondents."""
    number, group = valid["valid"].scaled(0), valid["group"].places(groups)
    found = np.zeros((units, len(groups)), dtype=number.dtype)
    there = group >= 0
    found[valid.at[0][there], group[there]] = number[there]
    return found
