"""What if: reads what stands, computes it otherwise, and shows before and after; nothing is written to the cycle."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from checks.rule_book import refusing
from checks.what_if import read_what_if
from flows.export import check_empty
from flows.figures import figures_of
from flows.handed_file import file_bytes
from flows.publication.csv_text import csv_bytes
from flows.publication.site import environment
from models.rules.cycle import CycleSettings
from models.rules.errors import Refused
from models.rules.frames import frame, rows_of
from models.rules.insight.what_if import SIMULATION, Changed, simulate
from models.rules.numbers import show
from models.storage.database import reading
from models.storage.workspace import Workspace

COLUMNS = (
    "simulation", "unit", "name", "bloc", "index_before", "index_after", "rank_before", "rank_after",
    "classification_before", "classification_after",
)  # fmt: skip


@dataclass(frozen=True)
class Simulation:
    """Before and after. rows: frame COLUMNS, in the order of after. asked: the file's text; missing: what still stops
    publication."""

    settings: CycleSettings
    rows: pd.DataFrame
    moved: frozenset[str]
    asked: str
    missing: int


def what_if(workspace: Workspace, cycle: str, file: Path) -> Simulation:
    """Perform a what-if file on what stands. Raises Refused with every fault, WrongCall without a file."""
    text = file_bytes(file).decode("utf-8", "replace").removeprefix("\ufeff")
    with reading(workspace.engine) as session:
        figures = figures_of(session, cycle)
    what, faults = read_what_if(text, str(file), figures.inputs)
    if what is None or refusing(faults):
        raise Refused("Tệp mô phỏng bị từ chối / The what-if file is refused", refusing(faults))
    changed = simulate(figures.inputs, what)
    names = dict(rows_of(figures.inputs.units, "unit", "name"))
    settings = figures.inputs.settings
    return Simulation(
        settings,
        frame([_row(one, names, settings.decimals) for one in changed], COLUMNS),
        frozenset(one.after.total.unit for one in changed if one.moved),
        text,
        len(figures.stops),
    )


def _row(one: Changed, names: dict[str, str], decimals: int) -> dict[str, str]:
    row = {
        "simulation": SIMULATION,
        "unit": one.after.total.unit,
        "name": names[one.after.total.unit],
        "bloc": one.after.total.bloc,
    }
    for when, line in (("before", one.before), ("after", one.after)):
        row |= {
            f"index_{when}": "" if line.total.index is None else show(line.total.index, decimals),
            f"rank_{when}": str(line.rank or ""),
            f"classification_{when}": line.classification,
        }
    return row


def write_simulation(found: Simulation, to: Path) -> list[Path]:
    """mo-phong.csv and mo-phong.html below `to`, an empty folder; every row and page says that it is no result.

    No manifest, no cycle.yaml, no verify.py: neither `verify` nor `publish` nor `cycle open` takes the folder.
    """
    check_empty(to)
    to.mkdir(parents=True, exist_ok=True)
    blocs = [
        (bloc.name, found.rows[(found.rows["bloc"] == bloc.key).to_numpy()].to_dict("records"))
        for bloc in found.settings.blocs
    ]
    page = (
        environment()
        .get_template("what_if.html")
        .render(
            simulation=SIMULATION,
            name=found.settings.name,
            blocs=blocs,
            moved=found.moved,
            asked=found.asked,
            missing=found.missing,
        )
    )
    numbers = [name for name in COLUMNS if name.startswith(("index", "rank"))]
    made = {"mo-phong.csv": csv_bytes(found.rows, COLUMNS, numbers), "mo-phong.html": page.encode()}
    for name, data in made.items():
        (to / name).write_bytes(data)
    return [to / name for name in made]
