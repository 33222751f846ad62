"""The rule kinds, case by case from tests/spec, which officials can read."""

from pathlib import Path

import pandas as pd
import pytest
import yaml

from models.rules.formulas import leaf_points
from models.rules.framework import Criterion, Decision, Framework, Leaf, ReformField
from models.rules.framework_json import read_rule
from models.rules.numbers import read_number, show_scaled
from models.rules.survey import count_answers, survey_points

SPEC = Path(__file__).parents[1] / "spec"
RULES = yaml.safe_load((SPEC / "leaf_rules.yaml").read_text(encoding="utf-8"))
SURVEY = yaml.safe_load((SPEC / "survey.yaml").read_text(encoding="utf-8"))


def leaf_of(case: dict, source: str) -> Leaf:
    return Leaf("1", case["case"], case["maximum"], source, "none", read_rule(case["rule"]))


@pytest.mark.parametrize("case", RULES, ids=lambda case: case["case"])
def test_a_leaf_gets_the_points_its_rule_says(case: dict) -> None:
    decimals = case.get("decimals", 5)
    given = {name: [text if name in ("met", "option") else read_number(text)] for name, text in case["given"].items()}
    points = leaf_points(leaf_of(case, "appraisal"), given, decimals)
    if case.get("out"):
        assert not points.applies[0]
    else:
        assert points.applies[0]
        assert show_scaled(int(points.values[0]), decimals) == case["points"]


@pytest.mark.parametrize("case", SURVEY, ids=lambda case: case["case"])
def test_a_survey_leaf_gets_the_points_its_answers_give(case: dict) -> None:
    leaf = leaf_of(case, "survey")
    framework = Framework(
        "f", "t", Decision("1", "2020-01-01", "x"), leaf.maximum,
        (ReformField("1", "F", leaf.maximum, (Criterion("1", "c", leaf.maximum, (leaf,), True),)),),
    )  # fmt: skip
    rows = [
        (f"{group}{number}", group, "u", question, answer)
        for group, people in case["answers"].items()
        for number, answers in enumerate(people)
        for question, answer in zip(leaf.rule.questions, answers, strict=False)
    ]
    columns = ["respondent", "group", "unit", "question", "answer"]
    counts, valid = count_answers(framework, pd.DataFrame(rows, columns=columns, dtype="str"))
    points = survey_points(leaf, pd.Index(["u"]), counts, valid, 5)
    if case.get("out"):
        assert not points.applies[0]
    else:
        assert points.applies[0]
        assert show_scaled(int(points.values[0]), 5) == case["points"]


def test_every_rule_kind_and_every_way_of_zero_stands_in_the_spec() -> None:
    kinds = {case["rule"]["kind"] for case in RULES + SURVEY}
    assert kinds == {"pass_fail", "choice", "tiers", "ratio", "deduction", "judgement", "survey"}
    assert {case["rule"].get("when_zero") for case in RULES} == {None, "full", "not_applicable"}
    assert {case["rule"].get("on_shortfall") for case in SURVEY} == {None, "reweight"}
