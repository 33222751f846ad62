"""The files of a published version."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models.tables.columns import cell, key


class PublicationFile(SQLModel, table=True):
    """One file of a published version, size in bytes; its bytes are in the vault. Append-only."""

    __tablename__ = "publication_file"

    cycle: str = key()
    version: int = Field(primary_key=True)
    annex: bool = Field(primary_key=True)
    path: str = key()
    sha256: str = cell()
    size: int
