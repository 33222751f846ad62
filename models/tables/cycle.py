"""A registered cycle with its units, pinned frameworks, responsibilities and locked stages."""

from __future__ import annotations

import datetime as dt

from sqlmodel import Field, SQLModel

from models.tables.columns import moment


class Cycle(SQLModel, table=True):
    """One cycle; settings is cycle.yaml as canonical JSON."""

    id: str = Field(primary_key=True)
    name: str
    year: int
    folder: str
    settings: str
    opened_at: dt.datetime = moment()
    opened_by: str


class CycleUnit(SQLModel, table=True):
    """One unit of a cycle with its flags, lineage and status."""

    __tablename__ = "cycle_unit"
    cycle: str = Field(primary_key=True, foreign_key="cycle.id")
    unit: str = Field(primary_key=True)
    name: str
    bloc: str
    scored: str = "yes"
    ranked: str = "yes"
    published: str = "yes"
    valid_from: str = ""
    valid_to: str = ""
    predecessors: str = ""
    position: int = 0
    status: str = "awaited"
    status_since: dt.datetime = moment()


class CycleFramework(SQLModel, table=True):
    """A framework as pinned for a cycle."""

    __tablename__ = "cycle_framework"
    cycle: str = Field(primary_key=True, foreign_key="cycle.id")
    framework: str = Field(primary_key=True)
    sha256: str
    body: str
    path: str = ""


class Responsibility(SQLModel, table=True):
    """An appraiser is answerable for a code."""

    cycle: str = Field(primary_key=True, foreign_key="cycle.id")
    appraiser: str = Field(primary_key=True)
    code: str = Field(primary_key=True)
    name: str = ""
    unit: str = ""
    fallback: str = ""


class StageLock(SQLModel, table=True):
    """A stage that takes nothing more."""

    __tablename__ = "stage_lock"
    cycle: str = Field(primary_key=True, foreign_key="cycle.id")
    stage: str = Field(primary_key=True)
    at: dt.datetime = moment()
    by: str
    reason: str = ""
