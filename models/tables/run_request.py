"""Who asked a worker to run something."""

from __future__ import annotations

import datetime as dt

from sqlmodel import SQLModel

from models.tables.columns import cell, key, moment


class RunRequest(SQLModel, table=True):
    """One request for a run on a worker; the run acts for whoever asked. Append-only.

    step: one of the steps, or year (then until says how far).
    """

    __tablename__ = "run_request"

    id: str = key()
    cycle: str = cell(foreign_key="cycle.id")
    step: str = cell()
    until: str = cell()
    reason: str = cell()
    asked_at: dt.datetime = moment()
    asked_by: str = cell()
