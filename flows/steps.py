"""What the five step flows share: how a step is announced to Prefect and accounted for in our own tables."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict
from functools import wraps
from pathlib import Path
from typing import Any, ParamSpec, TypeVar, cast
from uuid import UUID

from prefect import get_run_logger, tags, task
from prefect.artifacts import create_markdown_artifact, create_progress_artifact, update_progress_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.orchestration import SyncPrefectClient
from prefect.context import FlowRunContext, TagsContext
from prefect.runtime import flow_run
from prefect.utilities.annotations import quote
from sqlmodel import Session

from flows.events import announcing
from flows.workplace import Outcome, data_docs, workplace
from models.actions.run_step import Record, running
from models.rules.errors import Refused, StepFailed
from models.storage.cycle_folder import CycleFolder, Entry
from models.storage.step_basis import basis_of, kept_outcome
from models.storage.step_inputs import as_received

Item = TypeVar("Item")


def _worth_another_try(task: object, run: object, state: object) -> bool:
    """Storage or network that failed may be back in a moment; a refusal or a bug is not mended by trying again."""
    error = getattr(state, "data", None)
    return isinstance(error, StepFailed | OSError)


P = ParamSpec("P")
R = TypeVar("R")


def data_task(name: str, retries: int = 3) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """A Prefect task over frames, forms and contexts, run again when storage or network failed it.

    Prefect neither looks into what it is given (it would walk through every cell, for minutes) nor keeps what it gives.
    name: of its runs, with {parameters}.
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        made: Any = task(
            task_run_name=name,
            retries=retries,
            retry_delay_seconds=[1, 4, 15],
            retry_jitter_factor=0.5,
            cache_policy=NO_CACHE,
            persist_result=False,
            retry_condition_fn=_worth_another_try,
        )(function)

        @wraps(function)
        def perform(*args: P.args, **kwargs: P.kwargs) -> R:
            given: R = made(*map(quote, args), **{key: quote(value) for key, value in kwargs.items()})
            return given

        return perform

    return decorate


@contextmanager
def step(cycle: str, name: str, reason: str = "", unit: str = "") -> Iterator[Record]:
    """Hold the cycle for one step and name the Prefect run it belongs to; the run carries cycle and step as tags."""
    tag_run(cycle, name)
    run = str(flow_run.id or "")
    with (
        TagsContext(current_tags=set()),
        announcing(cycle),
        running(workplace(), cycle, name, unit=unit, reason=reason, flow_run_id=run) as record,
    ):
        yield record


def told_before(
    record: Record,
    session: Session,
    folder: CycleFolder,
    entries: list[Entry],
    parties: set[str] | None,
    more: str = "",
) -> dict[str, Any] | None:
    """The outcome of this step's last complete run, where everything it read and left is the same, byte by byte.

    entries: every file of the cycle folder the step reads, or whose name it looks at. parties: whose forms are taken,
    None where the step opens no file there. more: what else it reads. None is given when it has to compute; its own
    outcome will be kept.
    """
    listed = [[(entry.path, entry.size) for entry in entries], [asdict(fault) for fault in folder.faults], more]
    given = hashlib.sha256(json.dumps(listed, ensure_ascii=False).encode()).hexdigest()
    record.basis = basis_of(session, record.cycle, record.step, given)
    told = None if _afresh.get() else kept_outcome(session, record.basis)
    page = _page(record)
    if told is None or (told["page"] and not (page and page.exists())):
        return None
    try:
        if parties is not None and not as_received(session, record.cycle, folder, entries, parties):
            return None
    except (StepFailed, Refused, OSError):  # a file that cannot be read now is met by the task, which tries again
        return None
    record.basis, record.repeats = None, True
    return told


_afresh: ContextVar[bool] = ContextVar("steps compute whatever they did before", default=False)


@contextmanager
def afresh() -> Iterator[None]:
    """Steps inside do all their work, also where nothing they read has changed."""
    token = _afresh.set(True)
    try:
        yield
    finally:
        _afresh.reset(token)


def _page(record: Record) -> Path | None:
    """The Data Docs page a step leaves beside the database."""
    name = {"validate": "evidence", "publish": "results"}.get(record.step)
    return data_docs(record.cycle) / f"{name}.html" if name else None


def as_told(told: Mapping[str, Any], **now: Any) -> Outcome:
    """An outcome as it was told before, with what is otherwise now."""
    kept = {name: value for name, value in told.items() if name != "page"} | now
    read: dict[str, Any] = {name: tuple(one) if isinstance(one, list) else one for name, one in kept.items()}
    return Outcome(**read)


def tag_run(*tags: str) -> None:
    """Tag the flow run alone: a tag on a task costs two calls to the server each time, for limits nobody set."""
    context = FlowRunContext.get()
    if context is not None and context.flow_run is not None and not {*tags} <= {*context.flow_run.tags}:
        cast(SyncPrefectClient, context.client).update_flow_run(
            context.flow_run.id, tags={*context.flow_run.tags, *tags}
        )


def tagged(cycle: str, name: str, perform: Callable[[], Outcome]) -> Outcome:
    """A step's flow run that is made with its tags, which spares the call that would add them."""
    with tags(cycle, name):
        return perform()


def progress(items: Sequence[Item], doing: str) -> Iterator[Item]:
    """The items one by one, with a progress bar in Prefect when there are several."""
    if len(items) < 2:
        yield from items
        return
    bar = cast(UUID, create_progress_artifact(0.0, description=doing))  # a coroutine only where async calls it
    for number, item in enumerate(items, start=1):
        yield item
        update_progress_artifact(bar, 100 * number / len(items))


def conclude(record: Record, outcome: Outcome) -> Outcome:
    """Write the outcome into our record and as an artifact for whoever looks at Prefect."""
    record.state = "waiting" if outcome.waiting else ("refused" if outcome.refusals else "done")
    record.outcome = outcome.summary()
    page = _page(record)
    record.told = asdict(outcome) | {"page": page is not None and page.exists()}
    lines = [f"# {record.step} · {record.cycle}", ""]
    lines += [f"- {name}: **{number}**" for name, number in outcome.done.items()]
    lines += [f"- bị từ chối / refused: **{outcome.refusals}**"] if outcome.refusals else []
    lines += ["", "Đang chờ / waiting for:", *[f"- {text}" for text in outcome.waiting[:50]]] if outcome.waiting else []
    create_markdown_artifact(markdown="\n".join(lines), key=f"parindex-{record.step}", description=record.cycle)
    get_run_logger().info("%s %s: %s", record.cycle, record.step, outcome.summary())
    return outcome
