"""How respondents answered, counted."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class SurveyCount(SubmittedRow, table=True):
    """How many valid respondents of a group chose an option (frame SURVEY_COUNTS). Append-only."""

    __tablename__ = "survey_count"

    unit: str = cell()
    code: str = cell()
    group: str = cell()
    question: str = cell()
    option: str = cell()
    count: str = cell()
