"""Tells Prefect's event feed what changed, for automations. Best effort: what is on record is the audit chain."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from prefect.context import FlowRunContext
from prefect.events import emit_event
from sqlmodel import col, select

from flows.workplace import workplace
from models.storage.audit_chain import head
from models.storage.database import reading
from models.tables import AuditEvent

UNITS_PER_EVENT = 200


@contextmanager
def announcing(cycle: str) -> Iterator[None]:
    """Emit an event for every change of status that is recorded inside, also where it breaks off half-way."""
    with reading(workplace().engine) as session:
        since = head(session, cycle).count
    try:
        yield
    finally:
        for status, units in sorted(_moved(cycle, since).items()):
            for start in range(0, len(units), UNITS_PER_EVENT):
                some = units[start : start + UNITS_PER_EVENT]
                announce(cycle, f"units.{status}", {"status": status, "units": some})


def announce(cycle: str, what: str, payload: dict[str, Any]) -> None:
    """One event parindex.<what> of a cycle; its resource says whether the run that tells it goes on to more steps."""
    context = FlowRunContext.get()
    below = context is not None and context.flow_run is not None and context.flow_run.parent_task_run_id is not None
    resource = {
        "prefect.resource.id": f"parindex.cycle.{cycle}",
        "prefect.resource.name": cycle,
        "parindex.within-a-year": "yes" if below else "no",
    }
    emit_event(f"parindex.{what}", resource=resource, payload={"cycle": cycle, **payload})


def _moved(cycle: str, since: int) -> dict[str, list[str]]:
    """By status: the units that came to it after this event of the chain."""
    query = select(AuditEvent.unit, AuditEvent.content).where(
        AuditEvent.cycle == cycle, AuditEvent.seq > since, col(AuditEvent.unit) != ""
    )
    found: dict[str, list[str]] = {}
    with reading(workplace().engine) as session:
        for unit, content in session.exec(query.order_by(col(AuditEvent.seq))):
            said = json.loads(content)
            if said["object"] == "unit" and "status" in (said["after"] or {}):
                found.setdefault(said["after"]["status"], []).append(unit)
    return found
