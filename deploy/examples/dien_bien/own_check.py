"""Scores the example with the engine's pure rules and holds the result to the published figures."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from dien_bien import province
from models.rules.cycle import CycleInputs
from models.rules.numbers import show
from models.rules.scoring import score
from models.rules.totals import Standing, standings, totals


def ranking(inputs: CycleInputs) -> list[Standing]:
    """Every unit in the order of publication. Raises ValueError where publication would stop."""
    sheets = score(inputs)
    problems = [problem for sheet in sheets.values() for problem in sheet.problems]
    if problems:
        raise ValueError(f"publication would stop: {problems[:5]}")
    return standings(inputs, totals(inputs, sheets))


def differences(lines: list[Standing]) -> list[str]:
    """Every published figure that does not come out, in words; empty when all do."""
    wrong = []
    by_unit = {line.total.unit: line for line in lines}
    for unit, expected in province.PUBLISHED.items():
        line = by_unit[unit]
        found = (_shown(line.total.index), str(line.rank), line.classification)
        wrong += _differ(unit, found, expected)
    for unit, expected in province.PUBLISHED_BEFORE.items():
        line = by_unit[unit]
        found = (_shown(line.previous_index), str(line.previous_rank), "")
        wrong += _differ(f"{unit} before", found, expected)
    for bloc, expected_classes in province.PUBLISHED_CLASSES.items():
        classes = Counter(line.classification for line in lines if line.total.bloc == bloc)
        if classes != expected_classes:
            wrong.append(f"{bloc}: {dict(classes)} instead of {expected_classes}")
    indexes = [line.total.index for line in lines]
    if len(set(indexes)) != len(indexes):
        wrong.append("two units share an index")
    return wrong


def _differ(what: str, found: tuple[str, ...], expected: tuple[str, ...]) -> list[str]:
    pairs = zip(found, expected, strict=True)
    return [f"{what}: {one} instead of {other}" for one, other in pairs if other and one != other]


def _shown(value: Fraction | None) -> str:
    return "" if value is None else show(value, province.DECIMALS)
