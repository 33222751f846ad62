"""Corrections decided after publication."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import cell, moment


class Correction(SQLModel, table=True):
    """One corrected thing of decision `number`; body is what is corrected as canonical JSON. Append-only."""

    __table_args__ = (UniqueConstraint("cycle", "number", "position", name="uq_correction"),)

    id: int | None = Field(default=None, primary_key=True)
    cycle: str = cell(index=True, foreign_key="cycle.id")
    number: int
    position: int
    decision: str = cell()
    decided_by: str = cell()
    reason: str = cell()
    body: str = cell()
    recorded_at: dt.datetime = moment()
    recorded_by: str = cell()
