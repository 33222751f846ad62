"""Who may do what: a table of doings and the roles that may."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from models.rules.errors import NotPermitted


class Role(StrEnum):
    """What somebody is to the cycle. system: a worker, which does what a schedule, an event or a person asked for."""

    SECRETARIAT = "secretariat"
    UNIT = "unit"
    APPRAISER = "appraiser"
    COUNCIL = "council"
    AUDITOR = "auditor"
    ADMIN = "admin"
    SYSTEM = "system"


class Doing(StrEnum):
    """What can be done here; one word for each kind of action."""

    OPEN = "open"  # register a cycle, or its changed cycle.yaml
    STEP = "step"  # the first four steps: collect, validate, appraise, survey
    PUBLISH = "publish"
    LOCK = "lock"
    APPROVE = "approve"  # lock round 2: the council's approval
    CORRECT = "correct"
    COMMEND = "commend"  # hand results to emulation and commendation
    MANAGE = "manage"  # deployments and schedules
    CLOSED = "closed"  # the closed annex: analyses, units that are not published; what-if
    READ = "read"  # everything: explain, history, export, the chain
    LOOK = "look"  # the readiness board, blank forms
    RECEIPT = "receipt"  # a unit's own receipts


_R = Role
_READERS = {_R.SECRETARIAT, _R.COUNCIL, _R.AUDITOR, _R.ADMIN, _R.SYSTEM}

MAY: Mapping[Doing, frozenset[Role]] = {
    doing: frozenset(roles)
    for doing, roles in {
        Doing.OPEN: {_R.SECRETARIAT},
        Doing.STEP: {_R.SECRETARIAT, _R.ADMIN, _R.SYSTEM},
        Doing.PUBLISH: {_R.SECRETARIAT, _R.ADMIN, _R.SYSTEM},
        Doing.LOCK: {_R.SECRETARIAT, _R.SYSTEM},
        Doing.APPROVE: {_R.COUNCIL, _R.SYSTEM},
        Doing.CORRECT: {_R.SECRETARIAT, _R.COUNCIL},
        Doing.COMMEND: {_R.SECRETARIAT, _R.COUNCIL},
        Doing.MANAGE: {_R.ADMIN},
        Doing.CLOSED: _READERS - {_R.SYSTEM},
        Doing.READ: _READERS,
        Doing.LOOK: _READERS | {_R.UNIT, _R.APPRAISER},
        Doing.RECEIPT: _READERS | {_R.UNIT},
    }.items()
}

ROLE_NAMES: Mapping[Role, str] = {
    _R.SECRETARIAT: "thư ký / secretariat",
    _R.UNIT: "đơn vị / unit",
    _R.APPRAISER: "người thẩm định / appraiser",
    _R.COUNCIL: "hội đồng / council",
    _R.AUDITOR: "kiểm toán / auditor",
    _R.ADMIN: "quản trị / admin",
    _R.SYSTEM: "hệ thống / system",
}


@dataclass(frozen=True)
class Identity:
    """Who acts, as the audit log names them, and what they are to the cycle."""

    actor: str
    roles: frozenset[Role]

    def may(self, doing: Doing) -> bool:
        """Whether one of the roles may."""
        return bool(self.roles & MAY[doing])

    def check_may(self, doing: Doing) -> None:
        """Raises NotPermitted, which names who may."""
        if not self.may(doing):
            mine = ", ".join(ROLE_NAMES[one] for one in Role if one in self.roles) or "–"
            theirs = ", ".join(ROLE_NAMES[one] for one in Role if one in MAY[doing])
            raise NotPermitted(
                f"{self.actor} ({mine}) không được làm việc này / may not do this ({doing}). Được phép / may: {theirs}"
            )


EVERY_ROLE = frozenset(Role)


def to_run(step: str) -> Doing:
    """What running a step, or the year as far as it, is."""
    return Doing.PUBLISH if step == "publish" else Doing.STEP
