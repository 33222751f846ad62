"""Brings a cycle's inputs together from the database: exactly what a publication is computed from."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
from sqlmodel import Session, select

from models.rules import frames
from models.rules.corrections import apply_corrections
from models.rules.cycle import CycleInputs, CycleSettings
from models.rules.cycle_json import settings_from_json
from models.rules.errors import WrongCall
from models.rules.framework import Framework
from models.rules.framework_json import load
from models.storage.bulk import read_frame
from models.storage.evidence_rows import read_located_evidence
from models.storage.submissions import latest, standing_rows
from models.tables import (
    Adjustment,
    Claim,
    Correction,
    Cycle,
    CycleFramework,
    CycleUnit,
    Exemption,
    Mark,
    PreviousResult,
    Responsibility,
    Statistic,
    SurveyCount,
    SurveySample,
    SurveyValid,
)

ARRIVED = ("validated", "appraised", "published")


def read_cycle(session: Session, cycle: str) -> Cycle:
    """The registered cycle. Raises WrongCall when there is none of this id."""
    found = session.get(Cycle, cycle)
    if found is None:
        known = ", ".join(session.exec(select(Cycle.id).order_by(Cycle.id))) or "–"
        raise WrongCall(
            f"Không có kỳ đánh giá {cycle!r}; đã đăng ký: {known} / "
            f"No cycle {cycle!r} is registered; registered: {known}. parindex cycle open DIR"
        )
    return found


def read_settings(session: Session, cycle: str) -> CycleSettings:
    """cycle.yaml as registered."""
    return settings_from_json(json.loads(read_cycle(session, cycle).settings))


def read_frameworks(session: Session, cycle: str) -> dict[str, Framework]:
    """The pinned frameworks by id."""
    rows = session.exec(select(CycleFramework).where(CycleFramework.cycle == cycle).order_by(CycleFramework.framework))
    return {row.framework: load(row.body) for row in rows}


def read_units(session: Session, cycle: str) -> pd.DataFrame:
    """Every unit of units.csv: frame UNITS plus status, in file order."""
    by = CycleUnit.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    columns = [by[name] for name in (*frames.UNITS, "status")]
    return read_frame(session, select(*columns).where(by.cycle == cycle).order_by(by.position))


def read_responsibilities(session: Session, cycle: str) -> pd.DataFrame:
    """Frame RESPONSIBILITIES."""
    by = Responsibility.__table__.c  # type: ignore[attr-defined]
    columns = [by[name] for name in frames.RESPONSIBILITIES]
    return read_frame(session, select(*columns).where(by.cycle == cycle).order_by(by.appraiser, by.code))


def read_base(session: Session, cycle: str) -> CycleInputs:
    """Settings, frameworks, scored units and responsibilities; nothing that arrived yet."""
    units = read_units(session, cycle)
    scored = units[(units["scored"] == "yes").to_numpy()]
    return CycleInputs(
        settings=read_settings(session, cycle),
        frameworks=read_frameworks(session, cycle),
        units=scored[list(frames.UNITS)].reset_index(drop=True),
        responsibilities=read_responsibilities(session, cycle),
    )


def arrived_units(session: Session, cycle: str) -> list[str]:
    """Scored units whose forms are accepted and validated."""
    units = read_units(session, cycle)
    return units.loc[(units["status"].isin(ARRIVED) & (units["scored"] == "yes")).to_numpy(), "unit"].tolist()


def load_inputs(session: Session, cycle: str) -> CycleInputs:
    """All inputs as they stand, corrections applied; units that have not arrived have no claims."""
    base, units = read_base(session, cycle), arrived_units(session, cycle)

    def rows(table: type, columns: tuple[str, ...], kind: str, parties: list[str] | None = None) -> pd.DataFrame:
        return standing_rows(session, table, columns, cycle, kind, parties)

    marks = rows(Mark, tuple(name for name in frames.MARKS if name != "correction"), "marks")
    survey = latest(session, cycle, "survey").get("")
    inputs = replace(
        base,
        previous=rows(PreviousResult, frames.PREVIOUS, "previous"),
        exemptions=rows(Exemption, frames.EXEMPTIONS, "exemptions"),
        claims=rows(Claim, frames.CLAIMS, "self_assessment", units),
        marks=marks.assign(correction="")[list(frames.MARKS)],
        evidence=read_located_evidence(session, cycle, units)[list(frames.EVIDENCE)],
        survey_counts=rows(SurveyCount, frames.SURVEY_COUNTS, "survey"),
        survey_valid=rows(SurveyValid, frames.SURVEY_VALID, "survey"),
        survey_sample=rows(SurveySample, frames.SURVEY_SAMPLE, "survey"),
        statistics=rows(Statistic, frames.STATISTICS, "statistics"),
        adjustments=rows(Adjustment, frames.ADJUSTMENTS, "adjustments"),
        survey_present=survey is not None and survey.outcome == "accepted",
    )
    decided = session.exec(
        select(Correction).where(Correction.cycle == cycle).order_by(Correction.number, Correction.position)  # type: ignore[arg-type]
    )
    return apply_corrections(
        inputs,
        [(row.number, row.decision, row.decided_by, row.reason, json.loads(row.body)) for row in decided],
    )
