"""What units are exempt from."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class Exemption(SubmittedRow, table=True):
    """A field, criterion or leaf a unit is exempt from (frame EXEMPTIONS). Append-only."""

    unit: str = cell()
    code: str = cell()
    reason: str = cell()
    approved_by: str = cell()
