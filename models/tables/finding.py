"""What checks found, in the rule book's words."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models.tables.columns import cell


class Finding(SQLModel, table=True):
    """One finding (frame FINDINGS); submission is NULL for findings on the cycle as a whole."""

    id: int | None = Field(default=None, primary_key=True)
    cycle: str = cell(index=True)
    step: str = cell()
    submission: int | None = Field(default=None, index=True, foreign_key="submission.id")
    unit: str = cell()
    severity: str = cell()
    code: str = cell()
    check: str = cell()
    location: str = cell()
    found: str = cell()
    expected: str = cell()
    advice: str = cell()
