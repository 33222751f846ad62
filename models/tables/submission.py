"""What was received: one submission each time something new arrives from a party, with the files it came as."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class Submission(SQLModel, table=True):
    """One thing received from one party; the receipt. Never changed."""

    __table_args__ = (UniqueConstraint("cycle", "kind", "party", "version", name="uq_submission"),)
    id: int | None = Field(default=None, primary_key=True)
    cycle: str = Field(index=True)
    kind: str
    party: str = ""
    version: int = 1
    digest: str
    received_at: dt.datetime = moment()
    received_by: str
    outcome: str
    late: bool = False


class ReceivedFile(SQLModel, table=True):
    """A file of a submission; its bytes are in the vault."""

    __tablename__ = "received_file"
    submission: int = Field(primary_key=True, foreign_key="submission.id")
    path: str = Field(primary_key=True)
    sha256: str
    size: int


class InspectedDocument(SQLModel, table=True):
    """What a document turned out to be; depends on its bytes alone."""

    __tablename__ = "inspected_document"
    sha256: str = Field(primary_key=True)
    found: str
