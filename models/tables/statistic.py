"""Points that come from statistics."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class Statistic(SubmittedRow, table=True):
    """Points of a statistics leaf (frame STATISTICS). Append-only."""

    unit: str = cell()
    code: str = cell()
    points: str = cell()
    source: str = cell()
