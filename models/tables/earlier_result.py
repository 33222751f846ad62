"""Results of the years before last year."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class EarlierResult(SubmittedRow, table=True):
    """What a unit had in an earlier year (frame HISTORY). Append-only."""

    __tablename__ = "earlier_result"

    unit: str = cell()
    year: str = cell()
    index: str = cell()
    rank: str = cell()
    framework: str = cell()
    source: str = cell()
