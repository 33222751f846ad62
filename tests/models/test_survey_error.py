"""The survey's sampling error: small cases by hand, and naive sums on random cycles."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from judged_cycle import surveyed
from random_cycle import random_cycle

from models.rules.insight.survey_error import root_up, survey_answers
from models.rules.scoring import score


def test_the_error_of_a_surveyed_leaf_is_that_computed_by_hand() -> None:
    # dan: two each of 100, 60, 20: mean 60, s² = 6400/5 = 1280, /6 = 213 1/3. lanh_dao: one person tells no spread,
    # so half the options' range squared: 2500. Shares 2/3 and 1/3: 4/9·640/3 + 2500/9 = 10060/27; 8/100 of its root.
    inputs = surveyed({"dan": {"A": 2, "B": 2, "C": 2}, "lanh_dao": {"A": 1}}, {"dan": "2", "lanh_dao": "1"})
    (one,) = survey_answers(inputs, score(inputs))
    assert [(group.mean, group.variance) for group in one.groups] == [(60, Fraction(640, 3)), (100, 2500)]
    assert one.error == Fraction(8, 100) * root_up(Fraction(10060, 27))
    assert round(float(one.error), 5) == 1.54421


def test_people_who_all_agree_leave_no_error() -> None:
    inputs = surveyed({"dan": {"B": 7}}, {"dan": "1"})
    (one,) = survey_answers(inputs, score(inputs))
    assert (one.error, one.mean, one.valid) == (0, 60, 7)


@given(st.fractions(min_value=0, max_value=10**9))
def test_the_root_is_never_too_small_and_hardly_too_large(value: Fraction) -> None:
    root = root_up(value)
    assert root**2 >= value
    assert root == 0 or (root - Fraction(2, 10**12)) ** 2 < value or root < Fraction(3, 10**12)


@settings(max_examples=15)
@given(st.integers(0, 2**62))
def test_the_survey_error_of_random_cycles_is_that_of_a_naive_sum(seed: int) -> None:
    inputs = random_cycle(Random(seed))
    sheets = score(inputs)
    for one in survey_answers(inputs, sheets):
        sheet = next(sheet for sheet in sheets.values() if one.unit in sheet.units)
        leaf = sheet.framework.leaf[one.code]
        spread = Fraction(0)
        for group in one.groups:
            per_question = Fraction(0)
            for question in leaf.rule.questions:
                given_ = [
                    Fraction(leaf.rule.options[row["option"]])
                    for row in inputs.survey_counts.to_dict("records")
                    if (row["unit"], row["code"], row["group"], row["question"])
                    == (one.unit, one.code, group.group, question)
                    for _ in range(int(row["count"]))
                ]
                assert len(given_) == group.valid
                mean = sum(given_, Fraction(0)) / len(given_)
                if len(given_) > 1:
                    per_question += sum(((value - mean) ** 2 for value in given_), Fraction(0)) / (len(given_) - 1)
                else:
                    worth = [Fraction(text) for text in leaf.rule.options.values()]
                    per_question += ((max(worth) - min(worth)) / 2) ** 2
            spread += group.share**2 * per_question / len(leaf.rule.questions) / group.valid
        assert one.error == Fraction(leaf.maximum) / 100 * root_up(spread)
