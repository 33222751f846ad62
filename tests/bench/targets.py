"""The targets the project set itself, each with how it is judged from the results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from figures import Results, by_step, of, parts, ratio
from sizes import COUNTRY, PROVINCE

STEPS = ("collect", "validate", "appraise", "survey", "publish")


@dataclass(frozen=True)
class Judged:
    """What was measured, whether it holds, where; fits: at the size the target is set for."""

    measured: str
    met: bool
    where: str
    fits: bool = True


@dataclass(frozen=True)
class Target:
    """text: what is asked; judge: gives what was measured, or None where nothing was."""

    id: str
    text: str
    judge: Callable[[Results], Judged | None]


def _at(results: Results, kind: str, wanted: str) -> tuple[str, dict[str, Any], bool] | None:
    """What was measured at the size a target is set for; else at the largest size there is of the same form."""
    found = {name: part for name, part in parts(results, kind).items() if name.endswith("-csv")}
    if wanted in found:
        return wanted, found[wanted], True
    return (*list(found.items())[-1], False) if found else None


def _wall(results: Results) -> Judged | None:
    here = _at(results, "case", COUNTRY.id)
    if here is None:
        return None
    found = ratio(here[1]["runs"]["engine"], here[1]["runs"]["floor"])
    return Judged(found.said(), found.median <= 3, here[0], here[2])


def _peak(results: Results) -> Judged | None:
    here = _at(results, "case", COUNTRY.id)
    if here is None:
        return None
    found = of(here[1]["runs"]["engine"], "peak_mib")
    return Judged(found.said(0, " MiB"), found.median <= 1536, here[0], here[2])


def _doubling(results: Results) -> Judged | None:
    here = _at(results, "doubling", COUNTRY.id)
    if here is None:
        return None
    found = ratio(here[1]["runs"]["twice"], here[1]["runs"]["once"])
    return Judged(f"{found.said()} ×", found.median <= 2.1, here[0], here[2])


def _task_runs(results: Results) -> Judged | None:
    most = [
        (number, step, name)
        for name, part in parts(results, "case").items()
        for step, number in by_step(part["runs"]["engine"], "task_runs").items()
        if step in STEPS
    ]
    if not most:
        return None
    number, step, name = max(most)
    return Judged(f"most: {number:.0f} ({step})", number <= 32, name)


def _statements(results: Results) -> Judged | None:
    here = _at(results, "doubling", COUNTRY.id)
    if here is None:
        return None
    once, twice = (by_step(here[1]["runs"][name], "sql") for name in ("once", "twice"))
    told = ", ".join(f"{step} {once.get(step, 0):.0f} → {twice.get(step, 0):.0f}" for step in STEPS)
    return Judged(told, all(twice.get(step, 0) <= 1.05 * once.get(step, 0) for step in STEPS), here[0], here[2])


def _warm(results: Results) -> Judged | None:
    here = _at(results, "moments", PROVINCE.id)
    if here is None:
        return None
    found = of(here[1]["runs"], "full_s")
    return Judged(found.said(2, " s"), found.median <= 5, here[0], here[2])


def _workbooks(results: Results) -> Judged | None:
    for name, part in parts(results, "xlsx").items():
        found = ratio(part["runs"]["openpyxl"], part["runs"]["ours"])
        return Judged(f"{found.said(1)} ×", found.median >= 5, name)
    return None


def _scoring(results: Results) -> Judged | None:
    here = _at(results, "scoring", COUNTRY.id)
    if here is None:
        return None
    runs = [{"rate": run["leaves"] / run["score_s"] / 1e6} for run in here[1]["runs"]]
    found = of(runs, "rate")
    return Judged(f"{found.said()} million leaves/s", found.median >= 1, here[0], here[2])


def _share(name: str, limit: float) -> Callable[[Results], Judged | None]:
    def judge(results: Results) -> Judged | None:
        here = _at(results, "moments", COUNTRY.id)
        if here is None:
            return None
        runs = [{"share": 100 * run[name] / run["full_s"]} for run in here[1]["runs"]]
        found = of(runs, "share")
        return Judged(f"{found.said(1)} %", found.median <= limit, here[0], here[2])

    return judge


TARGETS = (
    Target("wall", "3,321 × 100, 1 million responses, csv: at most 3 × the floor's wall time", _wall),
    Target("peak", "the same: at most 1.5 GiB peak, the embedded server included", _peak),
    Target("doubling", "twice the units cost at most 2.1 ×", _doubling),
    Target("task-runs", "at most 32 task runs a step at any size", _task_runs),
    Target("statements", "SQL statements a step independent of the number of units (twice the units: at most 5 % more)", _statements),
    Target("warm", "29 × 60 on a warm process: at most 5 s", _warm),
    Target("xlsx", "xlsx forms read at least 5 × faster than openpyxl", _workbooks),
    Target("scoring", "the pure rules alone: at least 1 million leaves a second", _scoring),
    Target("one-unit", "one unit again at 3,321 units: at most 5 % of a full run", _share("one_unit_s", 5)),
    Target("no-op", "a run with nothing new at 3,321 units: at most 2 % of a full run", _share("again_s", 2)),
)  # fmt: skip
