"""The half-year report: progress per bloc as a page to print and a workbook; the same figures, the same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.sheet_writing import (
    at,
    dressed,
    fit_height,
    header_row,
    put_text,
    ready_to_print,
    sheet_title,
    workbook_bytes,
)
from flows.publication.site import environment
from models.rules.cycle import CycleSettings
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.progress import Figures, LeafProgress, in_words, progress

DETAIL = "Từng đơn vị"
MOST_ROWS = 20_000  # above it the workbook has the blocs alone: figures stand in each unit's own form
LEAVES = (
    ("Mã\nCode", 8), ("Tiêu chí\nCriterion", 60), ("Số đơn vị báo cáo\nUnits reporting", 18),
    ("Toàn khối\nThe bloc", 22), ("Thấp nhất\nLowest", 34), ("Cao nhất\nHighest", 34),
)  # fmt: skip
FIGURES = (
    ("Khối\nBloc", 18), ("Đơn vị\nUnit", 34), ("Mã\nCode", 8), ("Tiêu chí\nCriterion", 52),
    ("Số liệu 6 tháng\nHalf-year", 18),
)  # fmt: skip


@dataclass(frozen=True)
class MidYear:
    """What is reported. units: bloc -> (unit, name); figures: unit -> leaf -> inputs; refused: forms sent back.

    findings: frame FINDINGS of the half-year forms. Units that are not published are in none of them.
    """

    settings: CycleSettings
    frameworks: Mapping[str, Framework]
    units: Mapping[str, Sequence[tuple[str, str]]]
    figures: Mapping[str, Mapping[str, Figures]]
    refused: frozenset[str]
    findings: pd.DataFrame


@dataclass(frozen=True)
class BlocReport:
    """One bloc: its units by name, those that did not report, those whose form was sent back, and its leaves."""

    name: str
    names: Mapping[str, str]
    missing: list[str]
    refused: list[str]
    leaves: list[LeafProgress]
    warnings: list[tuple[str, str, str, str]]

    @property
    def reported(self) -> int:
        """How many units' figures are in it."""
        return len(self.names) - len(self.missing) - len(self.refused)

    def end(self, one: tuple[str, str] | None) -> str:
        """The lowest or highest unit with its percentage."""
        return f"{self.names[one[0]]}: {one[1]}" if one else ""

    def row(self, one: LeafProgress) -> tuple[str, ...]:
        """A leaf's line, as LEAVES."""
        given = f"{one.given}/{len(self.names)}"
        return one.leaf.code, one.leaf.name, given, one.whole, self.end(one.lowest), self.end(one.highest)


def bloc_reports(given: MidYear) -> list[BlocReport]:
    """Blocs that have a unit, as in cycle.yaml."""
    warned = given.findings[(given.findings["severity"] != "info").to_numpy()]
    made = []
    for bloc in given.settings.blocs:
        names = dict(given.units[bloc.key])
        if not names:
            continue
        mine = warned[warned["unit"].isin(list(names)).to_numpy()]
        made.append(
            BlocReport(
                name=bloc.name,
                names=names,
                missing=[name for unit, name in names.items() if unit not in {*given.figures, *given.refused}],
                refused=[name for unit, name in names.items() if unit in given.refused],
                leaves=progress(given.frameworks[bloc.framework], list(names), given.figures),
                warnings=[
                    (names[unit], code, found, expected)
                    for unit, code, found, expected in rows_of(mine, "unit", "code", "found", "expected")
                ],
            )
        )
    return made


def midyear_page(given: MidYear) -> bytes:
    """One self-contained page of HTML for A4; nothing is fetched, no script."""
    page = environment().get_template("midyear.html")
    return page.render(given=given, blocs=bloc_reports(given)).encode()


def midyear_workbook(given: MidYear) -> bytes:
    """A sheet per bloc, and every unit's figures where they are not too many."""
    book = Workbook()
    book.remove(book.worksheets[0])
    title = f"Báo cáo 6 tháng – {given.settings.name}"
    for bloc in bloc_reports(given):
        sheet = book.create_sheet(sheet_title(bloc.name, [*book.sheetnames, DETAIL]))
        _write(sheet, LEAVES, [bloc.row(one) for one in bloc.leaves], f"{title} – {bloc.name}")
    detail = _detail(given)
    if len(detail) <= MOST_ROWS:
        _write(book.create_sheet(DETAIL), FIGURES, detail, f"{title} – {DETAIL}")
    book.properties.title = f"{given.settings.id} / 6"
    return workbook_bytes(book)


def _detail(given: MidYear) -> list[tuple[str, ...]]:
    """Every unit's figures, leaf by leaf."""
    rows: list[tuple[str, ...]] = []
    for bloc in given.settings.blocs:
        for unit, name in given.units[bloc.key]:
            mine = given.figures.get(unit, {})
            said = [one for one in given.frameworks[bloc.framework].leaves if one.code in mine]
            rows += [(bloc.name, name, one.code, one.name, in_words(mine[one.code])) for one in said]
    return rows


def _write(sheet: Worksheet, columns: Sequence[tuple[str, int]], rows: Sequence[Sequence[str]], caption: str) -> None:
    header_row(sheet, columns)
    for row, texts in enumerate(rows, start=2):
        for column, text in enumerate(texts, start=1):
            dressed(put_text(at(sheet, row, column), text))
        fit_height(sheet, row, len(columns))
    ready_to_print(sheet, "A2", caption)
