"""What appraisers marked."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class Mark(SubmittedRow, table=True):
    """One row of frame MARKS (but for `correction`) and where it stood in the file. Append-only."""

    unit: str = cell()
    code: str = cell()
    round: str = cell()
    appraiser: str = cell()
    agree: str = cell()
    met: str = cell()
    option: str = cell()
    numerator: str = cell()
    denominator: str = cell()
    value: str = cell()
    count: str = cell()
    points: str = cell()
    not_applicable: str = cell()
    reason: str = cell()
    explanation_required: str = cell()
    location: str = cell()
