"""Registers with a Prefect server what deploy/prefect.yaml lists, the cycles' calendars and the automations."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import yaml
from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.actions import DeploymentScheduleCreate, WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig, DeploymentSchedule
from prefect.client.schemas.responses import DeploymentResponse
from prefect.client.schemas.schedules import CronSchedule, RRuleSchedule
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists, ObjectNotFound
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.importtools import import_object
from prefect.workers.process import ProcessWorker
from sqlmodel import select

from flows.automations import register_automations
from models.rules.calendar import HERE, moments
from models.storage.database import reading
from models.storage.inputs import read_settings
from models.storage.workspace import Workspace
from models.tables import Cycle

OURS = "parindex-"  # how the slugs of our schedules begin
COLLECTING = dt.timedelta(minutes=30)


def listed() -> list[dict[str, Any]]:
    """The deployments of prefect.yaml: beside the packages in a checkout, inside them when installed."""
    here = Path(__file__).resolve().parents[1]
    inside = here / "parindex_deploy" / "prefect.yaml"
    text = (inside if inside.is_file() else here / "deploy" / "prefect.yaml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)["deployments"]
    return found


def register_deployments(workspace: Workspace) -> list[str]:
    """Make or renew every deployment, the work pools they name, schedules and automations; gives their names.

    What an admin set on the server by hand is left alone: default parameters, job variables, more tags, schedules of
    their own, what is paused, a pool's settings, an automation that is off. Ours are what prefect.yaml says and the
    schedules named parindex-…, which follow the present calendars. Safe to run again.
    """
    entries = listed()
    with get_client(sync_client=True) as client:
        for pool in sorted({entry["work_pool"]["name"] for entry in entries}):
            _make_pool(client, pool)
    by_calendar = calendar_schedules(workspace)
    names: list[str] = []
    ids: dict[str, UUID] = {}
    for entry in entries:
        flow = import_object(entry["entrypoint"])
        present = _present(f"{flow.name}/{entry['name']}")
        ours = [_schedule(one) for one in entry.get("schedules", ())] + by_calendar.get(entry["name"], [])
        schedules = _merged(ours, present.schedules if present else [])
        deployment = RunnerDeployment.from_flow(
            flow,
            name=entry["name"],
            description=entry["description"],
            tags=sorted({*entry["tags"], *(present.tags if present else ())}),
            parameters=present.parameters if present else {},
            job_variables=present.job_variables if present else {},
            paused=present.paused if present else False,
            schedules=schedules,
            concurrency_limit=ConcurrencyLimitConfig(**limit) if (limit := entry["concurrency_limit"]) else None,
            work_pool_name=entry["work_pool"]["name"],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        ids[entry["name"]] = cast(UUID, deployment.apply())  # a coroutine only where async calls it
        names.append(f"{flow.name}/{entry['name']}" + (f" · {len(schedules)} lịch / schedules" if schedules else ""))
    with get_client(sync_client=True) as client:
        return names + register_automations(client, ids)


def _present(name: str) -> DeploymentResponse | None:
    """The deployment as the server has it."""
    with get_client(sync_client=True) as client:
        try:
            return client.read_deployment_by_name(name)
        except ObjectNotFound:
            return None


def _merged(ours: list[DeploymentScheduleCreate], present: list[DeploymentSchedule]) -> list[DeploymentScheduleCreate]:
    """Our schedules, switched off where somebody had switched them off, and everybody else's as they are."""
    off = {one.slug for one in present if not one.active}
    kept = [
        DeploymentScheduleCreate(
            schedule=one.schedule, active=one.active, parameters=one.parameters, slug=one.slug,
            max_scheduled_runs=one.max_scheduled_runs,
        )
        for one in present
        if not (one.slug or "").startswith(OURS)
    ]  # fmt: skip
    return [one.model_copy(update={"active": one.slug not in off}) for one in ours] + kept


def _make_pool(client: SyncPrefectClient, pool: str) -> None:
    template = ProcessWorker.get_default_base_job_template()
    try:
        client.create_work_pool(WorkPoolCreate(name=pool, type="process", base_job_template=template))
    except ObjectAlreadyExists:
        return


def calendar_schedules(workspace: Workspace) -> dict[str, list[DeploymentScheduleCreate]]:
    """By deployment: one schedule for every date still to come, and taking in forms while units may hand them in."""
    found: dict[str, list[DeploymentScheduleCreate]] = {"calendar": [], "collect": []}
    now = workspace.now()
    with reading(workspace.engine) as session:
        cycles = [read_settings(session, cycle) for cycle in session.exec(select(Cycle.id).order_by(Cycle.id))]
    for cycle in cycles:
        dates = {moment.name: moment.at for moment in moments(cycle.calendar)}
        for name, at in dates.items():
            if at > now:
                found["calendar"].append(_once(f"{OURS}{cycle.id}-{name}".replace("_", "-"), at, {"cycle": cycle.id}))
        ends = dates.get("self_assessment_locks") or dates.get("self_assessment_closes")
        if "opens" in dates and ends and ends > now:
            rule = _rule(dates["opens"], f"FREQ=MINUTELY;INTERVAL={COLLECTING.seconds // 60};UNTIL={_local(ends)}")
            found["collect"].append(
                DeploymentScheduleCreate(
                    schedule=rule, parameters={"cycle": cycle.id}, slug=f"{OURS}{cycle.id}-arrivals"
                )
            )
    return found


def _local(at: dt.datetime) -> str:
    return at.astimezone(HERE).strftime("%Y%m%dT%H%M%S")


def _rule(start: dt.datetime, rest: str) -> RRuleSchedule:
    return RRuleSchedule(rrule=f"DTSTART:{_local(start)}\nRRULE:{rest}", timezone=str(HERE))


def _once(slug: str, at: dt.datetime, parameters: dict[str, Any]) -> DeploymentScheduleCreate:
    return DeploymentScheduleCreate(schedule=_rule(at, "FREQ=DAILY;COUNT=1"), parameters=parameters, slug=slug)


def _schedule(entry: dict[str, Any]) -> DeploymentScheduleCreate:
    given = CronSchedule(cron=entry["cron"], timezone=entry["timezone"])
    return DeploymentScheduleCreate(schedule=given, parameters=entry["parameters"], slug=OURS + entry["slug"])
