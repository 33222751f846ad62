"""What appraisers marked."""

from __future__ import annotations

from sqlalchemy import Index, text

from models.tables.columns import SubmittedRow, by_submission, cell

ASKING = text("explanation_required = 'yes'")  # as the index has it: with a parameter in it no index is found


class Mark(SubmittedRow, table=True):
    """One row of frame MARKS (but for `correction`) and where it stood in the file. Append-only.

    The few that ask for an explanation are looked for after every step.
    """

    __table_args__ = (
        by_submission("mark"),
        Index("ix_mark_asking", "cycle", sqlite_where=ASKING, postgresql_where=ASKING),
    )

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
