"""A leaf's rule in words, for forms, pages and explanations; Vietnamese or English."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

from models.rules.framework import (
    Choice,
    Deduction,
    Judgement,
    Leaf,
    PassFail,
    Ratio,
    Survey,
    Tiers,
)

Language = Literal["vi", "en"]
Both = tuple[str, str]
_QUOTED, _DECIMAL = re.compile("(“[^”]*”)"), re.compile(r"(?<![\d.])(\d+)\.(\d+)(?![\d.]*\d)")

WHEN_ZERO: Mapping[str, Both] = {
    "full": ("không phát sinh (0/0): điểm tối đa", "nothing happened (0 of 0): the maximum"),
    "zero": ("không phát sinh (0/0): 0 điểm", "nothing happened (0 of 0): 0 points"),
    "not_applicable": (
        "không phát sinh (0/0): không áp dụng",
        "nothing happened (0 of 0): not applicable",
    ),
}
SHORTFALL: Mapping[str, Both] = {
    "not_applicable": (
        "một nhóm thiếu phiếu thì mục này không áp dụng",
        "with too few answers in one group the leaf is not applicable",
    ),
    "reweight": (
        "nhóm thiếu phiếu được bỏ ra và chia lại trọng số",
        "groups with too few answers drop out and shares are recomputed",
    ),
}


def rule_in_words(leaf: Leaf, language: Language = "vi") -> str:
    """One sentence that says how the leaf's points come about; numbers as the framework writes them.

    Source: contract, framework.yaml (rule kinds). Raises KeyError for a rule kind without words: a bug.
    """
    parts = _statistics(leaf) if leaf.source == "statistics" else WORDS[type(leaf.rule)](leaf, leaf.rule)
    text = "; ".join(part[0 if language == "vi" else 1] for part in parts)
    return text[:1].upper() + text[1:] + "."


def rule_on_paper(leaf: Leaf) -> str:
    """The Vietnamese sentence with decimal commas, as officials write; a choice's own words are left as they are."""
    return "".join(
        part if part.startswith("“") else _DECIMAL.sub(r"\1,\2", part) for part in _QUOTED.split(rule_in_words(leaf))
    )


def _points(number: str) -> Both:
    return f"{number} điểm", f"{number} point" if number == "1" else f"{number} points"


def _statistics(leaf: Leaf) -> Iterator[Both]:
    yield (
        f"lấy từ số liệu thống kê, từ 0 đến {leaf.maximum} điểm",
        f"taken from statistics, 0 to {leaf.maximum} points",
    )


def _pass_fail(leaf: Leaf, rule: PassFail) -> Iterator[Both]:
    full = _points(leaf.maximum)
    yield f"đạt: {full[0]}", f"met: {full[1]}"
    yield "không đạt: 0 điểm", "not met: 0 points"


def _choice(leaf: Leaf, rule: Choice) -> Iterator[Both]:
    for option in rule.options:
        worth = _points(option.points)
        yield f"“{option.value}”: {worth[0]}", f"“{option.value}”: {worth[1]}"


def _tiers(leaf: Leaf, rule: Tiers) -> Iterator[Both]:
    """From the highest tier down, as decisions list them."""
    unit = "%" if rule.measure == "ratio" else ""
    name = ("tỷ lệ", "ratio") if unit else ("giá trị", "value")
    above: str | None = None
    for tier in reversed(rule.tiers):
        start, worth = f"{tier.at_least}{unit}", _points(tier.points)
        if tier.linear_from is not None and above is not None:
            worth = (
                f"tăng đều từ {tier.linear_from} đến gần {tier.points} điểm",
                f"rising evenly from {tier.linear_from} towards {tier.points} points",
            )
        if above is None:
            yield f"{name[0]} từ {start} trở lên: {worth[0]}", f"{name[1]} {start} or more: {worth[1]}"
        else:
            yield f"từ {start} đến dưới {above}: {worth[0]}", f"{start} to below {above}: {worth[1]}"
        above = start
    if above not in ("0%", None):
        yield f"dưới {above}: 0 điểm", f"below {above}: 0 points"
    if unit:
        yield WHEN_ZERO[rule.when_zero]


def _ratio(leaf: Leaf, rule: Ratio) -> Iterator[Both]:
    yield (
        f"điểm = {leaf.maximum} × tử số / mẫu số, nhiều nhất {leaf.maximum}",
        f"points = {leaf.maximum} × numerator / denominator, at most {leaf.maximum}",
    )
    if rule.floor is not None and rule.floor != "0":
        yield f"tỷ lệ dưới {rule.floor}%: 0 điểm", f"ratio below {rule.floor}%: 0 points"
    yield WHEN_ZERO[rule.when_zero]


def _deduction(leaf: Leaf, rule: Deduction) -> Iterator[Both]:
    yield (
        f"{leaf.maximum} điểm, mỗi trường hợp trừ {rule.per_unit} điểm, không thấp hơn {rule.minimum}",
        f"{leaf.maximum} points less {rule.per_unit} for each case, not below {rule.minimum}",
    )


def _judgement(leaf: Leaf, rule: Judgement) -> Iterator[Both]:
    yield (
        f"chấm theo nhận định, từ 0 đến {leaf.maximum} điểm",
        f"points by judgement, 0 to {leaf.maximum}",
    )


def _survey(leaf: Leaf, rule: Survey) -> Iterator[Both]:
    questions = ", ".join(rule.questions)
    options = ", ".join(f"{name} = {percent}%" for name, percent in rule.options.items())
    groups = ", ".join(f"{name} {weight} (≥ {rule.least_valid(name)})" for name, weight in rule.group_weights.items())
    yield (
        f"điều tra xã hội học: {leaf.maximum} × mức trung bình (%) của câu hỏi {questions}",
        f"survey: {leaf.maximum} × mean percent over questions {questions}",
    )
    yield f"phương án {options}", f"options {options}"
    yield f"trọng số nhóm (số phiếu tối thiểu): {groups}", f"group weights (fewest answers): {groups}"
    yield SHORTFALL[rule.on_shortfall]


WORDS: Mapping[type[Any], Callable[[Leaf, Any], Iterator[Both]]] = {
    PassFail: _pass_fail,
    Choice: _choice,
    Tiers: _tiers,
    Ratio: _ratio,
    Deduction: _deduction,
    Judgement: _judgement,
    Survey: _survey,
}
