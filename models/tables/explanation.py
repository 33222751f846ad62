"""What units explained in writing."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class Explanation(SubmittedRow, table=True):
    """One row of explanations.csv and where it stood; file, sha256, size "" without a file. Append-only."""

    unit: str = cell()
    code: str = cell()
    text: str = cell()
    file: str = cell()
    sha256: str = cell()
    size: str = cell()
    location: str = cell()
