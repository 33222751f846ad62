"""Which stages of a cycle are locked."""

from __future__ import annotations

from sqlmodel import Session, select

from models.tables import StageLock


def locked_stages(session: Session, cycle: str) -> set[str]:
    """Stages locked by hand or on schedule."""
    return set(session.exec(select(StageLock.stage).where(StageLock.cycle == cycle)))
