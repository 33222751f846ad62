"""Commendations decided on the results of a published version."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from models.tables.columns import cell, moment


class Commendation(SQLModel, table=True):
    """One decision and whom it commends: body is criteria, collectives and individuals as canonical JSON.

    Names of persons stand here and in the file (SHA-256, in the vault), never in the audit chain. Append-only.
    """

    __table_args__ = (UniqueConstraint("cycle", "number", name="uq_commendation"),)

    id: int | None = Field(default=None, primary_key=True)
    cycle: str = cell(index=True, foreign_key="cycle.id")
    number: int
    version: int
    decision: str = cell()
    issued_on: str = cell()
    issuer: str = cell()
    decided_by: str = cell()
    file: str = cell()
    body: str = cell()
    recorded_at: dt.datetime = moment()
    recorded_by: str = cell()
