"""What units reported for the first half of the year: as a report, beside the year's form, and against the year."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlmodel import Session

from checks.midyear import GROWING, below_half_year
from checks.rule_book import FINDINGS
from flows.publication.midyear_report import MidYear, midyear_page, midyear_workbook
from models.rules.findings import Fault
from models.rules.frames import CLAIMS, rows_of
from models.rules.hiding import Hidden
from models.rules.progress import figures_by_unit, in_words
from models.storage.database import reading
from models.storage.inputs import read_base, read_units
from models.storage.standing_findings import read_findings
from models.storage.submissions import latest, standing_rows
from models.storage.workspace import Workspace
from models.tables import Claim

KIND = "midyear"


@dataclass(frozen=True)
class HalfYear:
    """What units reported for the first half: frame CLAIMS, and their units."""

    claims: pd.DataFrame
    units: list[str]


def half_year(session: Session, cycle: str) -> HalfYear | None:
    """What stands, None where nobody ever reported: then nothing is read."""
    units = sorted(unit for unit, one in latest(session, cycle, KIND).items() if one.outcome == "accepted")
    return HalfYear(standing_rows(session, Claim, CLAIMS, cycle, KIND), units) if units else None


def since_half_year(session: Session, cycle: str) -> list[Fault]:
    """Figures of the year, as they stand, that are below the unit's own half-year figures."""
    half = half_year(session, cycle)
    if half is None:
        return []
    columns = ("unit", "code", "location", *GROWING)
    claims = standing_rows(session, Claim, columns, cycle, "self_assessment", half.units)
    return below_half_year(claims, half.claims)


def beside_the_form(session: Session, cycle: str) -> dict[str, dict[str, str]]:
    """unit -> leaf -> its half-year figures in words, for people who fill in the year's form."""
    half = half_year(session, cycle)
    figures = figures_by_unit(half.claims) if half else {}
    return {unit: {code: in_words(said) for code, said in mine.items()} for unit, mine in figures.items()}


def midyear_files(workspace: Workspace, cycle: str) -> dict[str, bytes]:
    """The report as it stands, by file name: a page to print and a workbook; units not published are not in it."""
    with reading(workspace.engine) as session:
        base, hidden = read_base(session, cycle), Hidden.among(read_units(session, cycle))
        claims = standing_rows(session, Claim, CLAIMS, cycle, KIND)
        told = read_findings(session, cycle, midyear=True)
        standing = latest(session, cycle, KIND)
    open_units = base.units[~base.units["unit"].isin(hidden.units).to_numpy()]
    given = MidYear(
        settings=base.settings,
        frameworks=base.frameworks,
        units={
            bloc.key: list(rows_of(open_units[(open_units["bloc"] == bloc.key).to_numpy()], "unit", "name"))
            for bloc in base.settings.blocs
        },
        figures=figures_by_unit(claims),
        refused=frozenset(unit for unit, one in standing.items() if one.outcome == "refused"),
        findings=told[~told["unit"].isin(hidden.units).to_numpy()].reindex(columns=list(FINDINGS)),
    )
    return {"midyear.html": midyear_page(given), "midyear.xlsx": midyear_workbook(given)}
