"""The findings that stand now: those of every party's latest submission, and those of steps on the whole cycle."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session

from models.storage.bulk import read_frame
from models.tables import Finding, Submission

COLUMNS = ("unit", "step", "severity", "code", "check", "location", "found", "expected", "advice")


def refused_units(session: Session, cycle: str, step: str) -> list[str]:
    """Units something of which a step refuses, by its findings on the cycle as a whole."""
    by = Finding.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    refused = (by.cycle == cycle, by.step == step, by.submission.is_(None), by.severity == "refuse", by.unit != "")
    return list(session.execute(select(by.unit).where(*refused).distinct().order_by(by.unit)).scalars())


def read_findings(session: Session, cycle: str, midyear: bool = False) -> pd.DataFrame:
    """Columns FINDINGS (str), in the order stored. Findings on replaced submissions are left out.

    midyear: those on half-year forms alone; they are in no publication, and otherwise left out.
    """
    by, sent = Finding.__table__.c, Submission.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    newest = select(func.max(sent.id)).where(sent.cycle == cycle).group_by(sent.kind, sent.party).scalar_subquery()
    columns = [by[name] for name in COLUMNS]
    rows = read_frame(
        session,
        select(*columns)
        .where(
            by.cycle == cycle,
            by.submission.is_(None) | by.submission.in_(newest),
            by.step == "midyear" if midyear else by.step != "midyear",
        )
        .order_by(by.id),
    )
    rows.columns = pd.Index(COLUMNS)
    return rows
