"""Last year's scores, leaf by leaf."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class PreviousScore(SubmittedRow, table=True):
    """What a unit had for a leaf of last year's framework (frame PREVIOUS_SCORES). Append-only."""

    __tablename__ = "previous_score"

    unit: str = cell()
    code: str = cell()
    applicable: str = cell()
    final: str = cell()
