"""Runs of steps: the record an auditor trusts, and the lease that keeps two runs apart."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, text
from sqlmodel import SQLModel

from models.tables.columns import cell, key, moment

RUNNING = text("state = 'running'")


class StepRun(SQLModel, table=True):
    """One run of a step; at most one run of a cycle is running.

    state: running, done, waiting, refused, failed or interrupted. outcome: JSON text.
    """

    __tablename__ = "step_run"
    __table_args__ = (
        Index("ix_step_run_cycle", "cycle", "started_at"),
        Index(
            "one_running_step_per_cycle", "cycle", unique=True,
            sqlite_where=RUNNING, postgresql_where=RUNNING,
        ),
    )  # fmt: skip

    id: str = key()
    cycle: str = cell()
    step: str = cell()
    unit: str = cell()
    started_at: dt.datetime = moment()
    heartbeat_at: dt.datetime = moment()
    ended_at: dt.datetime | None = moment(default=None, nullable=True)
    actor: str = cell()
    reason: str = cell()
    state: str = cell()
    input_digest: str = cell()
    outcome: str = cell()
    flow_run_id: str = cell()
