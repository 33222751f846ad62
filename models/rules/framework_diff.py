"""What differs between two frameworks: leaves added, removed, reweighted, reworded, judged by another rule."""

from __future__ import annotations

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
    "total": "đổi tổng điểm hoặc mức trần / other total or cap",
}


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


def compare(left: Framework, right: Framework) -> list[Difference]:
    """Differences from left to right, totals first, then by code."""
    found = [
        Difference("total", name, str(getattr(left, name)), str(getattr(right, name)))
        for name in ("maximum", "leaf_decimals", "bonus_maximum", "penalty_maximum")
        if getattr(left, name) != getattr(right, name)
    ]
    before, after = _levels(left), _levels(right)
    for code in sorted({*before, *after}, key=code_key):
        if code not in after:
            found.append(Difference("removed", code, "{} · {}".format(*before[code]), ""))
        elif code not in before:
            found.append(Difference("added", code, "", "{} · {}".format(*after[code])))
        else:
            found += _changes(code, before[code], after[code], left.leaf.get(code), right.leaf.get(code))
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
    code: str, before: tuple[str, str], after: tuple[str, str], left: Leaf | None, right: Leaf | None
) -> list[Difference]:
    found = []
    if before[1] != after[1]:
        found.append(Difference("reweighted", code, before[1], after[1]))
    if before[0] != after[0]:
        found.append(Difference("reworded", code, before[0], after[0]))
    if left is not None and right is not None:
        for name in ("source", "evidence", "rule"):
            one, other = getattr(left, name), getattr(right, name)
            if one != other:
                found.append(Difference(name, code, _told(one), _told(other)))
    elif left is not right:
        found.append(Difference("rule", code, "có điểm / leaf" if left else "–", "có điểm / leaf" if right else "–"))
    return found


def _told(value: object) -> str:
    return str(value) if isinstance(value, str) else repr(value)
