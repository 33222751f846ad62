"""A unit of a cycle, and where it stands."""

from __future__ import annotations

import datetime as dt

from sqlmodel import SQLModel

from models.tables.columns import cell, key, moment


class CycleUnit(SQLModel, table=True):
    """One unit with its flags (yes/no) and lineage as in frame REGISTERED; position is its row in units.csv."""

    __tablename__ = "cycle_unit"

    cycle: str = key(foreign_key="cycle.id")
    unit: str = key()
    name: str = cell()
    bloc: str = cell()
    scored: str = cell("yes")
    ranked: str = cell("yes")
    published: str = cell("yes")
    valid_from: str = cell()
    valid_to: str = cell()
    predecessors: str = cell()
    annex: str = cell()
    position: int = 0
    status: str = cell("awaited")
    status_since: dt.datetime = moment()
