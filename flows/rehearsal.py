"""Runs the coming cycle apart, on made-up inputs: first with faults, then mended, to a bundle that verifies."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from sqlmodel import col, select

from flows.export import export_version
from flows.registration import read_registration
from flows.rehearsal_folder import SUFFIX, Mishap, mishaps, whole_year
from flows.rehearsal_kill import KILLED, kill_within_a_step, taken_over
from flows.run_year import run_year
from flows.workplace import Outcome, working_in
from models.actions.open_cycle import Registration, open_cycle
from models.rules.errors import Refused
from models.storage.cycle_folder import CycleFolder
from models.storage.database import open_database, reading
from models.storage.standing_findings import read_findings
from models.storage.vault import open_vault
from models.storage.workspace import Workspace
from models.tables import StepRun

MOST_BYTES = 20 * 2**20


@dataclass(frozen=True)
class Rehearsed:
    """What a rehearsal showed. alarms: each mishap and whether its check spoke up; seconds: by step, both runs.

    The last mishap is a process killed within a step: its alarm is that the year took over cleanly. outcomes: of the
    mended run. verified: whether the bundle's own verify.py passed; bundle: where it lies.
    """

    cycle: str
    units: int
    alarms: list[tuple[Mishap, bool]]
    seconds: Mapping[str, float]
    outcomes: list[Outcome]
    verified: bool
    bundle: Path

    @property
    def fine(self) -> bool:
        """Every alarm rang, and what was published verifies."""
        return self.verified and all(rang for _, rang in self.alarms)


def registered_files(workspace: Workspace, place: str) -> dict[str, bytes]:
    """units.csv, appraisers.csv and the cycle's own frameworks as they lie in the folder."""
    folder = CycleFolder(place, workspace.settings)
    entries = [*folder.list("frameworks"), *filter(None, map(folder.find, ("units.csv", "appraisers.csv")))]
    return {entry.path: folder.read_entry(entry, MOST_BYTES) for entry in entries}


def rehearse(workspace: Workspace, place: str, given: Registration, to: Path) -> Rehearsed:
    """Rehearse the folder `place` below `to`, which is new: an installation of its own, on SQLite and a folder.

    given: the folder's registration, without refusing faults. Raises what the steps raise.
    """
    apart = _installation(workspace, to / "home")
    whole = whole_year(given, registered_files(workspace, place))
    wrong = mishaps(given, whole)
    folder, cycle = to / "cycle", given.settings.id + SUFFIX
    _write(folder, whole | {path: data for one in wrong for path, data in one.files.items()})
    with working_in(apart):
        registration, faults = read_registration(apart, str(folder))
        if registration is None:
            raise Refused("Diễn tập không đăng ký được / The rehearsal cannot be registered", faults)
        open_cycle(apart, registration)
        kill_within_a_step(apart, cycle)
        run_year(cycle)
        resumed = taken_over(apart, cycle)
        with reading(apart.engine) as session:
            spoke = set(read_findings(session, cycle)["check"])
        _write(folder, dict(whole))
        outcomes = run_year(cycle)
        export_version(apart, cycle, to / "bundle", 0, annex=True)
    done = subprocess.run(
        [sys.executable, "-I", "-B", str(to / "bundle" / "verify.py")], capture_output=True, check=False
    )
    return Rehearsed(
        cycle=cycle,
        units=int((given.units["scored"] == "yes").sum()),
        alarms=[*((one, one.check in spoke) for one in wrong), (KILLED, resumed)],
        seconds=_seconds(apart, cycle),
        outcomes=outcomes,
        verified=done.returncode == 0,
        bundle=to / "bundle",
    )


def _installation(workspace: Workspace, home: Path) -> Workspace:
    """Nothing of it touches the database or the store of the real one."""
    home.mkdir(parents=True)
    settings = replace(
        workspace.settings, home=home, database_url=f"sqlite:///{home / 'parindex.sqlite'}",
        store_url=str(home / "store"), signing_key=None, workers=1,
    )  # fmt: skip
    return Workspace(settings, open_database(settings), open_vault(settings), workspace.now, workspace.salt)


def _write(folder: Path, files: Mapping[str, bytes | None]) -> None:
    for path, data in files.items():
        if data is not None:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes(data)


def _seconds(workspace: Workspace, cycle: str) -> dict[str, float]:
    found: dict[str, float] = {}
    with reading(workspace.engine) as session:
        for run in session.exec(select(StepRun).where(StepRun.cycle == cycle).order_by(col(StepRun.started_at))):
            if run.ended_at is not None and run.state != "interrupted":
                found[run.step] = found.get(run.step, 0.0) + (run.ended_at - run.started_at).total_seconds()
    return found
