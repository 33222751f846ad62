"""A framework as a cycle pinned it."""

from __future__ import annotations

from sqlmodel import SQLModel

from models.tables.columns import cell, key


class CycleFramework(SQLModel, table=True):
    """One pinned framework; body is its canonical JSON and sha256 the digest of that."""

    __tablename__ = "cycle_framework"

    cycle: str = key(foreign_key="cycle.id")
    framework: str = key()
    sha256: str = cell()
    body: str = cell()
    path: str = cell()
