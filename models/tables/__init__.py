"""Everything that is stored, one class per thing."""

from models.tables.cycle import Cycle, CycleFramework, CycleUnit, Responsibility, StageLock
from models.tables.record import AuditEvent, Correction, Finding, Publication, PublicationFile, StepRun
from models.tables.rows import (
    Adjustment,
    Claim,
    EvidenceDocument,
    Exemption,
    Explanation,
    Mark,
    PreviousResult,
    Statistic,
    SurveyCount,
    SurveySample,
    SurveyValid,
)
from models.tables.submission import InspectedDocument, ReceivedFile, Submission

__all__ = [
    "Adjustment", "AuditEvent", "Claim", "Correction", "Cycle", "CycleFramework", "CycleUnit",
    "EvidenceDocument", "Exemption", "Explanation", "Finding", "InspectedDocument", "Mark", "PreviousResult",
    "Publication", "PublicationFile", "ReceivedFile", "Responsibility", "StageLock", "Statistic", "StepRun",
    "Submission", "SurveyCount", "SurveySample", "SurveyValid",
]  # fmt: skip
