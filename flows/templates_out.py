"""Writes forms: one workbook per unit, one worksheet per appraiser, with what is known of both so far."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

import pandas as pd
from sqlmodel import Session

from flows.appraisal_rows import EXPLANATIONS, MARK, Listed, listed
from flows.export import check_local
from flows.half_year import beside_the_form
from flows.last_year import last_values
from flows.publication.csv_text import csv_bytes
from flows.publication.forms import BlankForm, LastValues, appraiser_worksheet
from models.rules.cycle import CycleInputs
from models.rules.errors import WrongCall
from models.rules.frames import rows_of
from models.rules.framework_json import digests
from models.storage.database import reading
from models.storage.inputs import load_inputs
from models.storage.submissions import standing_rows
from models.storage.workbook_guard import MOST_UNPACKED
from models.storage.workspace import Workspace
from models.tables import Explanation

FORM = {False: "self_assessment.xlsx", True: "midyear.xlsx"}
MOST_ROWS = 6_000  # of a worksheet: more would not come back through the reader's limits; then it is a CSV file


def write_templates(workspace: Workspace, cycle: str, to: Path, unit: str = "", midyear: bool = False) -> list[Path]:
    """Write forms below inbox/<unit>/ and worksheets below appraisal/<appraiser>/ of `to`; nothing is overwritten.

    Worksheets hold the marks that stand, and once explanations are asked for, the rows of round 2. midyear: the units'
    half-year forms instead.
    Raises WrongCall for a unit that is not scored, or a file that is already there.
    """
    check_local(to)
    with reading(workspace.engine) as session:
        inputs = load_inputs(session, cycle)
        if unit and unit not in set(inputs.units["unit"]):
            raise WrongCall(f"Không có đơn vị được chấm điểm / No scored unit: {unit}")
        last = last_values(session, workspace.settings, inputs)
        half = {} if midyear else beside_the_form(session, cycle)
        told = _explanations(session, cycle)
    made = forms(inputs, {} if midyear else last, half, unit, midyear)
    for path in _places(inputs, to, unit, midyear):
        if path.exists():
            raise WrongCall(f"Đã có tệp / The file is already there: {path}")
    written = []
    for name, data in chain(made, () if unit or midyear else worksheets(inputs, told)):
        path = to / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        written.append(path)
    return written


def _places(inputs: CycleInputs, to: Path, unit: str, midyear: bool) -> Iterator[Path]:
    """Where forms and worksheets may go."""
    for code in [unit] if unit else inputs.units["unit"].tolist():
        yield to / "inbox" / code / FORM[midyear]
    for who in [] if unit or midyear else sorted(set(inputs.responsibilities["appraiser"])):
        yield from (to / "appraisal" / who / f"marks.{kind}" for kind in ("xlsx", "csv"))


def _explanations(session: Session, cycle: str) -> pd.DataFrame:
    return standing_rows(session, Explanation, EXPLANATIONS, cycle, "explanations")


def forms(
    inputs: CycleInputs,
    last: Mapping[str, LastValues],
    half: Mapping[str, Mapping[str, str]],
    only: str = "",
    midyear: bool = False,
) -> Iterator[tuple[str, bytes]]:
    """Every scored unit's blank form by path (or `only` one's); made once for each framework.

    half: by unit and code, its half-year figures. midyear: the half-year form itself.
    """
    digest = digests(inputs.frameworks)
    figures = any(one.points for one in last.values())
    blanks: dict[str, BlankForm] = {}
    for unit, name, bloc in rows_of(inputs.units, "unit", "name", "bloc"):
        if only in ("", unit):
            framework = inputs.framework_of(bloc)
            if framework.id not in blanks:
                blanks[framework.id] = BlankForm(
                    inputs.settings.name,
                    inputs.settings.id,
                    framework,
                    digest=digest[framework.id],
                    last_year=bool(last),
                    last_figures=figures,
                    half_year=bool(half),
                    for_half_year=midyear,
                )
            form = blanks[framework.id].for_unit(unit, name, last.get(unit), half.get(unit))
            yield f"inbox/{unit}/{FORM[midyear]}", form


def worksheets(inputs: CycleInputs, explanations: pd.DataFrame | None = None) -> Iterator[tuple[str, bytes]]:
    """Every appraiser's worksheet by path."""
    for appraiser, mine in listed(inputs, explanations).items():
        made = _as_workbook(inputs, appraiser, mine) if len(mine.first) <= MOST_ROWS else None
        if made is not None and len(made) <= MOST_UNPACKED:
            yield f"appraisal/{appraiser}/marks.xlsx", made
        else:
            yield f"appraisal/{appraiser}/marks.csv", _as_csv(mine)


def _as_workbook(inputs: CycleInputs, appraiser: str, mine: Listed) -> bytes:
    return appraiser_worksheet(
        inputs.settings.name,
        appraiser,
        mine.name,
        mine.first,
        second=mine.second,
        documents=mine.documents,
        cycle_id=inputs.settings.id,
    )


def _as_csv(mine: Listed) -> bytes:
    """The rows as marks.csv, to be filled in."""
    rows = pd.concat([mine.first, mine.second], ignore_index=True)
    return csv_bytes(rows, ["unit", "code", "round", *MARK])
