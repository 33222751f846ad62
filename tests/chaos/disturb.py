"""Disturbs this process at a chosen point: between any two writes to database, vault or disk, around every S3 request.

Points are numbered as they come and named after what is about to happen, or just happened. Nothing in the product
knows of this; SQLAlchemy's own events, botocore's requests and the calls the vault makes to the system are listened to.
"""

from __future__ import annotations

import errno
import os
import signal
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from botocore.httpsession import URLLib3Session
from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

WRITES = ("INSERT", "UPDATE", "DELETE", "CREATE")


class Points:
    """Counts points; calls `act(name)` at the one asked for."""

    def __init__(self, at: int = -1, act: Callable[[str], None] = lambda name: None) -> None:
        self.names: list[str] = []
        self._at, self._act, self._numbers = at, act, count()  # asked from several threads

    def __call__(self, name: str) -> None:
        self.names.append(name)
        if next(self._numbers) == self._at:
            self._act(name)


def kill(name: str) -> None:
    """What kill -9, the power and the out-of-memory killer do."""
    os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(60)  # never reached


def full_disk(name: str) -> None:
    """No space left, for files and for the database."""
    if name.startswith("sql"):
        raise _sqlite("SQLITE_FULL", "database or disk is full")
    raise OSError(errno.ENOSPC, "No space left on device")


def broken_disk(name: str) -> None:
    """An I/O error."""
    if name.startswith("sql"):
        raise _sqlite("SQLITE_IOERR", "disk I/O error")
    raise OSError(errno.EIO, "Input/output error")


def busy(name: str) -> None:
    """Another writer held the database for longer than anybody waits; files are slow."""
    if name.startswith("sql"):
        raise _sqlite("SQLITE_BUSY", "database is locked")
    time.sleep(0.3)


def timed_out(name: str) -> None:
    """The store does not answer in time; the database drops the connection."""
    if name.startswith("sql"):
        raise _sqlite("SQLITE_IOERR_READ", "connection lost")
    raise TimeoutError(errno.ETIMEDOUT, "Connection timed out")


FAULTS: dict[str, Callable[[str], None]] = {
    "full disk": full_disk,
    "broken disk": broken_disk,
    "busy": busy,
    "timed out": timed_out,
}


def _sqlite(name: str, said: str) -> OperationalError:
    origin = sqlite3.OperationalError(said)
    origin.sqlite_errorname = name
    return OperationalError("injected", {}, origin)


@contextmanager
def disturbed(points: Points) -> Iterator[Points]:
    """Listen to every write of this process until the end of the block."""
    patched: list[tuple[str, Any]] = []

    def around(name: str) -> None:
        real = getattr(os, name)

        def replacement(*given: Any, **named: Any) -> Any:
            points(f"{name} before")
            done = real(*given, **named)
            points(f"{name} after")
            return done

        patched.append((name, real))
        setattr(os, name, replacement)

    def before_statement(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        words = statement.split()
        if words and words[0].upper() in WRITES:
            points(f"sql {' '.join(words[:3])}")

    def before_commit(connection: Any) -> None:
        points("sql commit")

    def send(session: Any, request: Any) -> Any:
        points(f"s3 {request.method} before")
        answer = real_send(session, request)
        points(f"s3 {request.method} after")
        return answer

    event.listen(Engine, "before_cursor_execute", before_statement)
    event.listen(Engine, "commit", before_commit)
    for name in ("link", "rename", "replace", "fsync"):
        around(name)
    real_send = URLLib3Session.send
    URLLib3Session.send = send  # type: ignore[method-assign]
    try:
        yield points
    finally:
        URLLib3Session.send = real_send  # type: ignore[method-assign]
        event.remove(Engine, "before_cursor_execute", before_statement)
        event.remove(Engine, "commit", before_commit)
        for name, real in patched:
            setattr(os, name, real)
