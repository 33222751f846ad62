"""A step's work in batches that any number of workers take, one at a time; who dies loses the one they held."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlmodel import Session

from models.rules.errors import NotAllowedNow, PersonError
from models.rules.roles import Doing
from models.storage.database import reading, transaction
from models.storage.workspace import Workspace
from models.tables import StepBatch, StepRun

LEASE = dt.timedelta(seconds=60)
ATTEMPTS = 3
_BY = StepBatch.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
_RUN = StepRun.__table__.c  # type: ignore[attr-defined]

Done = Callable[[Session, Any], None]


@dataclass(frozen=True)
class Batch:
    """A batch somebody holds: `holder` is who, and must still be when its work is committed."""

    run: str
    number: int
    kind: str
    items: list[str]
    holder: str

    def done(self, session: Session, outcome: Any) -> None:
        """Account for the batch in the very transaction of its work. Raises NotAllowedNow when another took it over,
        or the run has ended meanwhile.
        """
        told = json.dumps(outcome, ensure_ascii=False, sort_keys=True)
        mine = (*_held(self), _goes_on(self.run))
        done = session.execute(update(StepBatch).where(*mine).values(state="done", outcome=told))
        if done.rowcount != 1:  # type: ignore[attr-defined]  # every execute of an update has it
            raise NotAllowedNow(f"Lô {self.number} không còn của máy này / Batch {self.number} is held here no more")


def _held(batch: Batch) -> tuple[ColumnElement[bool], ...]:
    return (
        _BY.run == batch.run, _BY.number == batch.number, _BY.taken_by == batch.holder, _BY.state == "taken",
    )  # fmt: skip


def _goes_on(run: str) -> ColumnElement[bool]:
    return select(_RUN.id).where(_RUN.id == run, _RUN.state == "running").exists()


@dataclass(frozen=True)
class Standing:
    """How many batches of a run are in which state, and what went wrong in those that failed."""

    counts: dict[str, int]
    errors: tuple[str, ...]

    @property
    def open(self) -> int:
        """Batches that are neither done nor failed."""
        return self.counts.get("ready", 0) + self.counts.get("taken", 0)


def share_out(workspace: Workspace, run: str, kind: str, batches: Sequence[Sequence[str]]) -> list[int]:
    """Put a run's work up as batches, numbered after those it has; gives their numbers."""
    workspace.check_may(Doing.STEP)
    with transaction(workspace.engine) as session:
        first = (session.execute(select(func.max(_BY.number)).where(_BY.run == run)).scalar() or 0) + 1
        numbers = list(range(first, first + len(batches)))
        session.add_all(
            StepBatch(run=run, number=number, kind=kind, items=json.dumps(list(items), ensure_ascii=False))
            for number, items in zip(numbers, batches, strict=True)
        )
    return numbers


def take_batch(workspace: Workspace, run: str) -> Batch | None:
    """The next batch nobody holds (any more), or None. Only while the run itself goes on."""
    workspace.check_may(Doing.STEP)
    now, holder = workspace.now(), f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:8]}"
    free = or_(_BY.state == "ready", and_(_BY.state == "taken", _BY.heartbeat_at < now - LEASE))
    with transaction(workspace.engine) as session:
        chosen = (
            select(_BY.number).where(_BY.run == run, free, _goes_on(run)).order_by(_BY.number).limit(1)
            .with_for_update(skip_locked=True)
        )  # fmt: skip
        number = session.execute(chosen).scalar()
        if number is None:
            return None
        one = session.get_one(StepBatch, (run, number))
        one.state, one.taken_by, one.heartbeat_at, one.attempts = "taken", holder, now, one.attempts + 1
        return Batch(run, number, one.kind, json.loads(one.items), holder)


@contextmanager
def holding(workspace: Workspace, batch: Batch) -> Iterator[None]:
    """Keep a batch alive while it is worked on; what goes wrong gives it back, or fails it after a few attempts."""
    workspace.check_may(Doing.STEP)
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(LEASE.total_seconds() / 6):
            try:
                with transaction(workspace.engine) as session:
                    session.execute(update(StepBatch).where(*_held(batch)).values(heartbeat_at=workspace.now()))
            except (SQLAlchemyError, PersonError):
                continue  # busy or away; the next beat tries again

    thread = threading.Thread(target=beat, name=f"batch {batch.number}", daemon=True)
    thread.start()
    try:
        yield
    except Exception as error:
        told = str(error) if isinstance(error, PersonError) else f"{type(error).__name__}: {error}"
        with transaction(workspace.engine) as session:
            one = session.get_one(StepBatch, (batch.run, batch.number))
            if one.taken_by == batch.holder and one.state == "taken":
                one.state, one.outcome = ("failed" if one.attempts >= ATTEMPTS else "ready"), told
        raise
    finally:
        stopped.set()
        thread.join()


def standing(workspace: Workspace, run: str, numbers: Sequence[int]) -> Standing:
    """How these batches stand."""
    with reading(workspace.engine) as session:
        here = (_BY.run == run, _BY.number >= numbers[0], _BY.number <= numbers[-1])
        rows = session.execute(select(_BY.state, func.count()).where(*here).group_by(_BY.state)).all()
        failed = session.execute(select(_BY.outcome).where(*here, _BY.state == "failed").order_by(_BY.number)).scalars()
        return Standing({state: count for state, count in rows}, tuple(failed))


def outcomes(workspace: Workspace, run: str, numbers: Sequence[int]) -> list[Any]:
    """What the batches brought, in their order."""
    with reading(workspace.engine) as session:
        here = (_BY.run == run, _BY.number >= numbers[0], _BY.number <= numbers[-1])
        rows = session.execute(select(_BY.outcome).where(*here).order_by(_BY.number)).scalars()
        return [json.loads(row) for row in rows]
