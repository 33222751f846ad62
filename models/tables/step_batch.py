"""The batches a step's work is shared out in."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from models.tables.columns import cell, key, moment


class StepBatch(SQLModel, table=True):
    """One batch of a step's run; whoever takes it holds it while its heartbeat lasts.

    state: ready, taken, done or failed. items, outcome: JSON text; a failed one's outcome is what went wrong.
    """

    __tablename__ = "step_batch"

    run: str = key(foreign_key="step_run.id")
    number: int = Field(primary_key=True)
    kind: str = cell()
    items: str = cell()
    state: str = cell(default="ready")
    taken_by: str = cell()
    heartbeat_at: dt.datetime | None = moment(default=None, nullable=True)
    attempts: int = 0
    outcome: str = cell()
