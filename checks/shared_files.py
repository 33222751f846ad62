"""Checks the files the secretariat provides: statistics, adjustments, exemptions, last year's results."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from checks.columns import Column, each, read_batch
from checks.inputs import check_within
from models.rules.cells import read_code, read_key
from models.rules.findings import Fault, in_both
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.numbers import read_count, read_number
from models.storage.spreadsheets import Table


def read_kind(text: str) -> str:
    """bonus or penalty. Raises ValueError."""
    if text.strip() not in ("bonus", "penalty"):
        raise ValueError("bonus | penalty")
    return text.strip()


def read_positive(text: str) -> str:
    """A number above 0. Raises ValueError."""
    number = read_number(text)
    if number.startswith("-") or number == "0":
        raise ValueError(in_both("số lớn hơn 0", "a number above 0"))
    return number


UNIT = Column("unit", read_key, required=True, filled=True)
CODE = Column("code", read_code, required=True, filled=True)
STATISTICS = (UNIT, CODE, Column("points", read_number, True, True), Column("source", required=True))
ADJUSTMENTS = (
    UNIT,
    Column("kind", read_kind, True, True),
    Column("points", read_positive, True, True),
    Column("reason", required=True, filled=True),
    Column("decided_by", required=True, filled=True),
)
EXEMPTIONS = (
    UNIT,
    CODE,
    Column("reason", required=True, filled=True),
    Column("approved_by", required=True, filled=True),
)
PREVIOUS = (
    UNIT,
    Column("bloc"),
    Column("index", read_number, True, True),
    Column("rank", read_count),
    Column("framework"),
)


def read_statistics(
    table: Table, frameworks: Mapping[str, Framework], idle: frozenset[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """statistics.csv. frameworks: by unit, of the units that are scored; idle: units that are not."""
    rows, faults = _read(table, STATISTICS, frameworks, idle)
    faults += duplicates(rows, ["unit", "code"])
    for (unit, code), line in rows.groupby(["unit", "code"], sort=False):
        leaf = frameworks[str(unit)].leaf.get(str(code))
        if leaf is None:
            faults += each(line, "code-unknown", str(code))
        elif leaf.source != "statistics":
            faults += each(line, "code-not-statistics", str(code))
        else:
            faults += check_within(line[(line["points"] != "").to_numpy()], leaf)
    return rows, faults


def read_adjustments(
    table: Table, frameworks: Mapping[str, Framework], idle: frozenset[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """adjustments.csv; several rows for one unit add up."""
    return _read(table, ADJUSTMENTS, frameworks, idle)


def read_exemptions(
    table: Table, frameworks: Mapping[str, Framework], idle: frozenset[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """exemptions.csv; a code is a field, a criterion or a leaf of the unit's framework."""
    rows, faults = _read(table, EXEMPTIONS, frameworks, idle)
    faults += duplicates(rows, ["unit", "code"])
    strange = np.array(
        [code not in frameworks[unit].codes for unit, code in rows_of(rows, "unit", "code")],
        dtype=np.bool_,
    )
    return rows, faults + each(rows[strange], "code-unknown", rows.loc[strange, "code"].tolist())


def read_previous(table: Table) -> tuple[pd.DataFrame, list[Fault]]:
    """previous/results.csv; units that no longer exist are kept, they are nobody's comparison."""
    batch, faults = read_batch([("", table)], PREVIOUS, party="file", warn_unknown=False)
    return batch, faults + duplicates(batch, ["unit"])


def _read(
    table: Table, columns: tuple[Column, ...], frameworks: Mapping[str, Framework], idle: frozenset[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    batch, faults = read_batch([("", table)], columns, party="file")
    known = batch["unit"].isin(list(frameworks)).to_numpy()
    strange = ~batch["unit"].isin([*frameworks, *idle, ""]).to_numpy()
    faults += each(batch[strange], "unit-unknown", batch.loc[strange, "unit"].tolist())
    passive = batch[batch["unit"].isin(list(idle)).to_numpy()]
    faults += each(passive, "unit-not-scored", passive["unit"].tolist())
    return batch[known].reset_index(drop=True), faults


def duplicates(rows: pd.DataFrame, key: list[str]) -> list[Fault]:
    """A fault for every row whose key stood before."""
    twice = rows[rows.duplicated(key, keep="first").to_numpy()]
    return each(twice, "row-duplicate", [" ".join(map(str, values)) for values in twice[key].to_numpy().tolist()])
