"""What a survey leaf is worth: who answered validly, how many chose what, and the points that follow."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from models.rules.formulas import Points
from models.rules.frames import SURVEY_COUNTS, SURVEY_VALID, empty, rows_of
from models.rules.framework import Framework, Leaf, Survey
from models.rules.numbers import Integers, compact, half_up, most_places, scaled_one


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
        for column in by:
            key = key * max(len(self.texts[column]), 1) + self.places[column][rows]
        keys, number = np.unique(key, return_counts=True)
        found: dict[str, list[str]] = {name: [str(one) for one in number.tolist()]}
        for column in reversed(by):
            keys, at = np.divmod(keys, max(len(self.texts[column]), 1))
            found[column] = [self.texts[column][one] for one in at.tolist()]
        return pd.DataFrame({one: pd.Series(cells, dtype="str") for one, cells in found.items()}).assign(code=code)

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
    rule = leaf.rule
    assert isinstance(rule, Survey)
    fine = most_places(rule.options.values())
    worth = {option: scaled_one(percent, fine) for option, percent in rule.options.items()}
    own = most_places(rule.group_weights.values())
    weights = {group: scaled_one(weight, own) for group, weight in rule.group_weights.items()}
    sums = _sums(counts, units, worth)
    numbers = _numbers(valid, units)
    nothing = compact([0] * len(units)).astype(object)
    people = {group: numbers.get(group, nothing) for group in weights}
    enough = {group: people[group] >= rule.least_valid(group) for group in weights}
    if rule.on_shortfall == "not_applicable":
        applies = np.logical_and.reduce(list(enough.values())).astype(np.bool_)
    else:
        weighing = [ok for group, ok in enough.items() if weights[group]]
        applies = np.logical_or.reduce(weighing).astype(np.bool_)
    above, below, weighed = nothing, nothing + 1, nothing
    for group, ok in enough.items():
        n = np.where(ok, people[group], 1)
        part = np.where(ok, sums.get(group, nothing) * weights[group], 0)
        above, below = above * n + part * below, below * n
        weighed = weighed + np.where(ok, weights[group], 0)
    grade = most_places([leaf.maximum])
    full = scaled_one(leaf.maximum, grade)
    below = np.where(applies, below * weighed, 1) * len(rule.questions) * 100 * 10 ** (fine + grade)
    values = half_up(np.where(applies, above, 0) * full * 10**decimals, below)
    return Points(compact([int(value) for value in values]), applies)


def _sums(counts: pd.DataFrame, units: pd.Index, worth: Mapping[str, int]) -> dict[str, Integers]:
    """Per group: the sum of option percents over respondents and questions, by position in `units`."""
    found: dict[str, Integers] = {}
    places = units.get_indexer(pd.Index(counts["unit"]))
    for place, (group, option, count) in zip(places, rows_of(counts, "group", "option", "count"), strict=True):
        row = found.setdefault(group, np.zeros(len(units), dtype=object))
        row[place] += worth[option] * int(count)
    return found


def _numbers(valid: pd.DataFrame, units: pd.Index) -> dict[str, Integers]:
    """Per group: valid respondents, by position in `units`."""
    found: dict[str, Integers] = {}
    places = units.get_indexer(pd.Index(valid["unit"]))
    for place, (group, number) in zip(places, rows_of(valid, "group", "valid"), strict=True):
        found.setdefault(group, np.zeros(len(units), dtype=object))[place] = int(number)
    return found
