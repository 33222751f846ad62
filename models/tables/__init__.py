"""Everything stored (stand-in)."""
from __future__ import annotations
import datetime as dt
from sqlalchemy import Column, DateTime, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

class Utc(TypeDecorator):
    impl = DateTime(timezone=True); cache_ok = True
    def process_bind_param(self, value, dialect):
        return None if value is None else value.astimezone(dt.UTC)
    def process_result_value(self, value, dialect):
        return None if value is None else (value if value.tzinfo else value.replace(tzinfo=dt.UTC))

def when(**k): return Field(sa_type=Utc, **k)

class Cycle(SQLModel, table=True):
    id: str = Field(primary_key=True); name: str; year: int; folder: str; settings: str; opened_at: dt.datetime = when(); opened_by: str = ""
class CycleUnit(SQLModel, table=True):
    __tablename__ = "cycle_unit"
    cycle: str = Field(primary_key=True); unit: str = Field(primary_key=True); name: str=""; bloc: str=""; scored: str="yes"; ranked: str="yes"; published: str="yes"; valid_from: str=""; valid_to: str=""; predecessors: str=""; position: int=0; status: str="awaited"; status_since: dt.datetime = when()
class CycleFramework(SQLModel, table=True):
    __tablename__ = "cycle_framework"
    cycle: str = Field(primary_key=True); framework: str = Field(primary_key=True); sha256: str=""; body: str=""; path: str=""
class Responsibility(SQLModel, table=True):
    cycle: str = Field(primary_key=True); appraiser: str = Field(primary_key=True); code: str = Field(primary_key=True); name: str=""; unit: str=""; fallback: str=""
class Submission(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True); cycle: str; kind: str; party: str=""; version: int=1; digest: str=""; received_at: dt.datetime = when(); received_by: str=""; outcome: str="accepted"; late: bool=False
class ReceivedFile(SQLModel, table=True):
    __tablename__ = "received_file"
    submission: int = Field(primary_key=True); path: str = Field(primary_key=True); sha256: str=""; size: int=0
class _Row(SQLModel):
    id: int | None = Field(default=None, primary_key=True); submission: int = 0; cycle: str = ""
class Claim(_Row, table=True):
    unit: str=""; code: str=""; met: str=""; option: str=""; numerator: str=""; denominator: str=""; value: str=""; count: str=""; points: str=""; not_applicable: str=""; explanation: str=""; location: str=""
class EvidenceDocument(_Row, table=True):
    __tablename__ = "evidence_document"
    unit: str=""; code: str=""; document_number: str=""; issuer: str=""; issued_on: str=""; title: str=""; file: str=""; pages: str=""; sha256: str=""; size: str=""; location: str=""
class Explanation(_Row, table=True):
    unit: str=""; code: str=""; text: str=""; file: str=""; sha256: str=""; size: str=""; location: str=""
class Mark(_Row, table=True):
    unit: str=""; code: str=""; round: str=""; appraiser: str=""; agree: str=""; met: str=""; option: str=""; numerator: str=""; denominator: str=""; value: str=""; count: str=""; points: str=""; not_applicable: str=""; reason: str=""; explanation_required: str=""; location: str=""
class SurveyCount(_Row, table=True):
    __tablename__ = "survey_count"
    unit: str=""; code: str=""; group: str=""; question: str=""; option: str=""; count: str=""
class SurveyValid(_Row, table=True):
    __tablename__ = "survey_valid"
    unit: str=""; code: str=""; group: str=""; valid: str=""
class SurveySample(_Row, table=True):
    __tablename__ = "survey_sample"
    unit: str=""; group: str=""; sent: str=""; returned: str=""
class Statistic(_Row, table=True):
    unit: str=""; code: str=""; points: str=""; source: str=""
class Adjustment(_Row, table=True):
    unit: str=""; kind: str=""; points: str=""; reason: str=""; decided_by: str=""
class Exemption(_Row, table=True):
    unit: str=""; code: str=""; reason: str=""; approved_by: str=""
class PreviousResult(_Row, table=True):
    __tablename__ = "previous_result"
    unit: str=""; bloc: str=""; index: str=""; rank: str=""; framework: str=""
class Finding(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True); cycle: str=""; step: str=""; submission: int | None = None; unit: str=""; severity: str=""; code: str=""; check_id: str = Field(default="", sa_column=Column("check", Text)); location: str=""; found: str=""; expected: str=""; advice: str=""
class Correction(SQLModel, table=True):
    id: int | None = Field(default=None, primary_key=True); cycle: str=""; number: int=0; position: int=0; decision: str=""; decided_by: str=""; reason: str=""; body: str=""; recorded_at: dt.datetime = when(); recorded_by: str=""
class StageLock(SQLModel, table=True):
    __tablename__ = "stage_lock"
    cycle: str = Field(primary_key=True); stage: str = Field(primary_key=True); at: dt.datetime = when(); by: str=""; reason: str=""
class Publication(SQLModel, table=True):
    cycle: str = Field(primary_key=True); version: int = Field(primary_key=True); inputs_digest: str=""; manifest_sha256: str=""; annex_sha256: str=""; published_at: dt.datetime = when(); published_by: str=""; audit_events: int=0; audit_head: str=""
class PublicationFile(SQLModel, table=True):
    __tablename__ = "publication_file"
    cycle: str = Field(primary_key=True); version: int = Field(primary_key=True); annex: bool = Field(primary_key=True); path: str = Field(primary_key=True); sha256: str=""; size: int=0
class AuditEvent(SQLModel, table=True):
    __tablename__ = "audit_event"
    cycle: str = Field(primary_key=True); seq: int = Field(primary_key=True); at: str=""; actor: str=""; action: str=""; unit: str=""; content: str=""; content_digest: str=""; previous: str=""; digest: str=""
class StepRun(SQLModel, table=True):
    __tablename__ = "step_run"
    id: str = Field(primary_key=True); cycle: str=""; step: str=""; unit: str=""; started_at: dt.datetime = when(); heartbeat_at: dt.datetime = when(); ended_at: dt.datetime | None = when(default=None, nullable=True); actor: str=""; reason: str=""; state: str=""; input_digest: str=""; outcome: str=""; flow_run_id: str=""
class InspectedDocument(SQLModel, table=True):
    __tablename__ = "inspected_document"
    sha256: str = Field(primary_key=True); found: str=""
