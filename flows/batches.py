"""Shares a step's batches with helpers on any number of workers; the same code runs them wherever they run."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from prefect import get_run_logger
from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.deployments import run_deployment
from prefect.exceptions import ObjectNotFound

from flows.workplace import workplace
from models.actions.share_batches import Batch, Done, holding, outcomes, share_out, standing, take_batch
from models.rules.errors import StepFailed

HELPER = "help-step/help"
POLL_SECONDS = 0.5


@dataclass(frozen=True)
class Kind:
    """A kind of batch. perform(cycle, context, items, done) does one in one transaction and calls done in it;
    prepare(cycle) makes the context a helper lacks."""

    name: str
    prepare: Callable[[str], Any]
    perform: Callable[[str, Any, list[str], Done], Any]


def in_batches(cycle: str, run: str, kind: Kind, context: Any, batches: Sequence[list[str]], doing: str) -> list[Any]:
    """What every batch brought, in order. Raises StepFailed when one failed for good.

    One batch is done here. More are put up for all: helpers on other workers (PARINDEX_WORKERS) and this process take
    them one by one; what a helper held when it died is taken again when its lease has run out.
    """
    if len(batches) < 2:
        return [_alone(cycle, kind, context, items) for items in batches]
    work = workplace()
    numbers = share_out(work, run, kind.name, batches)
    _call_helpers(cycle, run, min(work.settings.workers, len(batches)) - 1)
    bar: Any = create_progress_artifact(0.0, description=doing)  # a coroutine only where async calls it
    while True:
        batch = take_batch(work, run)
        if batch is not None:
            perform(cycle, kind, context, batch)
        now = standing(work, run, numbers)
        update_progress_artifact(bar, 100 * now.counts.get("done", 0) / len(numbers))
        if now.errors:
            raise StepFailed(f"{doing}: {now.errors[0]}")
        if not now.open:
            return outcomes(work, run, numbers)
        if batch is None:
            time.sleep(POLL_SECONDS)


def perform(cycle: str, kind: Kind, context: Any, batch: Batch) -> None:
    """Do one batch that was taken."""
    with holding(workplace(), batch):
        kind.perform(cycle, context, batch.items, batch.done)


def _alone(cycle: str, kind: Kind, context: Any, items: list[str]) -> Any:
    return kind.perform(cycle, context, items, lambda session, outcome: None)


def _call_helpers(cycle: str, run: str, number: int) -> None:
    for _ in range(number):
        try:
            run_deployment(HELPER, parameters={"cycle": cycle, "run": run}, timeout=0, as_subflow=False)
        except ObjectNotFound:
            get_run_logger().warning(
                "không có %s, chạy một mình / not deployed, working alone: parindex deploy", HELPER
            )
            return
