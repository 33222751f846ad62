"""Checks what is told of years before: history.csv and last year's scores."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from checks.columns import Column, each, read_batch
from checks.shared_files import CODE, UNIT, duplicates
from models.rules.findings import Fault, in_both
from models.rules.frames import rows_of
from models.rules.numbers import read_count, read_number
from models.storage.spreadsheets import Table


def read_year(text: str) -> str:
    """A year in four digits. Raises ValueError."""
    if not re.fullmatch("[0-9]{4}", text.strip()):
        raise ValueError(in_both("năm như 2019", "a year such as 2019"))
    return text.strip()


HISTORY = (
    UNIT,
    Column("year", read_year, True, True),
    Column("index", read_number, True, True),
    Column("rank", read_count),
    Column("framework"),
    Column("source"),
)
SCORES = (
    UNIT,
    CODE,
    Column("applicable", read_number, True, True),
    Column("final", read_number, required=True),
    Column("level"),
)


def read_history(table: Table, year: int) -> tuple[pd.DataFrame, list[Fault]]:
    """previous/history.csv of a cycle of `year`: years before it, one row for a unit and year.

    Units that no longer exist are kept, as in previous/results.csv.
    """
    rows, faults = read_batch([("", table)], HISTORY, party="file")
    late = rows[((rows["year"] != "") & (rows["year"] >= f"{year:04}")).to_numpy()]
    faults += each(late, "year-not-earlier", late["year"].tolist(), f"< {year}")
    return rows, faults + duplicates(rows[(rows["year"] != "").to_numpy()], ["unit", "year"])


def read_previous_scores(table: Table) -> tuple[pd.DataFrame, list[Fault]]:
    """previous/scores.csv: last year's leaves; scores.csv of last year's export does as it is.

    Rows above leaves are left out.
    """
    rows, faults = read_batch([("", table)], SCORES, party="file", warn_unknown=False)
    rows = rows[rows["level"].isin(["", "leaf"]).to_numpy()].reset_index(drop=True)
    return rows, faults + duplicates(rows, ["unit", "code"])


def told_twice(history: pd.DataFrame, previous: pd.DataFrame, year: int) -> list[Fault]:
    """Last year's index in history.csv that is not the one in previous/results.csv."""
    last: Mapping[str, str] = dict(rows_of(previous, "unit", "index"))
    return [
        Fault("history-differs", unit, location="previous/history.csv", found=f"{told}: {index}", expected=last[unit])
        for unit, told, index in rows_of(history, "unit", "year", "index")
        if told == str(year - 1) and last.get(unit, "") not in ("", index)
    ]
