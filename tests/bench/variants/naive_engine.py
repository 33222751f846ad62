"""The naive way with the same engine: one Prefect task per unit reads, checks and scores it; one more ranks.

    python naive_engine.py FOLDER RESULTS.csv
Same rules, same embedded server, no database of its own. Nothing passes through Prefect but a unit's name, and
nothing is cached, so what is measured is the engine and not the copying of frames.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from pathlib import Path

from flows.embedded_server import prepare_engine
from flows.workplace import engine

prepare_engine()  # settings Prefect reads when it is imported; its server comes up meanwhile

import pandas as pd
import plain_steps
from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from models.rules.cycle import CycleInputs
from models.rules.totals import UnitTotal
from models.storage.spreadsheets import Table


@dataclass
class Shared:
    """What no unit has alone, held by this process; what was found so far."""

    base: CycleInputs
    marks: dict[str, Table]
    counts: dict[str, pd.DataFrame]
    valid: dict[str, pd.DataFrame]
    found: dict[str, UnitTotal] = field(default_factory=dict)


FOLDER, OUT = Path(sys.argv[1]), Path(sys.argv[2])
_held: list[Shared] = []


@task(name="read-shared-files", cache_policy=NO_CACHE, persist_result=False)
def read_shared_files() -> None:
    """Framework, marks and survey."""
    base = plain_steps.register(FOLDER)
    counts, valid = (dict(list(part.groupby("unit"))) for part in plain_steps.survey(base, FOLDER))
    _held.append(Shared(base, plain_steps.marks_by_unit(FOLDER), counts, valid))


@task(name="score-unit", task_run_name="{unit}", cache_policy=NO_CACHE, persist_result=False)
def score_unit(unit: str) -> None:
    """Read, check and score one unit."""
    here = _held[0]
    mine = replace(here.base, units=here.base.units[(here.base.units["unit"] == unit).to_numpy()])
    claims, evidence = plain_steps.collect(mine, FOLDER, [unit])
    plain_steps.validate(FOLDER, evidence)
    marks = plain_steps.appraise(replace(mine, claims=claims, evidence=evidence), here.marks[unit])
    inputs = plain_steps.with_parts(mine, (claims, evidence), marks, (here.counts[unit], here.valid[unit]))
    here.found |= plain_steps.totals_of(inputs)


@task(name="rank-and-write", cache_policy=NO_CACHE, persist_result=False)
def rank_and_write() -> None:
    """Rank and write results.csv."""
    plain_steps.publish(_held[0].base, _held[0].found, OUT)


@flow(name="naive-year")
def naive_year() -> None:
    """One task run per unit, and two more."""
    read_shared_files()
    for unit in _held[0].base.units["unit"].tolist():
        score_unit(unit)
    rank_and_write()


if __name__ == "__main__":
    with engine():
        naive_year()
