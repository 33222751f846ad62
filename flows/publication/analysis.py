"""The closed analyses of a publication, for the secretariat: tables as CSV and one page to read them on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from flows.publication.analysis_tables import TABLES, WORDS, analysed, analysis_tables
from flows.publication.csv_text import csv_bytes
from flows.publication.site import environment
from models.rules.cycle import CycleInputs
from models.rules.insight.survey_error import FEWEST
from models.rules.scoring import Sheet
from models.rules.totals import Standing

MOST = 60  # rows of a table on the page; the CSV has them all
NEAREST = 12
WIDE = 240  # of the little drawing of a rank's interval
WHAT = {"index": "chỉ số / index", "index_change": "thay đổi chỉ số / change", "rank_change": "thay đổi hạng / rank"}
Row = dict[str, str]


@dataclass(frozen=True)
class Interval:
    """A unit's rank and what it may be, drawn on a scale of its bloc; x, wide and at in the drawing's units."""

    row: Row
    x: int
    wide: int
    at: int


def analysis_files(
    inputs: CycleInputs, sheets: Mapping[str, Sheet], lines: Sequence[Standing], version: int
) -> dict[str, bytes]:
    """analysis/*.csv and analysis/index.html, below annex/: a pure function of the figures."""
    tables = analysis_tables(analysed(inputs, sheets, lines))
    numbers = {name: [one for one in columns if one not in WORDS] for name, columns in TABLES.items()}
    made = {f"analysis/{name}.csv": csv_bytes(table, TABLES[name], numbers[name]) for name, table in tables.items()}
    return made | {"analysis/index.html": _page(inputs, tables, version)}


def _page(inputs: CycleInputs, tables: Mapping[str, pd.DataFrame], version: int) -> bytes:
    rows = {name: _rows(table) for name, table in tables.items()}
    text = (
        environment()
        .get_template("analysis.html")
        .render(
            name=inputs.settings.name,
            cycle=inputs.settings.id,
            version=version,
            most=MOST,
            fewest=FEWEST,
            appraisers=rows["gaps_by_appraiser"],
            fields=rows["gaps_by_field"],
            units=_largest(rows["gaps_by_unit"], "gap")[:MOST],
            blocs=[(bloc.name, _intervals(rows["robustness"], bloc.key)) for bloc in inputs.settings.blocs],
            wide=WIDE,
            nearest=[
                (bloc.name, *_nearest([row for row in rows["floors"] if row["bloc"] == bloc.key]))
                for bloc in inputs.settings.blocs
            ],
            apart=[row | {"what": _what(row["what"])} for row in rows["stands_apart"][: 2 * MOST]],
            apart_in_all=len(rows["stands_apart"]),
        )
    )
    return text.encode()


def _rows(table: pd.DataFrame) -> list[Row]:
    columns = [str(name) for name in table.columns]
    return [
        dict(zip(columns, values, strict=True))
        for values in zip(*(table[name].tolist() for name in columns), strict=True)
    ]


def _largest(rows: list[Row], by: str) -> list[Row]:
    return sorted(rows, key=lambda row: -Fraction(row[by]))


def _what(what: str) -> str:
    return WHAT.get(what, f"lĩnh vực {what} (%) / field {what}")


def _intervals(rows: list[Row], bloc: str) -> list[Interval]:
    """The ranked units of a bloc, best first, with the place of their ranks on one scale."""
    there = [row for row in rows if row["bloc"] == bloc]
    step = WIDE * 100 // max(len(there), 1)
    return [
        Interval(
            row,
            (int(row["rank_best"]) - 1) * step // 100,
            max((int(row["rank_worst"]) - int(row["rank_best"]) + 1) * step // 100, 2),
            ((2 * int(row["rank"]) - 1) * step) // 200,
        )
        for row in there
    ]


def _nearest(rows: list[Row]) -> tuple[list[Row], list[Row]]:
    """Those closest below the next floor, and those closest above their own."""
    below = [row for row in rows if row["to_next_floor"]]
    above = [row for row in rows if row["above_own_floor"]]
    return (
        sorted(below, key=lambda row: Fraction(row["to_next_floor"]))[:NEAREST],
        sorted(above, key=lambda row: Fraction(row["above_own_floor"]))[:NEAREST],
    )
