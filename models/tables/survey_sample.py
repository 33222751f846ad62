"""How large the survey's sample was."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class SurveySample(SubmittedRow, table=True):
    """Forms sent to and returned by a group of a unit. Append-only."""

    __tablename__ = "survey_sample"

    unit: str = cell()
    group: str = cell()
    sent: str = cell()
    returned: str = cell()
