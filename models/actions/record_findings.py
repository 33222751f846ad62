"""Keeps the findings a step made on the cycle as a whole; those of a submission stay with that submission."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import delete
from sqlmodel import Session

from models.storage.bulk import insert_frame
from models.tables import Finding


def record_findings(session: Session, cycle: str, step: str, found: pd.DataFrame) -> None:
    """Replace the step's findings that belong to no submission; earlier ones are in the audit log.

    found: frame FINDINGS.
    """
    by = Finding.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    session.execute(delete(Finding).where(by.cycle == cycle, by.step == step, by.submission.is_(None)))
    if len(found):
        insert_frame(session, Finding, found, cycle=cycle)
