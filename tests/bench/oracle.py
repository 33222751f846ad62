"""The exact index and rank of every unit of a made-up cycle, worked out from its files with whole numbers.

Written apart from the rules that are measured: it shares no code with them, and reads csv forms alone.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pandas as pd
from made_rules import ANSWERS, OPTIONS, TIERS, WEIGHTS, leaves_of

ONE = 10**5  # a point: leaves are rounded half-up to five decimals
Given = tuple[str, ...]


@dataclass(frozen=True)
class Truth:
    """By unit: points in 1/ONE, maximum, exact index in percent, rank."""

    points: Mapping[str, int]
    maximum: Mapping[str, int]
    index: Mapping[str, Fraction]
    rank: Mapping[str, int]


def half_up(above: int, below: int) -> int:
    """above / below as a whole number, for what is not negative."""
    return (2 * above + below) // (2 * below)


def worth(kind: str, given: Given) -> int:
    """A leaf's points in 1/ONE. given: met, option, numerator, denominator, value, count, points."""
    met, option, above, below, _, count, points = given
    if kind == "pass_fail":
        return ONE if met == "yes" else 0
    if kind == "choice":
        return int(Fraction(OPTIONS[option]) * ONE)
    if kind == "deduction":
        return max(0, ONE - ONE // 4 * int(count))
    if kind == "judgement":
        return int(Fraction(points) * ONE)
    if kind == "ratio":
        return half_up(ONE * min(int(above), int(below)), int(below))
    reached = [Fraction(points) for step, points in TIERS if 100 * int(above) >= int(step) * int(below)]
    return int((reached or [Fraction(0)])[-1] * ONE)


def rows(path: Path) -> Iterator[list[str]]:
    """The rows of a csv file below its header."""
    with open(path, encoding="utf-8", newline="") as file:
        found = csv.reader(file)
        next(found)
        yield from found


def surveyed(folder: Path, units: list[str], questions: list[str]) -> dict[tuple[str, str], int]:
    """Points of survey leaves in 1/ONE by unit and question; absent where a group has no valid answer."""
    given = pd.read_csv(folder / "survey/responses.csv", dtype="category")  # counts alone: exact, and in little memory
    twice = given.duplicated(["unit", "question", "respondent"], keep=False)
    counted = given[~twice].groupby(["unit", "question", "group", "answer"], observed=True).size()
    tally = {key: int(number) for key, number in counted.items()}
    found = {}
    for unit in units:
        for question in questions:
            share = Fraction(0)
            for group, weight in WEIGHTS.items():
                numbers = {answer: tally.get((unit, question, group, answer), 0) for answer in ANSWERS}
                people = sum(numbers.values())
                if not people:
                    break
                total = sum(int(ANSWERS[answer]) * number for answer, number in numbers.items())
                share += Fraction(int(weight) * total, people)
            else:
                share /= 100 * sum(map(int, WEIGHTS.values()))
                found[unit, question] = half_up(ONE * share.numerator, share.denominator)
    return found


def truth(folder: Path, leaves: int) -> Truth:
    """What must come out for this folder."""
    shape = leaves_of(leaves)
    kinds = {leaf.code: leaf.kind for leaf in shape}
    units = [row[0] for row in rows(folder / "units.csv")]
    points: dict[str, int] = dict.fromkeys(units, 0)
    maximum: dict[str, int] = dict.fromkeys(units, 0)
    claims: dict[str, dict[str, Given]] = {}
    for unit, code, _, agree, *rest in rows(folder / "appraisal/a/marks.csv"):
        if agree and unit not in claims:
            claims = {unit: {code: tuple(own) for code, *own in rows(folder / f"inbox/{unit}/self_assessment.csv")}}
        points[unit] += worth(kinds[code], claims[unit][code] if agree else tuple(rest[:-1]))
        maximum[unit] += 1
    for (unit, _), more in surveyed(folder, units, [leaf.question for leaf in shape if leaf.question]).items():
        points[unit] += more
        maximum[unit] += 1
    index = {unit: Fraction(100 * points[unit], ONE * maximum[unit]) for unit in units}
    first: dict[Fraction, int] = {}
    for place, value in enumerate(sorted(index.values(), reverse=True), start=1):
        first.setdefault(value, place)
    return Truth(points, maximum, index, {unit: first[value] for unit, value in index.items()})
