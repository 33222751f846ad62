"""The program itself, with every SQL statement it sends counted by its moment.

    python counted.py REPORT.json WORDS…      the same as `parindex WORDS…`
Only statements on our own database are counted, and of those what reads or writes rows; not the pragmas and BEGIN of
SQLite, and not the heartbeat, which depends on time alone.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event

HEARTBEAT = "UPDATE step_run SET heartbeat_at"
DATA = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH", "COPY", "REPLACE")


def listen() -> list[float]:
    """Moments of the statements from here on, in seconds since the epoch."""
    moments: list[float] = []

    @event.listens_for(Engine, "before_cursor_execute")
    def _count(connection: Any, cursor: Any, statement: str, *more: Any) -> None:
        if not statement.startswith(HEARTBEAT) and statement.lstrip().upper().startswith(DATA):
            moments.append(time.time())

    return moments


def reporting(path: Path, perform: Callable[[], int]) -> int:
    """Perform, and write down the moments however it ends."""
    moments = listen()
    try:
        return perform()
    finally:
        path.write_text(json.dumps(moments), encoding="utf-8")


if __name__ == "__main__":
    from flows.cli import call

    sys.exit(reporting(Path(sys.argv[1]), lambda: call(sys.argv[2:])))
