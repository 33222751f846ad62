"""Who appraises what in a cycle."""

from __future__ import annotations

from sqlmodel import SQLModel

from models.tables.columns import cell, key


class Responsibility(SQLModel, table=True):
    """An appraiser answers for a code: a row of frame RESPONSIBILITIES."""

    cycle: str = key(foreign_key="cycle.id")
    appraiser: str = key()
    code: str = key()
    name: str = cell()
    unit: str = cell()
    fallback: str = cell()
