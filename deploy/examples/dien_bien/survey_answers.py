"""The survey of the example: who answered, what they answered, and how many forms went out."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd
from building.variety import between, draw, one_in, pick

from dien_bien.province import HUYEN, SO, Unit
from models.rules.framework import Framework, Survey
from models.rules.survey import count_answers

COLUMNS = ("respondent", "group", "unit", "question", "answer")
SIGNS = {"lanh_dao": "ld", "can_bo": "cb", "nguoi_dan": "nd", "doanh_nghiep": "dn"}
RETURNED = {
    SO: {"lanh_dao": (6, 8), "can_bo": (9, 13), "nguoi_dan": (15, 22), "doanh_nghiep": (7, 11)},
    HUYEN: {"lanh_dao": (5, 7), "can_bo": (9, 13), "nguoi_dan": (20, 28), "doanh_nghiep": (4, 7)},
}
# Units that hardly serve businesses: too few forms come back and the leaf says what follows.
FEW = {
    ("ban-dan-toc", "doanh_nghiep"): 2,
    ("thanh-tra-tinh", "doanh_nghiep"): 3,
    ("huyen-muong-nhe", "doanh_nghiep"): 2,
}


def returned(unit: Unit, group: str) -> int:
    """Forms that came back from a group."""
    return FEW.get((unit.code, group), between(*RETURNED[unit.bloc][group], "returned", unit.code, group))


def answers(unit: Unit, framework: Framework) -> list[dict[str, str]]:
    """Every answer about one unit; now and then one is left blank or outside the options."""
    rows = []
    for group, questions in _questions(framework).items():
        for number in range(1, returned(unit, group) + 1):
            person = f"{SIGNS[group]}-{number:03d}"
            rows += [
                dict(
                    zip(
                        COLUMNS,
                        (person, group, unit.code, question, _answer(unit, person, question)),
                        strict=True,
                    )
                )
                for question in questions
            ]
    return rows


def _questions(framework: Framework) -> dict[str, list[str]]:
    """The questions each group is asked: those of the leaves that weigh it."""
    asked: dict[str, set[str]] = {}
    for leaf in framework.leaves:
        if isinstance(leaf.rule, Survey):
            for group in leaf.rule.group_weights:
                asked.setdefault(group, set()).update(leaf.rule.questions)
    return {group: sorted(asked[group]) for group in SIGNS if group in asked}


def _answer(unit: Unit, person: str, question: str) -> str:
    """A, B, C or D, their mean percent some points around the unit's index: surveys are uneven."""
    if one_in(450, "spoiled", unit.code, person, question):
        return pick(("", "E"), unit.code, person, question)
    wanted = Fraction(unit.index) + between(-5, 4, "survey", unit.code) + between(-4, 4, unit.code, question)
    best = max(20, min(940, int((wanted - 50) * 20)))  # thousandths who answer A; a rest of B, few C and D
    rest = 1000 - best
    fallen = draw(1000, "answer", unit.code, person, question)
    for option, share in (("A", best), ("B", rest * 77 // 100), ("C", rest * 20 // 100)):
        if fallen < share:
            return option
        fallen -= share
    return "D"


def samples(unit: Unit, framework: Framework) -> Iterator[dict[str, str]]:
    """sample.csv: forms sent and returned; a few come back empty."""
    for group in _questions(framework):
        back = returned(unit, group) + draw(3, "empty", unit.code, group)
        sent = back + between(0, 6, "sent", unit.code, group)
        yield {"unit": unit.code, "group": group, "sent": str(sent), "returned": str(back)}


def counted(framework: Framework, rows: list[dict[str, str]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Frames SURVEY_COUNTS and SURVEY_VALID, as the engine counts them."""
    return count_answers(framework, pd.DataFrame(rows, columns=list(COLUMNS), dtype="str"))
