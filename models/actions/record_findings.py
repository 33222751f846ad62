"""Keeps the findings a step made on the cycle as a whole; those of a submission stay with that submission."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd
from sqlalchemy import delete
from sqlmodel import Session

from models.storage.bulk import insert_frame
from models.tables import Finding


def record_findings(
    session: Session,
    cycle: str,
    step: str,
    found: pd.DataFrame,
    about: Collection[str] | None = None,
    check: str = "",
) -> None:
    """Replace the step's findings that belong to no submission; earlier ones are in the audit log.

    found: frame FINDINGS. about: of these units alone; what was found of others is left out, what stands of them stays.
    check: of this check alone, where a run looks for nothing else.
    """
    by = Finding.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    gone = delete(Finding).where(by.cycle == cycle, by.step == step, by.submission.is_(None))
    if about is not None:
        gone, found = gone.where(by.unit.in_(sorted(about))), found[found["unit"].isin(list(about)).to_numpy()]
    session.execute(gone.where(by.check == check) if check else gone)
    if len(found):
        insert_frame(session, Finding, found, cycle=cycle)
