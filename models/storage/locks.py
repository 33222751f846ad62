"""Which stages of a cycle are locked."""

from __future__ import annotations

from sqlmodel import Session, select

from models.tables import StageLock, StepRun

APPROVED = "appraisal_2"  # once locked, the council has its marks: what changes later must say why
UNREASONED = "không nêu lý do / no reason was given"


def locked_stages(session: Session, cycle: str) -> set[str]:
    """Stages locked by hand or on schedule."""
    return set(session.exec(select(StageLock.stage).where(StageLock.cycle == cycle)))


def reason_of_step(session: Session, cycle: str) -> str:
    """Why the step that holds the cycle now runs, as `reason_for_change`. To be asked inside that step alone."""
    said = session.exec(select(StepRun.reason).where(StepRun.cycle == cycle, StepRun.state == "running")).first()
    return reason_for_change(session, cycle, said or "")


def reason_for_change(session: Session, cycle: str, said: str) -> str:
    """Why something changes: what was said; after the council's approval never empty."""
    return said or (UNREASONED if APPROVED in locked_stages(session, cycle) else "")
