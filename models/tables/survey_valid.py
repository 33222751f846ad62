"""How many respondents count."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class SurveyValid(SubmittedRow, table=True):
    """Valid respondents of a group for a leaf (frame SURVEY_VALID). Append-only."""

    __tablename__ = "survey_valid"

    unit: str = cell()
    code: str = cell()
    group: str = cell()
    valid: str = cell()
