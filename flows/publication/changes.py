"""What a version changed against the one before: every published cell that differs, as changes.csv."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

import pandas as pd

from flows.publication.csv_text import csv_bytes

COLUMNS = ("table", "unit", "code", "column", "before", "after")
TABLES = {"results": ("unit",), "scores": ("unit", "code")}
Row = dict[str, str]


def changes(before: Mapping[str, bytes], after: Mapping[str, bytes]) -> pd.DataFrame:
    """Every cell of results.csv and scores.csv that differs, in the order of the new version; "" where absent.

    before, after: the two files' bytes by path.
    """
    found: list[tuple[str, ...]] = []
    for table, keys in TABLES.items():
        old, new = (_rows(files[f"{table}.csv"], keys) for files in (before, after))
        for key in [*new, *(key for key in old if key not in new)]:
            left, right = old.get(key, {}), new.get(key, {})
            unit, code = key[0], key[1] if len(key) > 1 else ""
            found += [
                (table, unit, code, column, left.get(column, ""), right.get(column, ""))
                for column in (right or left)
                if column not in keys and left.get(column, "") != right.get(column, "")
            ]
    return pd.DataFrame(found, columns=list(COLUMNS), dtype="str")


def changes_file(found: pd.DataFrame) -> bytes:
    """changes.csv."""
    return csv_bytes(found, COLUMNS)


def _rows(data: bytes, keys: tuple[str, ...]) -> dict[tuple[str, ...], Row]:
    return {tuple(row[key] for key in keys): row for row in csv.DictReader(io.StringIO(data.decode()))}
