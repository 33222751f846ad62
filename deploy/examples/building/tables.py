"""Rows as CSV files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

Row = dict[str, str]
Files = dict[str, bytes]  # path below the cycle folder -> bytes


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """CSV as the contract reads it: UTF-8, LF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
