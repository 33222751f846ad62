"""Writes and reads whole frames: one statement whatever the number of rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import pandas as pd
import pyarrow as pa
from sqlalchemy import Column, Connection, Dialect, Executable, Integer, Result, Table, Text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.sql.schema import ScalarElementColumnDefault
from sqlmodel import Session, SQLModel

from models.rules.frames import text_column

PORTION = 1_000  # rows read at a time: as many as stay in a processor's cache


def insert_frame(session: Session, table: type[SQLModel], frame: pd.DataFrame, **constants: Any) -> None:
    """Insert every row of a frame of text; `constants` fill columns that are the same in all rows.

    Runs in the session's transaction: executemany on SQLite, COPY on PostgreSQL. What neither frame nor
    constants name takes the table's default, "" for text. Text for a column of whole numbers is read as one,
    "" as NULL. ValueError for a column the table does not have, or a cell that is NaN.
    """
    stored: Table = table.__table__  # type: ignore[attr-defined]  # set by SQLModel
    strange = [str(name) for name in (*frame.columns, *constants) if name not in stored.c]
    if strange:
        raise ValueError(f"{stored.name} has no column {', '.join(strange)}")
    if frame.isna().to_numpy().any():
        raise ValueError(f"NaN in a frame for {stored.name}; a cell that is not given is ''")
    if not len(frame):
        return
    session.flush()
    connection = session.connection()
    same = _defaults(stored, frame) | constants
    cells = {str(name): frame[name].tolist() for name in frame.columns if name not in same}
    cells = {name: _stored(stored.c[name], values, connection.dialect) for name, values in cells.items()}
    for name, value in same.items():
        cells[name] = _stored(stored.c[name], [value], connection.dialect) * len(frame)
    _write(connection, stored, list(cells), list(zip(*cells.values(), strict=True)))


def read_frame(session: Session, statement: Executable) -> pd.DataFrame:
    """The rows of a statement as a frame of text: NULL reads as "", true and false as yes and no."""
    result = session.execute(statement)
    names = list(result.keys())
    parts: list[list[pa.Array]] = [[pa.array([], pa.large_string())] for _ in names]
    for rows in _portions(result, statement):
        for column, cells in zip(parts, zip(*rows, strict=True), strict=True):
            column.append(_texts(cells))
    result.close()
    return pd.DataFrame(
        {name: text_column(pa.concat_arrays(arrays)) for name, arrays in zip(names, parts, strict=True)}
    )


def _portions(result: Result[Any], statement: Executable) -> Iterator[Sequence[Any]]:
    """Some thousand rows at a time, for Python's own texts take ten times a frame's room.

    As the driver gives them where nothing is to be converted: a Row of SQLAlchemy's for each costs as much again.
    """
    asked = getattr(statement, "selected_columns", None)
    plain = asked is not None and all(isinstance(column.type, Text | Integer) for column in asked)
    source: Any = getattr(result, "cursor", None) if plain else None
    source = result if source is None else source
    while rows := source.fetchmany(PORTION):
        yield rows


def _texts(column: Sequence[object]) -> pa.Array:
    """Nearly every column is all text; asking Arrow once is ten times faster than asking each cell."""
    try:
        read = pa.array(column, pa.large_string())
    except (pa.ArrowTypeError, pa.ArrowInvalid):
        return pa.array([_text(value) for value in column], pa.large_string())
    return read if not read.null_count else read.fill_null("")


def _defaults(stored: Table, frame: pd.DataFrame) -> dict[str, Any]:
    """Defaults the database does not know: numbers and flags."""
    return {
        column.name: column.default.arg
        for column in stored.columns
        if isinstance(column.default, ScalarElementColumnDefault)
        and column.server_default is None
        and column.name not in frame.columns
    }


def _stored(column: Column[Any], values: Sequence[Any], dialect: Dialect) -> list[Any]:
    """Values as the driver takes them."""
    if isinstance(column.type, Integer):
        return [None if value in ("", None) else int(value) for value in values]
    bind = column.type.dialect_impl(dialect).bind_processor(dialect)
    return [bind(value) for value in values] if bind else list(values)


def _write(connection: Connection, stored: Table, names: Sequence[str], rows: Sequence[tuple[Any, ...]]) -> None:
    quote = connection.dialect.identifier_preparer.quote
    target = f"{quote(stored.name)} ({', '.join(quote(name) for name in names)})"
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"INSERT INTO {target} VALUES ({', '.join('?' * len(names))})", list(rows))
        return
    statement = f"COPY {target} FROM STDIN"
    driver: Any = connection.dialect.dbapi
    cursor: Any = connection.connection.cursor()
    try:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row(row)
    except driver.Error as error:  # as SQLAlchemy tells errors everywhere else
        raise DBAPIError.instance(statement, None, error, driver.Error, dialect=connection.dialect) from error
    finally:
        cursor.close()


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return value.isoformat() if isinstance(value, dt.date) else str(value)
