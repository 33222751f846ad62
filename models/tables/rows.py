"""The rows submissions bring, as received in canonical text: claims, evidence, marks, survey, statistics …"""

from __future__ import annotations

from models.tables.columns import SubmittedRow


class Claim(SubmittedRow, table=True):
    """One row of a self-assessment."""

    unit: str
    code: str
    met: str = ""
    option: str = ""
    numerator: str = ""
    denominator: str = ""
    value: str = ""
    count: str = ""
    points: str = ""
    not_applicable: str = ""
    explanation: str = ""
    location: str = ""


class EvidenceDocument(SubmittedRow, table=True):
    """One evidence document named by a unit; file and digest empty for paper."""

    __tablename__ = "evidence_document"
    unit: str
    code: str
    document_number: str = ""
    issuer: str = ""
    issued_on: str = ""
    title: str = ""
    file: str = ""
    pages: str = ""
    sha256: str = ""
    size: str = ""
    location: str = ""


class Explanation(SubmittedRow, table=True):
    """One explanation of a unit."""

    unit: str
    code: str
    text: str = ""
    file: str = ""
    sha256: str = ""
    size: str = ""
    location: str = ""


class Mark(SubmittedRow, table=True):
    """One mark of an appraiser."""

    unit: str
    code: str
    round: str
    appraiser: str
    agree: str = ""
    met: str = ""
    option: str = ""
    numerator: str = ""
    denominator: str = ""
    value: str = ""
    count: str = ""
    points: str = ""
    not_applicable: str = ""
    reason: str = ""
    explanation_required: str = ""
    location: str = ""


class SurveyCount(SubmittedRow, table=True):
    """How many valid respondents of a group chose an option."""

    __tablename__ = "survey_count"
    unit: str
    code: str
    group: str
    question: str
    option: str
    count: str


class SurveyValid(SubmittedRow, table=True):
    """Valid respondents of a group for a leaf."""

    __tablename__ = "survey_valid"
    unit: str
    code: str
    group: str
    valid: str


class SurveySample(SubmittedRow, table=True):
    """Forms sent and returned."""

    __tablename__ = "survey_sample"
    unit: str
    group: str
    sent: str
    returned: str


class Statistic(SubmittedRow, table=True):
    """Points of a statistics leaf."""

    unit: str
    code: str
    points: str
    source: str = ""


class Adjustment(SubmittedRow, table=True):
    """A bonus or penalty."""

    unit: str
    kind: str
    points: str
    reason: str = ""
    decided_by: str = ""


class Exemption(SubmittedRow, table=True):
    """A field, criterion or leaf a unit is exempt from."""

    unit: str
    code: str
    reason: str = ""
    approved_by: str = ""


class PreviousResult(SubmittedRow, table=True):
    """Last year's result of a unit."""

    __tablename__ = "previous_result"
    unit: str
    bloc: str = ""
    index: str = ""
    rank: str = ""
    framework: str = ""
