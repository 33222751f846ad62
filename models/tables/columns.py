"""Column types the tables share: UTC moments that stay UTC on every database, and rows that belong to a submission."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import DateTime, Dialect
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel


class Utc(TypeDecorator[dt.datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def moment(**options: Any) -> Any:
    """A UTC column."""
    return Field(sa_type=Utc, **options)


class SubmittedRow(SQLModel):
    """A row as it came with a submission; never changed afterwards."""

    id: int | None = Field(default=None, primary_key=True)
    submission: int = Field(foreign_key="submission.id", index=True)
    cycle: str = Field(index=True)
