"""What a monitoring system asks: is the installation well, who is late, what failed, how old is the last checkpoint."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric
from sqlmodel import Session, col, select

from models.actions.move_units import statuses
from models.actions.publish import latest_publication
from models.rules.calendar import local_day
from models.rules.states import Status
from models.rules.steps import STEPS
from models.storage.audit_chain import head
from models.storage.database import reading
from models.storage.inputs import read_base, read_settings
from models.storage.workspace import Workspace
from models.tables import Cycle, StepRun

OWING = (Status.AWAITED, Status.RETURNED)
BROKEN = ("failed", "interrupted", "refused")


class Cycles:
    """The cycles of an installation as metrics; asked anew each time."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace

    def collect(self) -> Iterable[Metric]:
        """Gauges with the label cycle, as prometheus_client asks for them."""
        units = GaugeMetricFamily("parindex_units", "Units by status", labels=["cycle", "status"])
        late = GaugeMetricFamily("parindex_units_late", "Units past the closing date without a form", labels=["cycle"])
        steps = GaugeMetricFamily("parindex_step_broken", "1 where the last run broke", labels=["cycle", "step"])
        events = GaugeMetricFamily("parindex_audit_events", "Length of the audit chain", labels=["cycle"])
        open_events = GaugeMetricFamily(
            "parindex_audit_events_since_checkpoint", "Events after the last publication's checkpoint", labels=["cycle"]
        )
        age = GaugeMetricFamily(
            "parindex_checkpoint_age_seconds", "Age of the last publication's checkpoint", labels=["cycle"]
        )
        now = self._workspace.now()
        with reading(self._workspace.engine) as session:
            for cycle in session.exec(select(Cycle.id).order_by(Cycle.id)):
                scored = set(read_base(session, cycle).units["unit"])
                standing = {unit: status for unit, status in statuses(session, cycle).items() if unit in scored}
                counts = Counter(standing.values())
                for status in Status:
                    units.add_metric([cycle, str(status)], counts[str(status)])
                late.add_metric([cycle], _late(session, cycle, standing, now))
                for step, state in _last_states(session, cycle).items():
                    steps.add_metric([cycle, step], int(state in BROKEN))
                count, last = head(session, cycle).count, latest_publication(session, cycle)
                events.add_metric([cycle], count)
                open_events.add_metric([cycle], count - (last.audit_events if last else 0))
                if last is not None:
                    age.add_metric([cycle], (now - last.published_at).total_seconds())
        return [units, late, steps, events, open_events, age]


def _late(session: Session, cycle: str, standing: dict[str, str], now: dt.datetime) -> int:
    closes = read_settings(session, cycle).calendar.get("self_assessment_closes", "9999")
    return sum(status in OWING for status in standing.values()) if local_day(now).isoformat() > closes else 0


def _last_states(session: Session, cycle: str) -> dict[str, str]:
    runs = select(StepRun.step, StepRun.state).where(StepRun.cycle == cycle).order_by(col(StepRun.started_at))
    found = {step: state for step, state in session.exec(runs)}
    return {step: found[step] for step in STEPS if step in found}


def as_text(workspace: Workspace) -> str:
    """The metrics in Prometheus' text format. Raises StepFailed when the database is away."""
    return generate_latest(_registry(workspace)).decode()


def serve(workspace: Workspace, address: str, port: int) -> None:
    """Answer GET /metrics until interrupted."""
    _, thread = start_http_server(port, address, _registry(workspace))
    thread.join()


def _registry(workspace: Workspace) -> CollectorRegistry:
    registry = CollectorRegistry()
    registry.register(Cycles(workspace))
    return registry


def ailments(workspace: Workspace) -> list[str]:
    """What is wrong with the installation: the store does not keep what it is given, or a step broke. Empty: nothing.

    Raises StepFailed when the database or the store is away.
    """
    probe = b"parindex health\n"
    if workspace.vault.get(workspace.vault.put(probe)) != probe:
        return ["kho trả về thứ khác / the store gives back something else: PARINDEX_STORE_URL"]
    with reading(workspace.engine) as session:
        return [
            f"{cycle} {step}: {state} → parindex rerun {cycle}"
            for cycle in session.exec(select(Cycle.id).order_by(Cycle.id))
            for step, state in _last_states(session, cycle).items()
            if state in ("failed", "interrupted")
        ]
