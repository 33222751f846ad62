"""Answers of a survey whose mean comes near what is wanted, and the sample they come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fractions import Fraction

from building.tables import Row
from building.variety import between, draw
from models.rules.framework import Framework, Survey

ANSWERS = ("respondent", "group", "unit", "question", "answer")
SAMPLE = ("unit", "group", "sent", "returned")
SPREAD = 12  # percent points a person's view strays from the unit's


def answers(unit: str, framework: Framework, aims: Mapping[str, Fraction], heads: Mapping[str, int]) -> Iterator[Row]:
    """Every answer about one unit. aims: field -> percent; heads: group -> respondents."""
    for group, questions in asked(framework).items():
        for number in range(1, heads[group] + 1):
            person = f"{group[0]}{group[-1]}{number}"
            for question, (code, options) in sorted(questions.items()):
                wanted = aims[code] + between(-2, 1, "survey", unit, question)
                answer = _answer(options, wanted, unit, person, question)
                yield dict(zip(ANSWERS, (person, group, unit, question, answer), strict=True))


def asked(framework: Framework) -> dict[str, dict[str, tuple[str, Mapping[str, str]]]]:
    """group -> question -> (field it counts for, option -> percent)."""
    found: dict[str, dict[str, tuple[str, Mapping[str, str]]]] = {}
    for leaf in framework.leaves:
        if isinstance(leaf.rule, Survey):
            for group in leaf.rule.group_weights:
                for question in leaf.rule.questions:
                    found.setdefault(group, {})[question] = (leaf.code.split(".")[0], leaf.rule.options)
    return dict(sorted(found.items()))


def _answer(options: Mapping[str, str], wanted: Fraction, *names: str) -> str:
    """One of the two options next to the person's own view, so that the mean of many is what is wanted."""
    view = min(Fraction(100), max(Fraction(0), wanted + between(-SPREAD, SPREAD, "view", *names)))
    steps = sorted((Fraction(percent), option) for option, percent in options.items())
    below = max(step for step in steps if step[0] <= view)
    above = min((step for step in steps if step[0] > view), default=below)
    if above == below:
        return below[1]
    part = (view - below[0]) / (above[0] - below[0])
    return above[1] if draw(1000, "answer", *names) < part * 1000 else below[1]


def sample(unit: str, framework: Framework, heads: Mapping[str, int]) -> Iterator[Row]:
    """sample.csv: forms sent and returned; a few come back empty."""
    for group in asked(framework):
        back = heads[group] + draw(3, "empty", unit, group)
        sent = back + between(0, 6, "sent", unit, group)
        yield {"unit": unit, "group": group, "sent": str(sent), "returned": str(back)}
