"""inputs/ of a publication: all that is needed to compute it again, in canonical form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from flows.publication.csv_text import csv_bytes
from models.rules import frames
from models.rules.cycle import CycleInputs
from models.rules.cycle_json import settings_as_json
from models.rules.frames import code_key
from models.rules.framework_json import canonical_json, dump
from models.rules.hiding import Hidden

NUMERIC = (
    "numerator",
    "denominator",
    "value",
    "count",
    "points",
    "year",
    "index",
    "rank",
    "round",
    "correction",
    "valid",
    "size",
    "applicable",
    "final",
)
TABLES: dict[str, Sequence[str]] = {
    "units": frames.UNITS,
    "previous": frames.PREVIOUS,
    "history": frames.HISTORY,
    "crosswalk": frames.CROSSWALK,
    "previous_scores": frames.PREVIOUS_SCORES,
    "exemptions": frames.EXEMPTIONS,
    "responsibilities": frames.RESPONSIBILITIES,
    "claims": frames.CLAIMS,
    "marks": frames.MARKS,
    "evidence": frames.EVIDENCE,
    "survey_counts": frames.SURVEY_COUNTS,
    "survey_valid": frames.SURVEY_VALID,
    "statistics": frames.STATISTICS,
    "adjustments": frames.ADJUSTMENTS,
}

# What people wrote in their own words: an unpublished unit may be named in it.
FREE_TEXT: dict[str, Sequence[str]] = {
    "exemptions": ("reason", "approved_by"),
    "claims": ("not_applicable", "explanation"),
    "marks": ("reason",),
    "evidence": ("issuer", "title", "file"),
    "statistics": ("source",),
    "adjustments": ("reason", "decided_by"),
}
# Files that are there only where such rows were received.
OPTIONAL = ("history", "crosswalk", "previous_scores")


def settings_files(inputs: CycleInputs) -> dict[str, bytes]:
    """inputs/cycle.json and the frameworks its blocs use; a statistic's source says what came from a lower cycle."""
    settings = settings_as_json(replace(inputs.settings, lower=())) | {"survey_present": inputs.survey_present}
    used = dict.fromkeys(bloc.framework for bloc in inputs.settings.blocs)
    return {"inputs/cycle.json": canonical_json(settings).encode()} | {
        f"inputs/frameworks/{key}.json": dump(inputs.frameworks[key]).encode() for key in used
    }


def table_files(inputs: CycleInputs, units: Sequence[str], hidden: Hidden) -> dict[str, bytes]:
    """inputs/*.csv with the rows of these units only, in one order; OPTIONAL ones only where there are rows."""
    made = {}
    for name, columns in TABLES.items():
        frame: pd.DataFrame = getattr(inputs, name)
        if name == "responsibilities":
            frame = hidden.columns(frame, ("appraiser", "name", "unit"))
        elif name != "crosswalk":
            frame = frame[frame["unit"].isin(units).to_numpy()]
        if name == "marks":
            frame = hidden.columns(frame, ("appraiser",))
        if name == "history":
            frame = hidden.columns(frame, ("source",))
        if name in OPTIONAL and not len(frame):
            continue
        if name == "units":
            frame = hidden.lists(frame, "predecessors")
        if name == "exemptions":
            frame = frame.drop_duplicates(["unit", "code"], keep="last")
        frame = hidden.sentences(frame, FREE_TEXT.get(name, ()))
        numeric = [column for column in columns if column in NUMERIC]
        made[f"inputs/{name}.csv"] = csv_bytes(in_order(frame, columns), columns, numeric)
    return made


def in_order(frame: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Rows by unit, then code number by number, then every other column as text."""
    if "code" not in columns:
        return frame.sort_values(list(columns), kind="stable")
    numbers, found = pd.factorize(frame["code"])
    codes = found.tolist()
    place = np.empty(len(codes), dtype=np.int64)
    place[sorted(range(len(codes)), key=lambda number: code_key(codes[number]))] = np.arange(len(codes))
    first = columns[0]
    keyed = frame.assign(_code=place[numbers])
    several = keyed.duplicated([first, "_code"]).any()
    rest = [name for name in columns if name not in (first, "code")] if several else []
    return keyed.sort_values([first, "_code", *rest], kind="stable")
