"""Moves units from status to status, only along the table of moves, with an event for each."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select, update
from sqlmodel import Session

from models.rules.states import Status, target
from models.storage.audit_chain import NewEvent, append
from models.storage.workspace import Workspace
from models.tables import CycleUnit


def statuses(session: Session, cycle: str) -> dict[str, str]:
    """Status by unit."""
    by = CycleUnit.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    rows = session.execute(select(by.unit, by.status).where(by.cycle == cycle))
    return {unit: status for unit, status in rows}


def move_units(
    session: Session, workspace: Workspace, cycle: str, moves: Iterable[tuple[str, str]], reason: str = ""
) -> int:
    """Perform (unit, action) moves; a unit that already stands where the action leads is left alone.

    KeyError when the table of moves has no such action from the unit's status: that is a bug in the caller.
    """
    present = statuses(session, cycle)
    now = workspace.now()
    changed: list[tuple[str, str, Status]] = []
    for unit, action in sorted(set(moves)):
        aim = target(present[unit], action)
        if aim != present[unit]:
            changed.append((unit, action, aim))
    if not changed:
        return 0
    session.execute(
        update(CycleUnit),
        [{"cycle": cycle, "unit": unit, "status": str(aim), "status_since": now} for unit, _, aim in changed],
    )
    append(
        session,
        cycle,
        [
            NewEvent(action, unit, "unit", {"status": present[unit]}, {"status": str(aim)}, reason)
            for unit, action, aim in changed
        ],
        at=now,
        actor=workspace.actor,
        salts=workspace.salt,
    )
    return len(changed)
