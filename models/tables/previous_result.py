"""Last year's results."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class PreviousResult(SubmittedRow, table=True):
    """Last year's result of a unit (frame PREVIOUS). Append-only."""

    __tablename__ = "previous_result"

    unit: str = cell()
    bloc: str = cell()
    index: str = cell()
    rank: str = cell()
    framework: str = cell()
