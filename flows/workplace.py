"""Where flows find the installation, and what every flow does alike: settings of the engine, locks, outcomes."""

from __future__ import annotations

import gc
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from flows import embedded_server
from models.rules.errors import PersonError
from models.rules.roles import Doing
from models.storage.workspace import Workspace, open_workspace

MOST_BATCHES, BATCHES_OF_A_WORKER = 16, 4


def _without_traceback(record: logging.LogRecord) -> bool:
    """What a person can mend is said once, by the command, without a traceback; a bug keeps its own."""
    from httpx import HTTPError

    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, PersonError | HTTPError):
        record.exc_info, record.exc_text = None, None
        return not embedded_server.is_ours()
    return not (embedded_server.is_ours() and "Finished in state Failed" in record.getMessage())


@contextmanager
def engine() -> Iterator[None]:
    """Prefect for one command, its server up. One that ends with the command needs no heartbeats (a second a flow)."""
    from prefect.settings import PREFECT_FLOWS_HEARTBEAT_FREQUENCY, temporary_settings

    embedded_server.wait()
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).addFilter(_without_traceback)
    with temporary_settings({PREFECT_FLOWS_HEARTBEAT_FREQUENCY: None} if embedded_server.is_ours() else {}):
        yield


@cache
def opened() -> Workspace:
    """The installation the environment names. The process then looks for dead cycles of objects seldom: frames and
    pages have none, and looking through all that lives took a sixth of a year's processor time."""
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
    return open_workspace()


_present: ContextVar[Workspace | None] = ContextVar("workspace of a run somebody else asked for", default=None)


def workplace() -> Workspace:
    """The installation of this process, opened once; within `acting_for`, as whoever asked."""
    return _present.get() or opened()


def permitted(doing: Doing) -> Workspace:
    """The installation, for who may do this there. Raises NotPermitted."""
    work = workplace()
    work.check_may(doing)
    return work


@contextmanager
def working_in(other: Workspace) -> Iterator[None]:
    """What runs inside works in another installation."""
    token = _present.set(other)
    try:
        yield
    finally:
        _present.reset(token)


@contextmanager
def acting_for(other: str) -> Iterator[None]:
    """What runs inside is done for somebody else, by a worker. "" changes nothing. Raises WrongCall."""
    token = _present.set(workplace().acting_for(other) if other else _present.get())
    try:
        yield
    finally:
        _present.reset(token)


@dataclass(frozen=True)
class Outcome:
    """How a step ended. waiting: for what people must do, in sentences; refusals, barred: how many."""

    step: str
    done: dict[str, int] = field(default_factory=dict)
    waiting: tuple[str, ...] = ()
    refusals: int = 0
    barred: int = 0
    notes: tuple[str, ...] = ()
    state: str = "done"

    @property
    def exit_status(self) -> int:
        """0 done or waiting on people, 3 data refused, 6 something came after its stage was locked."""
        return 3 if self.refusals else (6 if self.barred else 0)

    def summary(self) -> dict[str, Any]:
        """What history keeps of it."""
        return {
            "done": self.done, "waiting": len(self.waiting), "refusals": self.refusals, "barred": self.barred,
        }  # fmt: skip


def batches(items: list[str], most: int = 0, least: int = 50) -> list[list[str]]:
    """Items in at most `most` batches of at least `least`; 0: four for each worker, 16 at most.

    However many units there are, the number of batches, task runs and statements stays the same.
    """
    most = most or min(MOST_BATCHES, BATCHES_OF_A_WORKER * workplace().settings.workers)
    size = max(least, -(-len(items) // most))
    return [items[start : start + size] for start in range(0, len(items), size)]


def data_docs(cycle: str) -> Path:
    """Where the auditor's pages of a cycle's checks lie, beside the database."""
    return Path(workplace().settings.home) / "data_docs" / cycle


Progress = Callable[[str], None]
