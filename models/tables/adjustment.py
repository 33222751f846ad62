"""Bonuses and penalties."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class Adjustment(SubmittedRow, table=True):
    """A bonus or penalty of a unit (frame ADJUSTMENTS). Append-only."""

    unit: str = cell()
    kind: str = cell()
    points: str = cell()
    reason: str = cell()
    decided_by: str = cell()
