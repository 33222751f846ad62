"""What was received: one submission each time something new arrives from a party."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import cell, moment


class Submission(SQLModel, table=True):
    """One thing received from one party, and its receipt. Append-only.

    kind: self_assessment, explanations, marks, survey, statistics, adjustments, exemptions, previous,
    midyear (half-year figures), lower (results of a lower cycle) or registration. party: unit or appraiser, "" for
    shared files. outcome: accepted or refused.
    """

    __table_args__ = (UniqueConstraint("cycle", "kind", "party", "version", name="uq_submission"),)

    id: int | None = Field(default=None, primary_key=True)
    cycle: str = cell(index=True, foreign_key="cycle.id")
    kind: str = cell()
    party: str = cell()
    version: int = 1
    digest: str = cell()
    received_at: dt.datetime = moment()
    received_by: str = cell()
    outcome: str = cell()
    late: bool = False
