"""The statuses of a unit in a cycle: whose turn it is, and every move there is."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """Where a unit stands."""

    AWAITED = "awaited"
    RETURNED = "returned"
    SUBMITTED = "submitted"
    VALIDATED = "validated"
    APPRAISED = "appraised"
    PUBLISHED = "published"
    LOCKED = "locked"


@dataclass(frozen=True)
class Turn:
    """Whose turn it is in a status, and how people call it."""

    owner: str
    vi: str
    en: str


TURNS: dict[Status, Turn] = {
    Status.AWAITED: Turn("unit", "Chờ nộp", "awaited"),
    Status.RETURNED: Turn("unit", "Trả lại để sửa", "returned"),
    Status.SUBMITTED: Turn("system", "Đã nộp, chờ kiểm tra", "submitted"),
    Status.VALIDATED: Turn("appraisers", "Đã kiểm tra, chờ thẩm định", "validated"),
    Status.APPRAISED: Turn("council", "Đã thẩm định", "appraised"),
    Status.PUBLISHED: Turn("public", "Đã công bố", "published"),
    Status.LOCKED: Turn("secretariat", "Đã khoá, chưa nộp", "locked"),
}


@dataclass(frozen=True, order=True)
class Move:
    """One permitted change of status: from, to, the action that makes it, who performs it."""

    origin: Status
    target: Status
    action: str
    by: str


_S = Status
_OPEN = (_S.AWAITED, _S.RETURNED, _S.SUBMITTED, _S.VALIDATED, _S.APPRAISED)

MOVES: frozenset[Move] = frozenset(
    {
        # A new form replaces the earlier one until the stage is locked; a refused one goes back to the unit.
        *(Move(status, _S.SUBMITTED, "submit", "unit") for status in _OPEN),
        *(Move(status, _S.RETURNED, "return", "system") for status in _OPEN),
        # Validation looks at evidence and explanations; new explanations bring a unit back to it.
        Move(_S.SUBMITTED, _S.VALIDATED, "validate", "system"),
        # Marks come in and may be taken back until publication.
        Move(_S.VALIDATED, _S.APPRAISED, "settle", "appraisers"),
        Move(_S.APPRAISED, _S.VALIDATED, "reopen", "appraisers"),
        # At the closing date what was not submitted is locked; locked is not submitted.
        Move(_S.AWAITED, _S.LOCKED, "lock", "secretariat"),
        Move(_S.RETURNED, _S.LOCKED, "lock", "secretariat"),
        # Publication, and again after corrections.
        Move(_S.APPRAISED, _S.PUBLISHED, "publish", "secretariat"),
        Move(_S.PUBLISHED, _S.PUBLISHED, "publish", "secretariat"),
    }
)

_BY_STEP = {(move.origin, move.action): move for move in MOVES}


def target(origin: str, action: str) -> Status:
    """The status an action leads to from `origin`; KeyError when the table has no such move (a bug)."""
    return _BY_STEP[Status(origin), action].target


def may_move(origin: str, action: str) -> bool:
    """Whether the table has this action from this status."""
    return (Status(origin), action) in _BY_STEP
