"""The list of every file that was received and stands: for manifests, and as receipts for those who sent it."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlmodel import Session

from models.rules.hiding import Hidden
from models.storage.inbox import Received
from models.tables import ReceivedFile, Submission


def received_files(session: Session, cycle: str, hidden: Hidden) -> list[dict[str, Any]]:
    """path, sha256 and size of the files of every party's latest accepted submission, by path."""
    sent = Submission.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    newest = (
        select(func.max(sent.id))
        .where(sent.cycle == cycle, sent.outcome == "accepted")
        .group_by(sent.kind, sent.party)
        .scalar_subquery()
    )
    by = ReceivedFile.__table__.c  # type: ignore[attr-defined]
    rows = session.execute(select(by.path, by.sha256, by.size).where(by.submission.in_(newest)))
    entries = {(hidden.path(path), sha256, int(size)) for path, sha256, size in rows}
    return [{"path": path, "sha256": sha256, "size": size} for path, sha256, size in sorted(entries)]


def files_of(session: Session, submission: int) -> list[Received]:
    """The files one submission came as, by path."""
    by = ReceivedFile.__table__.c  # type: ignore[attr-defined]
    rows = session.execute(select(by.path, by.sha256, by.size).where(by.submission == submission).order_by(by.path))
    return [Received(path, sha256, int(size)) for path, sha256, size in rows]
