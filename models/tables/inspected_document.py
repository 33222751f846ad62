"""What documents turned out to be when they were opened."""

from __future__ import annotations

from sqlmodel import SQLModel

from models.tables.columns import cell, key


class InspectedDocument(SQLModel, table=True):
    """What a document is depends on its bytes alone, so it is looked into once."""

    __tablename__ = "inspected_document"

    sha256: str = key()
    found: str = cell()
