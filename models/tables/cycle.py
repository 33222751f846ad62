"""A registered cycle."""

from __future__ import annotations

import datetime as dt

from sqlmodel import SQLModel

from models.tables.columns import cell, key, moment


class Cycle(SQLModel, table=True):
    """One cycle; folder as it was registered (path or s3://), settings is cycle.yaml as canonical JSON."""

    id: str = key()
    name: str = cell()
    year: int
    folder: str = cell()
    settings: str = cell()
    opened_at: dt.datetime = moment()
    opened_by: str = cell()
