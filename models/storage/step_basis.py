"""Whether a step would find, and leave, exactly what its last complete run did: then its outcome stands.

Submissions, corrections, locks and events are only ever added, so their numbers tell whether any came; frameworks,
settings and statuses are compared as they are. A step is nothing but its software and what it reads.
"""

from __future__ import annotations

import hashlib
import json
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete, func, outerjoin, select
from sqlmodel import Session

from models.rules.states import Status
from models.rules.steps import STEPS
from models.storage.inputs import ARRIVED
from models.storage.software import computing
from models.tables import Correction, Cycle, CycleFramework, CycleUnit, StageLock, StepBasis, Submission

# Kinds of submissions a step reads, and those it takes in itself: what it took it will not take again.
_READS = {
    "collect": {"registration", "midyear"},
    "validate": {"registration", "self_assessment", "explanations"},
    "appraise": {"registration", "self_assessment", "explanations"},
    "survey": {"registration"},
}
_TAKES = {
    "collect": {"self_assessment", "explanations"},
    "validate": set[str](),
    "appraise": {"exemptions", "marks"},
    "survey": {"survey", "statistics", "lower"},
    "publish": {"adjustments", "previous", "history", "previous_scores", "crosswalk"},
}
# Statuses of units whose turn it is at a step, and which it leaves where they are when it can do no more.
_TURN = {"validate": {Status.SUBMITTED}, "appraise": {Status.VALIDATED}, "publish": set(Status)}


@dataclass(frozen=True)
class Basis:
    """What a step of a cycle stands on. read: what it finds; taken: what it may itself change."""

    cycle: str
    step: str
    given: str
    read: str
    taken: str

    @property
    def digest(self) -> str:
        """SHA-256 of all of it, the software included."""
        return _sha256([computing(), self.step, self.given, self.read, self.taken])


def basis_of(session: Session, cycle: str, step: str, given: str) -> Basis:
    """As it is now. given: what the step reads that is not in this cycle's tables, in a digest."""
    mine = _submissions(session, cycle)
    takes = _TAKES[step]
    reads = _READS.get(step, mine.keys() - takes)
    statuses = _statuses(session, cycle)
    read: list[Any] = [
        sorted((kind, one) for kind, one in mine.items() if kind in reads),
        _registered(session, cycle),
        _decided(session, cycle),
    ]
    if step == "validate":
        read.append(_other_cycles(session, cycle))  # where the same file may have been evidence
    if step == "appraise":
        read.append(sorted(unit for unit, status in statuses if status in ARRIVED))
    if step == "publish":
        read.append(_runs(session, cycle, step))  # their findings are published too
    turn = _TURN.get(step, set())
    taken = [
        sorted((kind, one) for kind, one in mine.items() if kind in takes),
        [(unit, status) for unit, status in statuses if status in turn],
    ]
    return Basis(cycle, step, given, _sha256(read), _sha256(taken))


def kept_outcome(session: Session, basis: Basis) -> dict[str, Any] | None:
    """What the last complete run told, None where it stood on anything else or the run after it did not end well."""
    kept = session.get(StepBasis, (basis.cycle, basis.step))
    found: dict[str, Any] | None = json.loads(kept.outcome) if kept and kept.basis == basis.digest else None
    return found


def keep(session: Session, run: str, before: Basis, outcome: Mapping[str, Any]) -> None:
    """Keep what a complete run stood on and told, unless something it reads changed while it ran."""
    forget(session, before.cycle, before.step)
    now = basis_of(session, before.cycle, before.step, before.given)
    if now.read != before.read:
        return
    told = json.dumps(outcome, ensure_ascii=False)  # in the order people are told it
    session.add(StepBasis(cycle=now.cycle, step=now.step, run=run, basis=now.digest, outcome=told))


def forget(session: Session, cycle: str, step: str) -> None:
    """From here on the step has to compute."""
    by = StepBasis.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    session.execute(delete(StepBasis).where(by.cycle == cycle, by.step == step))


def _submissions(session: Session, cycle: str) -> dict[str, list[int]]:
    """By kind: how many there are, and the newest."""
    by = Submission.__table__.c  # type: ignore[attr-defined]
    rows = session.execute(select(by.kind, func.count(), func.max(by.id)).where(by.cycle == cycle).group_by(by.kind))
    return {kind: [count, newest] for kind, count, newest in rows}


def _other_cycles(session: Session, cycle: str) -> list[Any]:
    """Every other cycle's year, with how many forms it received and which was the newest."""
    by, of = Submission.__table__.c, Cycle.__table__.c  # type: ignore[attr-defined]
    forms = (by.cycle == of.id) & by.kind.in_(("self_assessment", "explanations"))
    rows = session.execute(
        select(of.id, of.year, func.count(by.id), func.max(by.id))
        .select_from(outerjoin(Cycle, Submission, forms))
        .where(of.id != cycle)
        .group_by(of.id, of.year)
        .order_by(of.id)
    )
    return _lists(rows)


def _registered(session: Session, cycle: str) -> list[Any]:
    by, of = Cycle.__table__.c, CycleFramework.__table__.c  # type: ignore[attr-defined]
    settings = session.execute(select(by.name, by.year, by.folder, by.settings).where(by.id == cycle)).one()
    pinned = session.execute(select(of.framework, of.sha256).where(of.cycle == cycle).order_by(of.framework))
    return [list(settings), _lists(pinned)]


def _decided(session: Session, cycle: str) -> list[Any]:
    by, shut = Correction.__table__.c, StageLock.__table__.c  # type: ignore[attr-defined]
    corrections = session.execute(select(func.count(), func.max(by.id)).where(by.cycle == cycle)).one()
    locks = session.execute(select(shut.stage).where(shut.cycle == cycle).order_by(shut.stage))
    return [list(corrections), _lists(locks)]


def _statuses(session: Session, cycle: str) -> list[tuple[str, str]]:
    by = CycleUnit.__table__.c  # type: ignore[attr-defined]
    rows = session.execute(select(by.unit, by.status).where(by.cycle == cycle).order_by(by.unit))
    return [(unit, status) for unit, status in rows]


def _runs(session: Session, cycle: str, step: str) -> list[Any]:
    """The last complete run of every other step; of one that has none nothing is known, and nothing equals that."""
    by = StepBasis.__table__.c  # type: ignore[attr-defined]
    rows = session.execute(select(by.step, by.run).where(by.cycle == cycle))
    last = {name: run for name, run in rows}
    return [[name, last.get(name) or str(uuid.uuid4())] for name in STEPS if name != step]


def _lists(rows: Iterable[Any]) -> list[Any]:
    return [list(row) for row in rows]


def _sha256(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False).encode()).hexdigest()
