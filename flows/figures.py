"""Everything computed from what stands now: scores, totals, ranks, and what publication still waits for."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from sqlmodel import Session

from checks.results import what_stops
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.scoring import Sheet, score
from models.rules.totals import Standing, standings, totals
from models.storage.inputs import load_inputs, read_units
from models.storage.submissions import latest

SHARED = ("exemptions", "survey", "statistics", "adjustments", "previous", "history", "previous_scores", "crosswalk")


@dataclass(frozen=True)
class Figures:
    """Inputs and what follows from them. units: frame UNITS plus status, every unit. sheets: by framework id."""

    inputs: CycleInputs
    units: pd.DataFrame
    sheets: dict[str, Sheet]
    lines: list[Standing]
    stops: list[Fault]


def figures_of(session: Session, cycle: str) -> Figures:
    """The cycle's figures as they stand in this session's snapshot; nothing is written."""
    inputs, units = load_inputs(session, cycle), read_units(session, cycle)
    shared = {kind: latest(session, cycle, kind).get("") for kind in SHARED}
    refused = [kind for kind, one in shared.items() if one is not None and one.outcome == "refused"]
    marks = [name for name, one in latest(session, cycle, "marks").items() if one.outcome == "refused"]
    sheets = score(inputs)
    lines = standings(inputs, totals(inputs, sheets))
    return Figures(inputs, units, sheets, lines, what_stops(units, sheets, refused, sorted(marks)))
