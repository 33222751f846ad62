"""A helper: takes batches of a running step, wherever it runs, until none is left."""

from __future__ import annotations

from typing import Any

from prefect import flow

from flows.batches import perform
from flows.collect_self_assessments import COLLECTING
from flows.parameters import CycleId
from flows.steps import tag_run
from flows.validate_evidence import OPENING
from flows.workplace import acting_for, workplace
from models.actions.share_batches import take_batch
from models.storage.database import reading
from models.tables import StepRun

KINDS = {kind.name: kind for kind in (COLLECTING, OPENING)}


@flow(name="help-step", flow_run_name="trợ giúp · help · {cycle}")
def help_step(cycle: CycleId, run: str) -> int:
    """Work off batches of this step's run; gives how many. It may die at any line: its batch is taken by another."""
    tag_run(cycle)
    contexts: dict[str, Any] = {}
    number = 0
    with acting_for(_whom(run)):
        while (batch := take_batch(workplace(), run)) is not None:
            kind = KINDS[batch.kind]
            if kind.name not in contexts:
                contexts[kind.name] = kind.prepare(cycle)
            perform(cycle, kind, contexts[kind.name], batch)
            number += 1
    return number


def _whom(run: str) -> str:
    """For whom the step runs, "" where it runs for the worker itself."""
    with reading(workplace().engine) as session:
        step = session.get(StepRun, run)
    actor, via, _ = (step.actor if step else "").partition(" (via ")
    return actor if via else ""
