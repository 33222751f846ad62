"""Runs each variant once on a made-up cycle and gives what that cost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from counts import statements, step_seconds, task_runs
from generate import generate
from measuring import kept, measured

VARIANTS = Path(__file__).parent / "variants"
PROGRAM = str(Path(sys.executable).parent / "parindex")
OWN = ("PARINDEX_", "PREFECT_", "DAGSTER_")  # whatever installation the caller works with is left alone
QUIET = {"DO_NOT_TRACK": "1", "PREFECT_SERVER_ANALYTICS_ENABLED": "false", "GX_ANALYTICS_ENABLED": "false"}


def environ(**given: Path | str) -> dict[str, str]:
    """The caller's environment without settings of any installation, and these."""
    kept_on = {name: value for name, value in os.environ.items() if not name.startswith(OWN)}
    return kept_on | QUIET | {name: str(value) for name, value in given.items()}


@dataclass(frozen=True)
class Ground:
    """Where runs take place. prefect: Prefect's home as an installation has it once its database is made."""

    base: Path
    prefect: Path

    def recorded(self, prefect: Path) -> dict[str, int]:
        """Task runs on Prefect's record by step, without those that making its database left there."""
        before = task_runs(self.prefect)
        found = {step: number - before.get(step, 0) for step, number in task_runs(prefect).items()}
        return {step: number for step, number in found.items() if number}

    def place(self, name: str) -> Path:
        """An empty folder."""
        made = self.base / name
        shutil.rmtree(made, ignore_errors=True)
        made.mkdir(parents=True)
        return made

    def fresh_prefect(self, name: str) -> Path:
        """A copy of Prefect's home, so that every run finds the same and what it records can be counted."""
        made = self.base / name
        shutil.rmtree(made, ignore_errors=True)
        shutil.copytree(self.prefect, made)
        return made


def prepared_prefect(home: Path) -> Path:
    """Prefect makes its own database once per installation (20 s and more); that is no part of a cycle."""
    generate(home / "tiny", 2, 10, 10)
    place = environ(PARINDEX_HOME=home / "first", PREFECT_HOME=home / "prefect")
    subprocess.run([PROGRAM, "run", str(home / "tiny")], env=place, check=True, stdout=subprocess.DEVNULL)
    return home / "prefect"


def floor(ground: Ground, folder: Path) -> dict[str, Any]:
    """The bare pandas script."""
    out = ground.place("floor") / "results.csv"
    return measured([sys.executable, str(VARIANTS / "floor.py"), str(folder), str(out)], environ()) | {
        "kept_mib": kept(out.parent)
    }


def engine(ground: Ground, folder: Path) -> dict[str, Any]:
    """`parindex run FOLDER` on a fresh installation, from registering to publication."""
    home, prefect = ground.place("home"), ground.fresh_prefect("prefect-of-engine")
    report = ground.base / "statements.json"
    found: dict[str, Any] = measured(
        [sys.executable, str(VARIANTS / "counted.py"), str(report), "run", str(folder)],
        environ(PARINDEX_HOME=home, PREFECT_HOME=prefect),
    )
    return found | {
        "kept_mib": kept(home), "steps_s": step_seconds(home), "sql": statements(home, report),
        "task_runs": ground.recorded(prefect),
    }  # fmt: skip


def exported(ground: Ground, to: Path) -> Path:
    """The publication of the last engine run, as `parindex export` gives it."""
    shutil.rmtree(to, ignore_errors=True)
    words = [PROGRAM, "export", "do", "--to", str(to)]
    subprocess.run(words, env=environ(PARINDEX_HOME=ground.base / "home"), check=True, stdout=subprocess.DEVNULL)
    return to


def naive(ground: Ground, folder: Path) -> dict[str, Any]:
    """One Prefect task per unit. task_runs: those on Prefect's record, of units + 2 that ran."""
    out, prefect = ground.place("naive") / "results.csv", ground.fresh_prefect("prefect-of-naive")
    found: dict[str, Any] = measured(
        [sys.executable, str(VARIANTS / "naive_engine.py"), str(folder), str(out)],
        environ(PARINDEX_HOME=out.parent, PREFECT_HOME=prefect),
    )
    return found | {"kept_mib": kept(out.parent), "task_runs": ground.recorded(prefect)}


def dagster(ground: Ground, folder: Path) -> dict[str, Any]:
    """The Dagster job, its storage in a folder of its own; telemetry off in both of its ways."""
    home, out = ground.place("dagster"), ground.base / "dagster-results.csv"
    (home / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    words = [sys.executable, str(VARIANTS / "dagster_job.py"), str(folder), str(out)]
    return measured(words, environ(DAGSTER_HOME=home, DAGSTER_DISABLE_TELEMETRY="true")) | {"kept_mib": kept(home)}


def moments(ground: Ground, folder: Path, repeats: int) -> dict[str, Any]:
    """The warm process of variants/moments.py."""
    base, prefect = ground.place("moments"), ground.fresh_prefect("prefect-of-moments")
    generate(base / "tiny", 2, 10, 10)
    report = base / "report.json"
    words = [sys.executable, str(VARIANTS / "moments.py"), str(folder), str(base), str(report), str(repeats)]
    cost = measured(words, environ(PREFECT_HOME=prefect))
    return json.loads(report.read_text(encoding="utf-8")) | {"cost": cost}


RUNNERS: Mapping[str, Callable[[Ground, Path], dict[str, Any]]] = {
    "floor": floor, "engine": engine, "dagster": dagster, "naive": naive,
}  # fmt: skip
