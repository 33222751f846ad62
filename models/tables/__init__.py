"""Everything that is stored, one file per thing."""

from models.tables.adjustment import Adjustment
from models.tables.audit_event import AuditEvent
from models.tables.claim import Claim
from models.tables.commendation import Commendation
from models.tables.correction import Correction
from models.tables.crosswalk import Crosswalk
from models.tables.cycle import Cycle
from models.tables.cycle_framework import CycleFramework
from models.tables.cycle_unit import CycleUnit
from models.tables.earlier_result import EarlierResult
from models.tables.evidence_document import EvidenceDocument
from models.tables.exemption import Exemption
from models.tables.explanation import Explanation
from models.tables.finding import Finding
from models.tables.inspected_document import InspectedDocument
from models.tables.mark import Mark
from models.tables.previous_result import PreviousResult
from models.tables.previous_score import PreviousScore
from models.tables.publication import Publication
from models.tables.publication_file import PublicationFile
from models.tables.received_file import ReceivedFile
from models.tables.responsibility import Responsibility
from models.tables.run_request import RunRequest
from models.tables.stage_lock import StageLock
from models.tables.statistic import Statistic
from models.tables.step_basis import StepBasis
from models.tables.step_batch import StepBatch
from models.tables.step_run import StepRun
from models.tables.submission import Submission
from models.tables.survey_count import SurveyCount
from models.tables.survey_sample import SurveySample
from models.tables.survey_valid import SurveyValid

__all__ = [
    "Adjustment",
    "AuditEvent",
    "Claim",
    "Commendation",
    "Correction",
    "Crosswalk",
    "Cycle",
    "CycleFramework",
    "CycleUnit",
    "EarlierResult",
    "EvidenceDocument",
    "Exemption",
    "Explanation",
    "Finding",
    "InspectedDocument",
    "Mark",
    "PreviousResult",
    "PreviousScore",
    "Publication",
    "PublicationFile",
    "ReceivedFile",
    "Responsibility",
    "RunRequest",
    "StageLock",
    "Statistic",
    "StepBasis",
    "StepBatch",
    "StepRun",
    "Submission",
    "SurveyCount",
    "SurveySample",
    "SurveyValid",
]
