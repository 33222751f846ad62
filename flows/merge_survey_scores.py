"""Step 4: turns survey responses into counts per leaf and takes in statistics; no respondent leaves the vault."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd
from prefect import flow
from sqlmodel import Session

from checks.lower import also_from_below
from checks.rule_book import findings, refusing, rule_book
from checks.shared_files import read_statistics
from checks.survey import check_returned, read_responses, read_sample, shortfalls
from checks.survey_suite import check_counts
from flows.cascade import newest_below, take_lower
from flows.parameters import Again, CycleId, Why
from flows.shared_inputs import take_shared
from flows.steps import as_told, conclude, data_task, step, told_before
from flows.workplace import Outcome, workplace
from models.actions.move_units import statuses
from models.actions.record_findings import record_findings
from models.actions.run_step import Record
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.frames import SURVEY_VALID, rows_of
from models.rules.framework import Framework
from models.rules.lower import Lower
from models.rules.states import Status
from models.rules.survey import count_answers
from models.storage.cycle_folder import CycleFolder
from models.storage.database import reading, transaction
from models.storage.inbox import Form
from models.storage.inputs import read_base, read_cycle, read_units
from models.storage.shared_files import read_shared
from models.storage.submissions import latest, standing_rows
from models.tables import Statistic, SurveyCount, SurveySample, SurveyValid

RESPONSES, SAMPLE = "survey/responses.csv", "survey/sample.csv"


@flow(name="merge-survey-scores", flow_run_name="4 điều tra xã hội học · survey · {cycle}")
def merge_survey_scores(cycle: CycleId, reason: Why = "", again: Again = False) -> Outcome:
    """Count the survey and take in statistics; may run beside the appraisal.

    again: take a newer version of a lower cycle although this one is published.
    """
    with step(cycle, "survey", reason) as record:
        work = workplace()
        with reading(work.engine) as session:
            folder = CycleFolder(read_cycle(session, cycle).folder, work.settings)
            if not again and (told := _told(record, session, folder)) is not None:
                return conclude(record, as_told(told))
            base, units = read_base(session, cycle), read_units(session, cycle)
        survey = read_files(folder, "survey", [RESPONSES, SAMPLE])
        statistics = read_files(folder, "statistics", ["statistics.csv"])
        return conclude(record, take_survey(cycle, base, units, survey, statistics, again))


def _told(record: Record, session: Session, folder: CycleFolder) -> dict[str, Any] | None:
    """What was told before; what lower cycles give, and whether it may still be taken, counts too."""
    entries = [entry for path in (RESPONSES, SAMPLE, "statistics.csv") if (entry := folder.find(path))]
    below = newest_below(session, record.cycle)
    published = bool(below) and Status.PUBLISHED in statuses(session, record.cycle).values()
    return told_before(record, session, folder, entries, set(), repr([below, published]))


@data_task("read {kind}")
def read_files(folder: CycleFolder, kind: str, paths: list[str]) -> Form:
    """The files of one kind, kept in the vault."""
    return read_shared(folder, workplace().vault, kind, paths)


@data_task("count answers · {cycle}")
def take_survey(
    cycle: str, base: CycleInputs, units: pd.DataFrame, survey: Form, statistics: Form, again: bool = False
) -> Outcome:
    """Check, count and store; then tell which groups fall short."""
    work = workplace()
    frameworks = {unit: base.framework_of(bloc) for unit, bloc in rows_of(base.units, "unit", "bloc")}
    idle = frozenset(units.loc[(units["scored"] != "yes").to_numpy(), "unit"])
    shut = "published" if (units["status"] == Status.PUBLISHED).any() else ""
    if survey.files and not any(table.path == RESPONSES for table in survey.tables) and not survey.faults:
        survey = Form("")  # a sample sheet alone says nothing yet
    with transaction(work.engine) as session:
        refused = take_shared(
            session, cycle, "survey", "survey", survey, lambda: _check_survey(survey, frameworks, idle), shut
        )
        others = take_shared(
            session, cycle, "statistics", "survey", statistics,
            lambda: _check_statistics(statistics, frameworks, idle, base.settings.lower), shut,
        )  # fmt: skip
        below = take_lower(session, work, cycle, base, shut == "published", again)
        valid = standing_rows(session, SurveyValid, SURVEY_VALID, cycle, "survey")
        short = _short(session, cycle, base, valid)
        record_findings(session, cycle, "survey", findings(short + below, "survey"))
        waiting = _waiting(session, cycle, base, survey) + tuple(map(_said, below))
    done = {"respondents": int(valid["valid"].astype(int).groupby([valid["unit"], valid["group"]]).max().sum())}
    return Outcome("survey", done, waiting, refused + others + len(refusing(below)))


def _check_survey(
    form: Form, frameworks: dict[str, Framework], idle: frozenset[str]
) -> tuple[dict[type, pd.DataFrame], list[Fault]]:
    tables = {table.path: table for table in form.tables}
    if RESPONSES not in tables:
        return {}, []
    answers, faults = read_responses(tables[RESPONSES], frameworks, idle)
    counted = [
        count_answers(one, answers[answers["unit"].isin([u for u, f in frameworks.items() if f is one]).to_numpy()])
        for one in {id(framework): framework for framework in frameworks.values()}.values()
    ]
    counts = pd.concat([pair[0] for pair in counted], ignore_index=True)
    valid = pd.concat([pair[1] for pair in counted], ignore_index=True)
    rows: dict[type, pd.DataFrame] = {SurveyCount: counts, SurveyValid: valid}
    if SAMPLE in tables:
        sample, wrong = read_sample(tables[SAMPLE], frameworks, idle)
        faults += [*wrong, *check_returned(sample, valid)]
        rows[SurveySample] = sample.reindex(columns=["unit", "group", "sent", "returned"])
    return rows, faults + check_counts(counts, valid)


def _check_statistics(
    form: Form, frameworks: dict[str, Framework], idle: frozenset[str], links: Sequence[Lower]
) -> tuple[dict[type, pd.DataFrame], list[Fault]]:
    rows, faults = read_statistics(form.tables[0], frameworks, idle)
    faults += also_from_below(rows, links)
    return {Statistic: rows.reindex(columns=["unit", "code", "points", "source"])}, faults


def _said(fault: Fault) -> str:
    """A fault of a link as people read it."""
    check = rule_book()[fault.check]
    return f"{fault.unit} {fault.code}: {fault.found}: {check.vi} / {check.en}"


def _short(session: Session, cycle: str, base: CycleInputs, valid: pd.DataFrame) -> list[Fault]:
    if "" not in latest(session, cycle, "survey"):
        return []
    return [
        fault
        for bloc in base.settings.blocs
        for fault in shortfalls(
            base.frameworks[bloc.framework],
            base.units.loc[(base.units["bloc"] == bloc.key).to_numpy(), "unit"].tolist(),
            valid,
        )
    ]


def _waiting(session: Session, cycle: str, base: CycleInputs, survey: Form) -> tuple[str, ...]:
    asked = any(leaf.source == "survey" for one in base.frameworks.values() for leaf in one.leaves)
    if asked and "" not in latest(session, cycle, "survey"):
        return (f"Chưa có {RESPONSES} / {RESPONSES} is not there yet",)
    return ()
