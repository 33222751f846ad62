"""Records a decided correction after publication; the next publish makes a new version from it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import func, select

from models.actions.publish import latest_publication
from models.rules.errors import NotAllowedNow
from models.rules.framework_json import canonical_json
from models.rules.roles import Doing
from models.storage.audit_chain import NewEvent, append
from models.storage.database import transaction
from models.storage.inputs import read_cycle
from models.storage.workspace import Workspace
from models.tables import Correction


@dataclass(frozen=True)
class Decided:
    """A correction file: its decision, who decided, why, and what is corrected, each with unit and body."""

    decision: str
    decided_by: str
    reason: str
    corrections: Sequence[Mapping[str, str]]


def correct(workspace: Workspace, cycle: str, decided: Decided, file_sha256: str) -> int:
    """Record a checked correction and return its number. Raises NotAllowedNow before the first publication."""
    workspace.check_may(Doing.CORRECT)
    with transaction(workspace.engine) as session:
        read_cycle(session, cycle)
        if latest_publication(session, cycle) is None:
            raise NotAllowedNow(
                f"Kỳ {cycle} chưa công bố; sửa trong phiếu thẩm định / not published yet: change the marks instead"
            )
        by = Correction.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
        number = (session.execute(select(func.max(by.number)).where(by.cycle == cycle)).scalar() or 0) + 1
        now = workspace.now()
        for position, body in enumerate(decided.corrections):
            session.add(
                Correction(
                    cycle=cycle, number=number, position=position, decision=decided.decision,
                    decided_by=decided.decided_by, reason=decided.reason, body=canonical_json(dict(body)),
                    recorded_at=now, recorded_by=workspace.actor,
                )
            )  # fmt: skip
        events = [
            NewEvent(
                "corrected",
                body["unit"],
                f"correction:{number}",
                None,
                {**body, "decision": decided.decision, "decided_by": decided.decided_by, "file": file_sha256},
                decided.reason,
            )
            for body in decided.corrections
        ]
        append(session, cycle, events, at=now, actor=workspace.actor, salts=workspace.salt)
    return number
