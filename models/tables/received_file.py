"""The files a submission came as."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models.tables.columns import cell, key


class ReceivedFile(SQLModel, table=True):
    """One file of a submission, size in bytes; its bytes are in the vault. Append-only."""

    __tablename__ = "received_file"

    submission: int = Field(primary_key=True, foreign_key="submission.id")
    path: str = key()
    sha256: str = cell()
    size: int
