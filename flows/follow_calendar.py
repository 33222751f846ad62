"""The calendar: locks what is due to be locked, brings every open cycle up to date, tells who is late."""

from __future__ import annotations

from prefect import flow
from sqlmodel import select

from flows.collect_self_assessments import WAITING
from flows.events import announce, announcing
from flows.parameters import CycleId
from flows.run_year import run_year
from flows.steps import tag_run
from flows.workplace import workplace
from models.actions.lock_stage import lock_stage
from models.actions.move_units import statuses
from models.actions.publish import latest_publication
from models.rules.calendar import due_locks, local_day, moments
from models.rules.errors import PersonError, StepFailed
from models.storage.database import reading
from models.storage.inputs import read_base, read_settings
from models.storage.locks import locked_stages
from models.tables import Cycle

BY_CALENDAR = "theo lịch / by the calendar"


@flow(name="follow-calendar", flow_run_name="lịch · calendar · {cycle}")
def follow_calendar(cycle: CycleId = "*") -> list[str]:
    """Do what the calendar says is due, for one cycle or ("*") for every one. Safe to run again at any moment.

    A stage with a locking date is locked once that day has ended, and from the opening day on everything that has
    arrived is taken in, up to and including the survey. Publishing stays with people. Returns the cycles looked at.
    Raises StepFailed at the end for cycles that could not be followed; they stop no other.
    """
    with reading(workplace().engine) as session:
        known = list(session.exec(select(Cycle.id).order_by(Cycle.id))) if cycle == "*" else [cycle]
    failed = []
    for one in known:
        tag_run(one)
        try:
            _follow(one)
        except PersonError as error:
            failed.append(f"{one}: {error}")
    if failed:
        raise StepFailed("; ".join(failed))
    return known


def _follow(cycle: str) -> None:
    work = workplace()
    now = work.now()
    with reading(work.engine) as session:
        calendar = read_settings(session, cycle).calendar
        shut, published = locked_stages(session, cycle), latest_publication(session, cycle) is not None
    if published or not any(moment.at <= now for moment in moments(calendar)):
        return
    run_year(cycle, "survey", BY_CALENDAR)  # first: what arrived before the lock is taken
    for stage in due_locks(calendar, now):
        if stage not in shut:
            with announcing(cycle):
                lock_stage(work, cycle, stage, BY_CALENDAR)
            announce(cycle, "stage.locked", {"stage": stage})
    with reading(work.engine) as session:
        scored = set(read_base(session, cycle).units["unit"])
        late = sorted(unit for unit, status in statuses(session, cycle).items() if status in WAITING and unit in scored)
    if late and local_day(now).isoformat() > calendar.get("self_assessment_closes", "9999"):
        announce(cycle, "units.late", {"units": late})
    if local_day(now).isoformat() >= calendar.get("publishes", "9999"):
        announce(cycle, "publication.due", {})
