"""Brings a cycle's inputs together from the database: exactly what a publication is computed from."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
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
    Crosswalk,
    Cycle,
    CycleFramework,
    CycleUnit,
    EarlierResult,
    Exemption,
    Mark,
    PreviousResult,
    PreviousScore,
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
    """Every unit of units.csv: frame REGISTERED plus status, in file order."""
    by = CycleUnit.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    columns = [by[name] for name in (*frames.REGISTERED, "status")]
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


def _scores_of(rows: Callable[..., pd.DataFrame], crosswalk: pd.DataFrame) -> pd.DataFrame:
    """Frame PREVIOUS_SCORES: last year's leaves that a crosswalk names, the only ones anything is made of."""
    if not len(crosswalk):
        return frames.empty(frames.PREVIOUS_SCORES)
    found = rows(PreviousScore, frames.PREVIOUS_SCORES, "previous_scores")
    same = crosswalk[(crosswalk["same_meaning"] == "yes").to_numpy()]
    named = {code for text in same["old_codes"].tolist() for code in text.split(";")}
    return found[found["code"].isin(named).to_numpy()].reset_index(drop=True)


def load_inputs(session: Session, cycle: str, about: Collection[str] | None = None) -> CycleInputs:
    """All inputs as they stand, corrections applied; units that have not arrived have no claims.

    about: as if the cycle had no units but these.
    """
    rows = _reader(session, cycle, about)
    marked = _marked(session, cycle, about)
    crosswalk = standing_rows(session, Crosswalk, frames.CROSSWALK, cycle, "crosswalk")
    survey = latest(session, cycle, "survey").get("")
    inputs = replace(
        marked,
        previous=rows(PreviousResult, frames.PREVIOUS, "previous"),
        history=rows(EarlierResult, frames.HISTORY, "history"),
        crosswalk=crosswalk,
        previous_scores=_scores_of(rows, crosswalk),
        survey_counts=rows(SurveyCount, frames.SURVEY_COUNTS, "survey"),
        survey_valid=rows(SurveyValid, frames.SURVEY_VALID, "survey"),
        survey_sample=rows(SurveySample, frames.SURVEY_SAMPLE, "survey"),
        statistics=_statistics(rows, marked),
        adjustments=rows(Adjustment, frames.ADJUSTMENTS, "adjustments"),
        survey_present=survey is not None and survey.outcome == "accepted",
    )
    return _corrected(session, cycle, inputs, about)


def load_marked(session: Session, cycle: str, about: Collection[str] | None = None) -> CycleInputs:
    """As load_inputs, without what later steps take in: no survey, statistics, earlier years, adjustments."""
    return _corrected(session, cycle, _marked(session, cycle, about), about)


def _marked(session: Session, cycle: str, about: Collection[str] | None) -> CycleInputs:
    base, units = read_base(session, cycle), arrived_units(session, cycle)
    rows = _reader(session, cycle, about)
    if about is not None:
        here = base.units["unit"].isin(list(about)).to_numpy()
        base = replace(base, units=base.units[here].reset_index(drop=True))
        units = [one for one in units if one in about]
    marks = rows(Mark, tuple(name for name in frames.MARKS if name != "correction"), "marks")
    return replace(
        base,
        exemptions=rows(Exemption, frames.EXEMPTIONS, "exemptions"),
        claims=rows(Claim, frames.CLAIMS, "self_assessment", units),
        marks=marks.assign(correction="")[list(frames.MARKS)],
        evidence=read_located_evidence(session, cycle, units, about)[list(frames.EVIDENCE)],
    )


def _reader(session: Session, cycle: str, about: Collection[str] | None) -> Callable[..., pd.DataFrame]:
    def rows(table: type, columns: tuple[str, ...], kind: str, parties: list[str] | None = None) -> pd.DataFrame:
        return standing_rows(session, table, columns, cycle, kind, parties, about=about)

    return rows


def _corrected(session: Session, cycle: str, inputs: CycleInputs, about: Collection[str] | None) -> CycleInputs:
    decided = session.exec(
        select(Correction).where(Correction.cycle == cycle).order_by(Correction.number, Correction.position)  # type: ignore[arg-type]
    )
    records = [(row.number, row.decision, row.decided_by, row.reason, json.loads(row.body)) for row in decided]
    return apply_corrections(inputs, [one for one in records if about is None or one[4]["unit"] in about])


def _statistics(rows: Callable[..., pd.DataFrame], base: CycleInputs) -> pd.DataFrame:
    """Rows of statistics.csv, and those taken from the lower cycles cycle.yaml names now."""
    given = rows(Statistic, frames.STATISTICS, "statistics")
    linked = {(link.unit, link.code) for link in base.settings.lower}
    if not linked:
        return given
    below = rows(Statistic, frames.STATISTICS, "lower")
    kept = below[[key in linked for key in frames.rows_of(below, "unit", "code")]]
    return pd.concat([given, kept], ignore_index=True)
