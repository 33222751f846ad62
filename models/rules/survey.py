"""What a survey leaf is worth: who answered validly, how many chose what, and the points that follow."""

from __future__ import annotations

from collections.abc import Mapping

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
    person = answers.groupby(["unit", "respondent"], sort=False, observed=True).ngroup().to_numpy()
    people = int(person.max()) + 1 if len(person) else 0
    by_question = {str(key): rows for key, rows in answers.groupby("question", observed=True).indices.items()}
    group, answer = answers["group"].to_numpy(), answers["answer"].to_numpy()
    for leaf in framework.leaves:
        if not isinstance(leaf.rule, Survey):
            continue
        rule, good = leaf.rule, np.zeros(people, dtype=np.int64)
        rows = np.concatenate([by_question.get(q, np.empty(0, dtype=np.int64)) for q in rule.questions])
        rows = rows.astype(np.int64)
        fits = np.isin(answer[rows], list(rule.options)) & np.isin(group[rows], list(rule.group_weights))
        asked = np.bincount(person[rows], minlength=people) if people else good
        good = np.bincount(person[rows[fits]], minlength=people) if people else good
        once = _questions_answered_once(answers, rows, person, people)
        valid_person = (good == len(rule.questions)) & (asked == len(rule.questions)) & once
        kept = answers.iloc[rows[valid_person[person[rows]]]].assign(code=leaf.code)
        if len(kept):
            counts.append(_tally(kept, ["unit", "code", "group", "question", "answer"], "count"))
            heads = kept[kept["question"] == rule.questions[0]]
            valid.append(_tally(heads, ["unit", "code", "group"], "valid"))
    tallied = pd.concat([part.rename(columns={"answer": "option"}) for part in counts], ignore_index=True)
    return tallied[list(SURVEY_COUNTS)], pd.concat(valid, ignore_index=True)[list(SURVEY_VALID)]


def _questions_answered_once(answers: pd.DataFrame, rows: np.ndarray, person: np.ndarray, people: int) -> np.ndarray:
    """For each respondent: no question of the leaf answered twice, and always as a member of one group."""
    asked = pd.DataFrame(
        {
            "person": person[rows],
            "question": answers["question"].to_numpy()[rows],
            "group": answers["group"].to_numpy()[rows],
        }
    )
    once = np.ones(people, dtype=np.bool_)
    once[asked.loc[asked.duplicated(["person", "question"]), "person"].to_numpy()] = False
    first = asked.drop_duplicates(["person", "group"])
    once[first.loc[first.duplicated("person"), "person"].to_numpy()] = False
    return once


def _tally(rows: pd.DataFrame, by: list[str], name: str) -> pd.DataFrame:
    counted = rows.groupby(by, observed=True).size().rename(name).reset_index()
    return counted.astype("str")


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
