"""Reads many tables of one kind at once: columns present, cells well-formed, each fault at its file and row."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from models.rules.cells import read_code, read_date, read_flag, read_key
from models.rules.findings import Fault, in_both
from models.rules.frames import text_column
from models.rules.numbers import read_count, read_number
from models.storage.spreadsheets import Table, texts

Reading = Callable[[str], str]
NO_TEXT = pa.scalar("", pa.large_string())


def read_text(text: str) -> str:
    """Text as it is, without surrounding spaces."""
    return text.strip()


def read_measure(text: str) -> str:
    """A number >= 0. Raises ValueError."""
    number = read_number(text)
    if number.startswith("-"):
        raise ValueError(in_both("số từ 0 trở lên", "a number, 0 or more"))
    return number


CHECK_OF: dict[Reading, str] = {
    read_number: "number-unreadable",
    read_measure: "number-unreadable",
    read_count: "number-unreadable",
    read_date: "date-unreadable",
    read_flag: "flag-unreadable",
    read_code: "code-unreadable",
    read_key: "key-unreadable",
}


@dataclass(frozen=True)
class Column:
    """One column of the contract: how a cell is read, whether the column must stand and the cell be filled."""

    name: str
    read: Reading = read_text
    required: bool = False
    filled: bool = False
    default: str = ""


INPUT_COLUMNS = (
    Column("met", read_flag),
    Column("option"),
    Column("numerator", read_measure),
    Column("denominator", read_measure),
    Column("value", read_number),
    Column("count", read_count),
    Column("points", read_number),
)


def read_batch(
    tables: Sequence[tuple[str, Table]],
    columns: Sequence[Column],
    party: str = "unit",
    *,
    warn_unknown: bool = True,
) -> tuple[pd.DataFrame, list[Fault]]:
    """One frame of canonical text from many tables: the columns named, plus `party` and `location`.

    tables: (whose it is, table). A cell that cannot be read becomes "" and one Fault; a missing column is one
    Fault per table. Nothing stops at the first fault.
    """
    faults: list[Fault] = []
    names = [column.name for column in columns]
    for owner, table in tables:
        at = {"unit": owner} if party == "unit" else {}
        faults += [
            Fault("column-missing", location=table.path, found=", ".join(table.columns), expected=name, **at)
            for name in (column.name for column in columns if column.required)
            if name not in table.columns
        ]
        if warn_unknown and not table.name:
            faults += [
                Fault("column-unknown", location=table.path, found=name, **at)
                for name in table.columns
                if name not in names and name
            ]
    batch = _together(tables, names, party)
    for column in columns:
        batch[column.name], found = _read(batch, column, party)
        faults += found
    return batch, faults


def _together(tables: Sequence[tuple[str, Table]], names: Sequence[str], party: str) -> pd.DataFrame:
    """The raw cells of all tables with whose they are and where they stand."""
    lines = [len(table.rows) for _, table in tables]
    cells = {name: _column([table for _, table in tables], name, lines) for name in names}
    of = pa.array(np.repeat(np.arange(len(tables)), lines))
    cells[f"_{party}"] = texts([owner for owner, _ in tables]).take(of)
    marks = texts([f"{table.path}!{table.name}!R" if table.name else f"{table.path}:" for _, table in tables])
    rows = pa.array([row for _, table in tables for row in table.rows], pa.int64()).cast(pa.large_string())
    cells["location"] = pc.binary_join_element_wise(marks.take(of), rows, NO_TEXT)
    return pd.DataFrame({name: text_column(column) for name, column in cells.items()})


def _column(tables: Sequence[Table], name: str, lines: Sequence[int]) -> pa.Array:
    """One column of all tables, "" where a table does not have it."""
    if not any(name in table.cells for table in tables):
        return pa.repeat(NO_TEXT, sum(lines))
    return pa.concat_arrays(
        table.cells[name] if name in table.cells else pa.repeat(NO_TEXT, count)
        for table, count in zip(tables, lines, strict=True)
    )


def _read(batch: pd.DataFrame, column: Column, party: str) -> tuple[pd.Series, list[Fault]]:
    """One column read; every different text is read once."""
    given = batch[column.name]
    known: dict[str, str] = {}
    wrong: dict[str, str] = {}
    places, different = pd.factorize(given)
    for text in different.tolist():
        stripped = text.strip()
        try:
            known[text] = column.read(stripped) if stripped else column.default
        except ValueError as reason:
            known[text], wrong[text] = "", str(reason)
    faults = []
    if wrong:
        check = CHECK_OF.get(column.read, "cell-unreadable")
        for row in np.flatnonzero(given.isin(list(wrong)).to_numpy()).tolist():
            text = given.iloc[row]
            faults.append(_fault(batch, row, party, check, f"{column.name} = {text}", wrong[text]))
    same = all(text == read for text, read in known.items())
    read = given if same else text_column(texts(list(known.values())).take(pa.array(places)))
    if column.filled and any(not text.strip() for text in known):
        for row in np.flatnonzero((given.str.strip() == "").to_numpy()).tolist():
            faults.append(_fault(batch, row, party, "cell-empty", f"{column.name} = ''", column.name))
    return read, faults


def _fault(batch: pd.DataFrame, row: int, party: str, check: str, found: str, expected: str) -> Fault:
    line = batch.iloc[row]
    unit = line["_unit"] if party == "unit" else str(line.get("unit", ""))
    return Fault(check, unit, str(line.get("code", "")), line["location"], found, expected)


UNREADABLE = frozenset(CHECK_OF.values()) | {"cell-unreadable"}


def without_echoes(faults: Sequence[Fault]) -> list[Fault]:
    """Faults less those that only repeat that a cell of the same row could not be read."""
    told = {(fault.location, fault.unit) for fault in faults if fault.check in UNREADABLE}
    echo = ("input-missing", "mark-not-one-statement", "cell-empty")
    return [fault for fault in faults if fault.check not in echo or (fault.location, fault.unit) not in told]


def each(rows: pd.DataFrame, check: str, found: Sequence[str] | str = "", expected: str = "") -> list[Fault]:
    """One fault per row (columns unit, location and, where there is one, code)."""
    texts = [found] * len(rows) if isinstance(found, str) else list(found)
    codes = rows["code"].tolist() if "code" in rows else [""] * len(rows)
    return [
        Fault(check, unit, code, location, text, expected)
        for unit, code, location, text in zip(
            rows["unit"].tolist(), codes, rows["location"].tolist(), texts, strict=True
        )
    ]
