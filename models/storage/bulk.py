"""Writes and reads whole frames: one statement whatever the number of rows."""

from __future__ import annotations

from typing import Any

import pandas as pd
from sqlalchemy import Executable, Integer, Table
from sqlmodel import Session, SQLModel


def insert_frame(session: Session, table: type[SQLModel], frame: pd.DataFrame, **constants: Any) -> None:
    """Insert every row of a frame of text; `constants` fill columns of the same value in all rows.

    Runs in the session's transaction: executemany on SQLite, COPY on PostgreSQL. Columns the frame does not
    have take the table's own defaults, which for text is "".
    """
    if not len(frame):
        return
    stored: Table = table.__table__  # type: ignore[attr-defined]  # set by SQLModel
    given = {name: frame[name].tolist() for name in frame.columns if name in stored.c}
    given |= {name: [value] * len(frame) for name, value in constants.items()}
    for column in stored.columns:
        if column.name not in given and not column.primary_key and not column.nullable:
            default = column.default.arg if column.default is not None else ""  # type: ignore[attr-defined]
            given[column.name] = [default] * len(frame)
    for name in given:
        if isinstance(stored.c[name].type, Integer):
            given[name] = [None if value in ("", None) else int(value) for value in given[name]]
    rows = list(zip(*given.values(), strict=True))
    session.flush()
    connection = session.connection()
    quote = connection.dialect.identifier_preparer.quote
    target, columns = quote(stored.name), ", ".join(quote(name) for name in given)
    cursor = connection.connection.cursor()
    try:
        if connection.dialect.name == "postgresql":
            with cursor.copy(f"COPY {target} ({columns}) FROM STDIN") as copy:  # type: ignore[attr-defined]  # psycopg
                for row in rows:
                    copy.write_row(row)
        else:
            places = ", ".join("?" * len(given))
            cursor.executemany(f"INSERT INTO {target} ({columns}) VALUES ({places})", rows)
    finally:
        cursor.close()


def read_frame(session: Session, statement: Executable) -> pd.DataFrame:
    """The rows of a statement as a frame of text; NULL reads as "" ."""
    result = session.execute(statement)
    names, rows = list(result.keys()), result.all()
    columns = zip(*rows, strict=True) if rows else ((),) * len(names)
    return pd.DataFrame(
        {
            name: pd.Series(["" if value is None else str(value) for value in column], dtype="str")
            for name, column in zip(names, columns, strict=True)
        }
    )
