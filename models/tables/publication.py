"""Published versions."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from models.tables.columns import cell, key, moment


class Publication(SQLModel, table=True):
    """One published version; audit_events and audit_head say where the audit chain stood. Append-only."""

    cycle: str = key(foreign_key="cycle.id")
    version: int = Field(primary_key=True)
    inputs_digest: str = cell()
    manifest_sha256: str = cell()
    annex_sha256: str = cell()
    published_at: dt.datetime = moment()
    published_by: str = cell()
    audit_events: int
    audit_head: str = cell()
