"""A process killed within a step: the rehearsal starts one, kills it, and looks whether the year takes over cleanly.

python -m flows.rehearsal_kill CYCLE      holds a step with a write half done, says so, and waits to be killed
"""

from __future__ import annotations

import os
import subprocess
import sys
from typing import IO

from sqlmodel import col, select

from flows.rehearsal_folder import Mishap
from models.actions.run_step import running
from models.rules.errors import StepFailed
from models.storage.database import reading, transaction
from models.storage.workspace import Workspace, open_workspace
from models.tables import Finding, StepRun

STEP, HALF_DONE, HOLDING = "collect", "half-done", "holding"
KILLED = Mishap("tiến trình bị ngắt giữa một bước", "a process killed within a step", "step interrupted", {})


def kill_within_a_step(apart: Workspace, cycle: str) -> None:
    """Start a process that takes the step and kill it there. Raises StepFailed where it never got that far."""
    settings = apart.settings
    environ = {name: value for name, value in os.environ.items() if not name.startswith("PARINDEX_")} | {
        "PARINDEX_HOME": str(settings.home),
        "PARINDEX_DATABASE_URL": settings.database_url,
        "PARINDEX_STORE_URL": settings.store_url,
        "PARINDEX_ACTOR": settings.actor,
    }
    words = [sys.executable, "-m", "flows.rehearsal_kill", cycle]
    with subprocess.Popen(words, env=environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as child:
        said = _line(child.stdout)
        child.kill()
        child.wait()  # a process nobody waited for still counts as alive
    if said != HOLDING:
        raise StepFailed(f"Diễn tập ngắt tiến trình không thành / The process to be killed did not start: {said}")


def taken_over(apart: Workspace, cycle: str) -> bool:
    """Whether the killed run is on record as interrupted and nothing of its half-done write is there."""
    with reading(apart.engine) as session:
        states = set(session.exec(select(StepRun.state).where(StepRun.cycle == cycle, StepRun.step == STEP)))
        left = session.exec(select(Finding).where(Finding.cycle == cycle, col(Finding.check) == HALF_DONE)).first()
    return "interrupted" in states and "running" not in states and left is None


def _line(stream: IO[str] | None) -> str:
    return "" if stream is None else stream.readline().strip()


def hold(cycle: str) -> None:
    """Take the step and write something; what was written is never committed."""
    work = open_workspace()
    with running(work, cycle, STEP), transaction(work.engine) as session:
        session.add(Finding(cycle=cycle, step=STEP, check=HALF_DONE))
        session.flush()
        print(HOLDING, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    hold(sys.argv[1])
