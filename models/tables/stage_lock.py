"""A stage of a cycle that is locked."""

from __future__ import annotations

import datetime as dt

from sqlmodel import SQLModel

from models.tables.columns import cell, key, moment


class StageLock(SQLModel, table=True):
    """A stage that takes nothing more, since when, by whom and why."""

    __tablename__ = "stage_lock"

    cycle: str = key(foreign_key="cycle.id")
    stage: str = key()
    at: dt.datetime = moment()
    by: str = cell()
    reason: str = cell()
