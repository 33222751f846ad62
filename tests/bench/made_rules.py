"""The framework of a made-up cycle, of any number of leaves, and the inputs its rules may be given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

PER_FIELD = 10  # criteria of a field, each a leaf worth one point; the tenth is a survey leaf
COLUMNS = ("met", "option", "numerator", "denominator", "value", "count", "points")
OPTIONS = {"tốt": "1", "khá": "0.6", "yếu": "0"}
ANSWERS = {"A": "100", "B": "60", "C": "20", "D": "0"}
WEIGHTS = {"dan": "2", "doanh_nghiep": "1"}
TIERS = (("50", "0.25"), ("80", "0.5"), ("100", "1"))
_TIERS = ", ".join(f'{{at_least: "{step}", points: "{points}"}}' for step, points in TIERS)
_OPTIONS = ", ".join(f'{{value: "{value}", points: "{points}"}}' for value, points in OPTIONS.items())
KINDS = {
    "pass_fail": "{kind: pass_fail}",
    "ratio": "{kind: ratio}",
    "deduction": '{kind: deduction, per_unit: "0.25"}',
    "tiers": f"{{kind: tiers, measure: ratio, tiers: [{_TIERS}]}}",
    "choice": f"{{kind: choice, options: [{_OPTIONS}]}}",
    "judgement": "{kind: judgement}",
}
_TURNS = ("pass_fail", "ratio", "deduction", "tiers", "choice", "judgement", "pass_fail", "ratio", "deduction")
POOL = 4096  # different statements a rule kind is given; a power of two, so that every one is as likely


@dataclass(frozen=True)
class MadeLeaf:
    """A leaf's code and the kind of its rule; kind "survey" has a question."""

    code: str
    kind: str
    question: str = ""


def leaves_of(number: int) -> list[MadeLeaf]:
    """The first `number` leaves: ten to a field, nine appraised and one surveyed."""
    found = []
    for place in range(number):
        part, turn = place // PER_FIELD + 1, place % PER_FIELD + 1
        survey = turn == PER_FIELD
        found.append(MadeLeaf(f"{part}.{turn}", "survey" if survey else _TURNS[turn - 1], f"q{part}" if survey else ""))
    return found


def framework_text(number: int) -> str:
    """framework.yaml of these leaves."""
    lines = [
        "id: do", "title: Bộ tiêu chí để đo",
        "decision: {number: 1/QĐ, issued_on: 2020-01-01, issuer: UBND}", f'maximum: "{number}"', "fields:",
    ]  # fmt: skip
    for place, leaf in enumerate(leaves_of(number)):
        if place % PER_FIELD == 0:
            part, size = place // PER_FIELD + 1, min(PER_FIELD, number - place)
            lines += [f'  - code: "{part}"', f"    name: Lĩnh vực {part}", f'    maximum: "{size}"', "    criteria:"]
        lines.append(
            f'      - {{code: "{leaf.code}", name: Tiêu chí {leaf.code}, maximum: "1", checked_on: 2020-01-01, '
            f"{_rule(leaf)}}}"
        )
    return "\n".join(lines) + "\n"


def _rule(leaf: MadeLeaf) -> str:
    if leaf.kind != "survey":
        return f"source: appraisal, evidence: required, rule: {KINDS[leaf.kind]}"
    options = ", ".join(f'{key}: "{percent}"' for key, percent in ANSWERS.items())
    weights = ", ".join(f'{key}: "{weight}"' for key, weight in WEIGHTS.items())
    return (
        f'source: survey, evidence: none, rule: {{kind: survey, questions: ["{leaf.question}"], '
        f"options: {{{options}}}, group_weights: {{{weights}}}}}"
    )


def statements(kind: str, draws: Sequence[int]) -> list[tuple[str, ...]]:
    """One acceptable set of inputs (texts of COLUMNS) per draw, a whole number of 64 bits."""
    return [_statement(kind, int(draw)) for draw in draws]


def _statement(kind: str, draw: int) -> tuple[str, ...]:
    given = dict.fromkeys(COLUMNS, "")
    if kind == "pass_fail":
        given["met"] = ("yes", "no")[draw % 2]
    elif kind == "deduction":
        given["count"] = str(draw % 6)
    elif kind == "choice":
        given["option"] = list(OPTIONS)[draw % len(OPTIONS)]
    elif kind == "judgement":
        given["points"] = f"{draw % 101 / 100:.2f}"  # hundredths, so the shortest text of the float is exact
    else:
        below = draw % 400 + 1
        given["numerator"], given["denominator"] = str((draw >> 16) % (below + 1)), str(below)
    return tuple(given.values())


def draws(seed: int, number: int) -> np.ndarray:
    """`number` whole numbers of 64 bits: the raw stream of PCG64, the same with every version of numpy."""
    return np.atleast_1d(np.random.PCG64(seed).random_raw(number))
