"""What the system records about its own work: findings, runs of steps, audit events, corrections, publications."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class Finding(SQLModel, table=True):
    """One finding in the rule book's words; submission is empty for findings on the cycle as a whole."""

    id: int | None = Field(default=None, primary_key=True)
    cycle: str = Field(index=True)
    step: str
    submission: int | None = Field(default=None, index=True)
    unit: str = ""
    severity: str
    code: str = ""
    check: str
    location: str = ""
    found: str = ""
    expected: str = ""
    advice: str = ""


class StepRun(SQLModel, table=True):
    """One run of a step; at most one of a cycle is running."""

    __tablename__ = "step_run"
    __table_args__ = (
        Index(
            "one_running_step_per_cycle",
            "cycle",
            unique=True,
            sqlite_where=text("state = 'running'"),
            postgresql_where=text("state = 'running'"),
        ),
    )
    id: str = Field(primary_key=True)
    cycle: str
    step: str
    unit: str = ""
    started_at: dt.datetime = moment()
    heartbeat_at: dt.datetime = moment()
    ended_at: dt.datetime | None = moment(default=None, nullable=True)
    actor: str
    reason: str = ""
    state: str
    input_digest: str = ""
    outcome: str = ""
    flow_run_id: str = ""


class AuditEvent(SQLModel, table=True):
    """One link of a cycle's audit chain; the database itself refuses to change or delete it."""

    __tablename__ = "audit_event"
    cycle: str = Field(primary_key=True)
    seq: int = Field(primary_key=True)
    at: str
    actor: str
    action: str
    unit: str = ""
    content: str
    content_digest: str
    previous: str
    digest: str


class Correction(SQLModel, table=True):
    """One corrected thing of a decided correction; body is canonical JSON."""

    id: int | None = Field(default=None, primary_key=True)
    cycle: str = Field(index=True)
    number: int
    position: int
    decision: str
    decided_by: str
    reason: str
    body: str
    recorded_at: dt.datetime = moment()
    recorded_by: str


class Publication(SQLModel, table=True):
    """One published version."""

    cycle: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    inputs_digest: str
    manifest_sha256: str
    annex_sha256: str = ""
    published_at: dt.datetime = moment()
    published_by: str
    audit_events: int
    audit_head: str


class PublicationFile(SQLModel, table=True):
    """One file of a published version; its bytes are in the vault."""

    __tablename__ = "publication_file"
    cycle: str = Field(primary_key=True)
    version: int = Field(primary_key=True)
    annex: bool = Field(primary_key=True)
    path: str = Field(primary_key=True)
    sha256: str
    size: int
