"""Runs the year on a worker and follows it: who asked is on record, progress is told as it comes."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from uuid import UUID

from prefect.client.orchestration import SyncPrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterParentFlowRunId
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.exceptions import ObjectNotFound
from sqlmodel import col, select

from flows.workplace import Outcome, Progress, workplace
from models.actions.request_run import request_run
from models.rules import errors
from models.rules.errors import PersonError, StepFailed, WrongCall
from models.rules.roles import to_run
from models.storage.database import reading
from models.tables import StepRun

DEPLOYMENT = "run-year/year"
EVERY_SECONDS = 1.0
PATIENCE_SECONDS = 30  # before saying that no worker takes it


def run_remote(cycle: str, until: str, reason: str, say: Progress) -> list[Outcome]:
    """Trigger the year's deployment and wait for its end; what a person can mend is raised as it was there.

    Raises WrongCall when nothing is deployed, NotPermitted, StepFailed when the run broke off.
    """
    workplace().check_may(to_run(until))
    with get_client(sync_client=True) as client:
        try:
            deployment = client.read_deployment_by_name(DEPLOYMENT)
        except ObjectNotFound:
            raise WrongCall(f"Chưa triển khai / Nothing is deployed at {client.api_url}: parindex deploy") from None
        asked = request_run(workplace(), cycle, until, reason)
        given = {"cycle": cycle, "until": until, "reason": reason, "request": asked}
        run = client.create_flow_run_from_deployment(
            deployment.id, parameters=given, idempotency_key=asked, tags=["parindex", cycle]
        )
        say(f"{run.name}: {run.id}")
        ended, steps = _follow(client, run.id, say)
    outcomes = _outcomes([str(one.id) for one in steps])
    if ended.state is not None and not ended.state.is_completed():
        raise _told(ended.state.message or "", [*(one.state.message or "" for one in steps if one.state)], cycle)
    return outcomes


def _follow(client: SyncPrefectClient, run: UUID, say: Progress) -> tuple[FlowRun, list[FlowRun]]:
    """Poll until the run has ended; say every new state of the run and of its steps."""
    told: dict[UUID, str] = {}
    began, warned = time.monotonic(), False
    below = FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[run]))
    while True:
        present = client.read_flow_run(run)
        steps = client.read_flow_runs(flow_run_filter=below, sort=FlowRunSort.START_TIME_ASC)
        for one in (present, *steps):
            state = (one.state.name if one.state else None) or "?"
            if told.get(one.id) != state:
                told[one.id] = state
                say(f"{one.name}: {state}")
        if present.state is not None and present.state.is_final():
            return present, steps
        if not warned and present.start_time is None and time.monotonic() - began > PATIENCE_SECONDS:
            warned = True
            say("chưa có máy chạy nào nhận / no worker has taken it: prefect worker start --pool parindex")
        time.sleep(EVERY_SECONDS)


def _outcomes(flow_runs: list[str]) -> list[Outcome]:
    """How the steps ended, as our own record has it."""
    query = select(StepRun).where(col(StepRun.flow_run_id).in_(flow_runs)).order_by(col(StepRun.started_at))
    with reading(workplace().engine) as session:
        rows = session.exec(query).all()
    outcomes = []
    for row in rows:
        said = json.loads(row.outcome or "{}")
        waiting = said.get("waiting", 0)
        more = (f"{waiting} việc chờ người / things wait on people: parindex status {row.cycle}",) if waiting else ()
        outcomes.append(
            Outcome(
                row.step, said.get("done", {}), more, said.get("refusals", 0), said.get("barred", 0), state=row.state
            )
        )
    return outcomes


def _told(said: str, below: list[str], cycle: str) -> PersonError:
    """What stopped the run, as the error it was there."""
    kinds: dict[str, Callable[[str], PersonError]] = {
        name: kind for name, kind in vars(errors).items() if isinstance(kind, type) and issubclass(kind, PersonError)
    }
    for text in (said, *below):
        name, _, message = text.removeprefix("Flow run encountered an exception: ").partition(": ")
        if name in kinds:
            return kinds[name](message)
    return StepFailed(f"Lượt chạy bị đứt / The run broke off: {said or '?'}. Again: parindex rerun {cycle}")
