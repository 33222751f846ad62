"""Column types the tables share: text that is never NULL, moments that stay UTC, rows of a submission."""

from __future__ import annotations

import datetime as dt
from typing import Any

from sqlalchemy import DateTime, Dialect, Index, Text
from sqlalchemy.orm import declared_attr
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

# Code point order everywhere: a server set up for Vietnamese would sort (and so publish) in another order.
CODE_POINTS = Text().with_variant(Text(collation="C"), "postgresql")


class Utc(TypeDecorator[dt.datetime]):
    """A moment in UTC; SQLite forgets the zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        """ValueError for a moment that does not say its zone: it would silently become local time."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a moment without its zone: {value!r}")
        return None if value is None else value.astimezone(dt.UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        moment: dt.datetime = value
        return moment.replace(tzinfo=dt.UTC) if moment.tzinfo is None else moment.astimezone(dt.UTC)


def moment(**options: Any) -> Any:
    """A UTC column."""
    return Field(sa_type=Utc, **options)


def key(**options: Any) -> Any:
    """A text column of the primary key."""
    return Field(primary_key=True, sa_type=CODE_POINTS, **options)


def cell(default: str = "", **options: Any) -> Any:
    """A text column; "" means not given, NULL never occurs."""
    return Field(default=default, sa_type=CODE_POINTS, sa_column_kwargs={"server_default": default}, **options)


def by_submission(table: str) -> Index:
    """What every table of submitted rows is asked by."""
    return Index(f"ix_{table}_cycle", "cycle", "submission")


class SubmittedRow(SQLModel):
    """A row as it came with a submission; never changed afterwards.

    Asked for by cycle, or by some submissions of it; submission after submission, each in the order of its file.
    """

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Index, ...]:
        return (by_submission(str(cls.__tablename__)),)

    id: int | None = Field(default=None, primary_key=True)
    submission: int = Field(foreign_key="submission.id")
    cycle: str = cell()
