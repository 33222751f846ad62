"""What units claim of themselves, leaf by leaf."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class Claim(SubmittedRow, table=True):
    """One row of a self-assessment (frame CLAIMS) and where it stood in the file. Append-only."""

    unit: str = cell()
    code: str = cell()
    met: str = cell()
    option: str = cell()
    numerator: str = cell()
    denominator: str = cell()
    value: str = cell()
    count: str = cell()
    points: str = cell()
    not_applicable: str = cell()
    explanation: str = cell()
    location: str = cell()
