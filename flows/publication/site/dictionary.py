"""The data dictionary: what every published table and every column of it means, kept as data in dictionary.csv."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

Meaning = tuple[str, str]
TYPES: Mapping[str, Meaning] = {
    "text": ("văn bản", "text"),
    "number": ("số thập phân", "decimal number"),
    "whole": ("số nguyên", "whole number"),
    "date": ("ngày, năm-tháng-ngày", "date, year-month-day"),
    "flag": ("yes hoặc no", "yes or no"),
}


@dataclass(frozen=True)
class Described:
    """A column, or a whole table where `column` is ""."""

    table: str
    column: str
    type: str
    meaning: Meaning


@cache
def dictionary() -> Sequence[Described]:
    """Every line in the order of the file."""
    text = resources.files("flows.publication.site").joinpath("dictionary.csv").read_text(encoding="utf-8")
    return [
        Described(row["table"], row["column"], row["type"], (row["vietnamese"], row["english"]))
        for row in csv.DictReader(text.splitlines())
    ]


def dictionary_file() -> bytes:
    """The dictionary as it is published beside the data."""
    return resources.files("flows.publication.site").joinpath("dictionary.csv").read_bytes()


def meanings() -> dict[tuple[str, str], Meaning]:
    """(table, column) -> what it means; a table itself has column ""."""
    return {(one.table, one.column): one.meaning for one in dictionary()}


def columns_of(table: str) -> list[Described]:
    """The columns of one table."""
    return [one for one in dictionary() if one.table == table and one.column]
