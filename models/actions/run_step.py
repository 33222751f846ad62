"""One run of a step: it is announced before it works and accounted for after, whatever happens in between."""

from __future__ import annotations

import datetime as dt
import json
import os
import socket
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlmodel import Session, select

from models.rules.errors import NotAllowedNow, PersonError, StepFailed
from models.rules.roles import to_run
from models.storage.audit_chain import NewEvent, append
from models.storage.database import transaction
from models.storage.step_basis import Basis, forget, keep
from models.storage.step_inputs import inputs_digest
from models.storage.workspace import Workspace
from models.tables import StepRun

LEASE = dt.timedelta(minutes=10)
_MINE: set[str] = set()  # runs this process holds right now


@dataclass
class Record:
    """What a step says of itself while it runs; `state` and `outcome` are written when it ends."""

    id: str
    cycle: str
    step: str
    state: str = "done"
    outcome: dict[str, Any] = field(default_factory=dict)
    basis: Basis | None = None  # what a complete run stood on when it began
    told: dict[str, Any] = field(default_factory=dict)  # by a complete run, in full
    repeats: bool = False  # what the last complete run told, computing nothing


@contextmanager
def running(
    workspace: Workspace, cycle: str, step: str, *, unit: str = "", reason: str = "", flow_run_id: str = ""
) -> Iterator[Record]:
    """Hold the cycle for one step. Raises NotAllowedNow when another run holds it and is alive, NotPermitted.

    A run whose process is gone, or whose lease ran out, is marked interrupted and gives way.
    """
    workspace.check_may(to_run(step))
    record = Record(str(uuid.uuid4()), cycle, step)
    worker = {"host": socket.gethostname(), "pid": os.getpid()}
    now = workspace.now()
    try:
        with transaction(workspace.engine) as session:
            _clear_interrupted(session, workspace, cycle)
            session.add(
                StepRun(
                    id=record.id, cycle=cycle, step=step, unit=unit, started_at=now, heartbeat_at=now,
                    actor=workspace.actor, reason=reason, state="running", outcome=json.dumps(worker),
                    flow_run_id=flow_run_id,
                )
            )  # fmt: skip
            session.flush()
            _tell(session, workspace, record, "step started", None, {"run": record.id}, reason)
    except IntegrityError as error:
        raise NotAllowedNow(
            f"Kỳ {cycle} đang có một lượt chạy khác / Another run of {cycle} is in progress: parindex history {cycle}"
        ) from error
    _MINE.add(record.id)
    try:
        with _heartbeat(workspace, record.id):
            yield record
    except PersonError as error:
        record.state = "failed" if isinstance(error, StepFailed) else "refused"
        record.outcome["error"] = str(error)
        _end(workspace, record)
        raise
    except Exception as error:
        record.state, record.outcome["error"] = "failed", f"{type(error).__name__}: {error}"
        with suppress(SQLAlchemyError):  # a database that is gone must not hide what happened; the lease runs out
            _end(workspace, record)
        raise
    else:
        _end(workspace, record)
    finally:
        _MINE.discard(record.id)


@contextmanager
def _heartbeat(workspace: Workspace, run: str) -> Iterator[None]:
    """Renews the lease while a step works, from a thread of its own: a step may well take longer than a lease."""
    stopped = threading.Event()

    def beat() -> None:
        while not stopped.wait(LEASE.total_seconds() / 10):
            try:
                with transaction(workspace.engine) as session:
                    by = StepRun.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
                    session.execute(update(StepRun).where(by.id == run).values(heartbeat_at=workspace.now()))
            except (SQLAlchemyError, PersonError):
                continue  # the step itself has the database now, or nobody has; the next beat tries again

    thread = threading.Thread(target=beat, name=f"lease of {run}", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopped.set()
        thread.join()


def _end(workspace: Workspace, record: Record) -> None:
    with transaction(workspace.engine) as session:
        run = session.get(StepRun, record.id)
        if run is not None and run.state == "running":
            run.state, run.ended_at = record.state, workspace.now()
            run.outcome = json.dumps(record.outcome, ensure_ascii=False, sort_keys=True)
            run.input_digest = inputs_digest(session, record.cycle, record.step)
            after = {"run": record.id, "state": record.state, "inputs": run.input_digest, "outcome": record.outcome}
            _tell(session, workspace, record, "step ended", None, after, "")
            _keep_basis(session, record)
            return
        forget(session, record.cycle, record.step)  # who took over may have computed before this one's last write
    raise NotAllowedNow(f"Lượt chạy {record.id} đã bị thay thế / This run was taken over by another: {record.cycle}")


def _keep_basis(session: Session, record: Record) -> None:
    """A run that broke off, or did only part of the work, leaves none: the next one computes."""
    well = "error" not in record.outcome
    if well and record.basis is not None:
        keep(session, record.id, record.basis, record.told)
    elif not (well and record.repeats):
        forget(session, record.cycle, record.step)


def _clear_interrupted(session: Session, workspace: Workspace, cycle: str) -> None:
    """Runs that say running but are not: killed processes on this host, expired leases elsewhere."""
    for run in session.exec(select(StepRun).where(StepRun.cycle == cycle, StepRun.state == "running")):
        if _alive(run, workspace.now()):
            continue
        run.state, run.ended_at = "interrupted", workspace.now()
        gone = Record(run.id, cycle, run.step)
        forget(session, cycle, run.step)
        _tell(session, workspace, gone, "step interrupted", {"state": "running"}, {"run": run.id}, "")
    session.flush()


def _alive(run: StepRun, now: dt.datetime) -> bool:
    worker = json.loads(run.outcome or "{}")
    if worker.get("host") == socket.gethostname() and "pid" in worker:
        return run.id in _MINE if worker["pid"] == os.getpid() else _process_lives(worker["pid"])
    return now - run.heartbeat_at < LEASE


def _process_lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _tell(
    session: Session, workspace: Workspace, record: Record, action: str, before: Any, after: Any, reason: str
) -> None:
    event = NewEvent(action, "", f"step:{record.step}", before, after, reason)
    append(session, record.cycle, [event], at=workspace.now(), actor=workspace.actor, salts=workspace.salt)
