"""What differs between two frameworks: leaves added, removed, reweighted, reworded, judged by another rule."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from models.rules.frames import code_key
from models.rules.framework import Framework, Leaf

KINDS = {
    "added": "thêm / added",
    "removed": "bỏ / removed",
    "reweighted": "đổi điểm tối đa / reweighted",
    "reworded": "đổi tên / reworded",
    "rule": "đổi cách chấm / other rule",
    "source": "đổi nguồn / other source",
    "evidence": "đổi yêu cầu minh chứng / other evidence",
    "total": "đổi tổng điểm, mức trần hoặc số lẻ / other total, cap or decimals",
    "decision": "quyết định khác / other decision",
}
TOTALS = {
    "maximum": "điểm tối đa / maximum",
    "leaf_decimals": "số lẻ / leaf_decimals",
    "bonus_maximum": "trần điểm thưởng / bonus_maximum",
    "penalty_maximum": "trần điểm trừ / penalty_maximum",
}
WORDS = {
    "appraisal": "thẩm định / appraisal",
    "survey": "điều tra xã hội học / survey",
    "statistics": "số liệu thống kê / statistics",
    "required": "bắt buộc / required",
    "optional": "không bắt buộc / optional",
    "none": "không cần / none",
}
Say = Callable[[Leaf], str]


def counted(found: Sequence[Difference]) -> str:
    """How many differences of each kind, in the order of KINDS."""
    numbers = Counter(one.kind for one in found)
    return "; ".join(f"{KINDS[kind]}: {numbers[kind]}" for kind in KINDS if numbers[kind])


@dataclass(frozen=True)
class Difference:
    """One difference; before and after in words."""

    kind: str
    code: str
    before: str
    after: str

    @property
    def vi(self) -> str:
        """The kind in Vietnamese and English."""
        return KINDS[self.kind]


def compare(left: Framework, right: Framework, say_rule: Say) -> list[Difference]:
    """Differences from left to right: decision and totals first, then by code. say_rule: a leaf's rule in words."""
    found = []
    if left.decision != right.decision:
        found.append(Difference("decision", "", _decided(left), _decided(right)))
    found += [
        Difference("total", words, _told(getattr(left, name)), _told(getattr(right, name)))
        for name, words in TOTALS.items()
        if getattr(left, name) != getattr(right, name)
    ]
    before, after = _levels(left), _levels(right)
    for code in sorted({*before, *after}, key=code_key):
        if code not in after:
            found.append(Difference("removed", code, "{} · {}".format(*before[code]), ""))
        elif code not in before:
            found.append(Difference("added", code, "", "{} · {}".format(*after[code])))
        else:
            found += _changes(code, before[code], after[code], left.leaf.get(code), right.leaf.get(code), say_rule)
    return found


def _levels(framework: Framework) -> dict[str, tuple[str, str]]:
    """Name and maximum by code, at every level."""
    found = {}
    for part in framework.fields:
        found[part.code] = (part.name, part.maximum)
        for criterion in part.criteria:
            found[criterion.code] = (criterion.name, criterion.maximum)
            found |= {leaf.code: (leaf.name, leaf.maximum) for leaf in criterion.leaves}
    return found


def _changes(
    code: str, before: tuple[str, str], after: tuple[str, str], left: Leaf | None, right: Leaf | None, say_rule: Say
) -> list[Difference]:
    found = []
    if before[1] != after[1]:
        found.append(Difference("reweighted", code, before[1], after[1]))
    if before[0] != after[0]:
        found.append(Difference("reworded", code, before[0], after[0]))
    if left is None or right is None:
        if left is not right:
            words = [say_rule(leaf) if leaf else "–" for leaf in (left, right)]
            found.append(Difference("rule", code, *words))
        return found
    for name in ("source", "evidence"):
        one, other = getattr(left, name), getattr(right, name)
        if one != other:
            found.append(Difference(name, code, WORDS[one], WORDS[other]))
    if left.rule != right.rule:
        found.append(Difference("rule", code, say_rule(left), say_rule(right)))
    return found


def _decided(framework: Framework) -> str:
    decision = framework.decision
    return f"{decision.number}, {decision.issued_on}, {decision.issuer}"


def _told(value: str | int | None) -> str:
    return "–" if value is None else str(value)
