"""One round's sheet of an appraiser's worksheet: what the unit gave, locked; the appraiser's own cells, open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import copy
from typing import Any

import pandas as pd
from openpyxl.cell.cell import Cell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.document_list import LINK, MOST_LINKS, Links
from flows.publication.form_columns import ASKED, FIRST_ROW, MARKED, MARKS, NUMBERS, Heading, captions
from flows.publication.sheet_writing import (
    A3,
    AS_TEXT,
    FIGURES,
    FONT,
    INPUT_FILL,
    MIDDLE,
    OPEN,
    RUNS,
    SMALL_GREY,
    UNUSED_FILL,
    WRAPPED,
    at,
    dressed,
    fit_height,
    header_row,
    protect,
    put_number,
    put_text,
    ready_to_print,
)
from flows.publication.typing_guards import Lists, guard
from models.rules.frames import INPUTS
from models.rules.numbers import read_number
from models.rules.reasons import REASONS

_TOLD = [one.carries for one in MARKED].index("told")
FIRST_HEADINGS = (*MARKED, *MARKS)
SECOND_HEADINGS = (*MARKED[:_TOLD], *ASKED, *MARKED[_TOLD:], *MARKS)  # what was asked beside what was answered
OWN = frozenset(one.carries for one in MARKS)
SMALL = frozenset({"inputs", "evidence", "rule", "told", "first", "asked"})
GUARDED = frozenset({"round", *OWN} - {"option", "points", "reason"})  # the others depend on the leaf or take any text
SPARE = 1000
HINT = "Chọn một lý do rồi ghi thêm chi tiết sau dấu hai chấm; cũng có thể ghi lý do khác. / Choose, then add details."


def write_marks(
    sheet: Worksheet, rows: pd.DataFrame, headings: Sequence[Heading], lists: Lists, links: Links, caption: str
) -> None:
    """Fill a sheet: a row per unit and leaf, marks as they stand filled in, spare rows below."""
    header_row(sheet, [(one.name, one.width) for one in headings], captions(headings))
    last = len(rows) + FIRST_ROW - 1
    _open_columns(sheet, headings, last + SPARE)
    looks: dict[object, Cell] = {}
    for row, told in enumerate(rows.to_dict("records"), start=FIRST_ROW):
        _write_row(sheet, row, {str(key): str(value) for key, value in told.items()}, headings, links, looks)
    letters = {one.carries: get_column_letter(place) for place, one in enumerate(headings, start=1)}
    if "options" in rows:
        _offer_options(sheet, rows["options"].tolist(), lists, letters["option"])
    reasons = [f"{vietnamese}:" for vietnamese, _ in REASONS.values()]
    lists.suggest(sheet, "Lý do", reasons, f"{letters['reason']}{FIRST_ROW}:{letters['reason']}{last + SPARE}", HINT)
    if "uses" in rows:
        used = {name for text in rows["uses"].tolist() for name in text.split(",")}
        for name in INPUTS:
            sheet.column_dimensions[letters[name]].hidden = name not in used
    sheet.auto_filter.ref = f"A{FIRST_ROW - 1}:{get_column_letter(len(headings))}{last}"
    ready_to_print(sheet, f"D{FIRST_ROW}", caption, titles=FIRST_ROW - 1, paper=A3)
    protect(sheet)


def _open_columns(sheet: Worksheet, headings: Sequence[Heading], last: int) -> None:
    """Every cell that has no look of its own can be written: spare rows for what is not listed."""
    for place, heading in enumerate(headings, start=1):
        letter = get_column_letter(place)
        column = sheet.column_dimensions[letter]
        column.protection, column.font, column.alignment = OPEN, FONT, WRAPPED
        column.number_format = "General" if heading.carries in NUMBERS else AS_TEXT
        if heading.carries in GUARDED:
            guard(sheet, heading.carries, f"{letter}{FIRST_ROW}:{letter}{last}")


def _write_row(
    sheet: Worksheet,
    row: int,
    told: Mapping[str, str],
    headings: Sequence[Heading],
    links: Links,
    looks: dict[object, Cell],
) -> None:
    uses = told["uses"].split(",") if told.get("uses") else list(INPUTS)
    for place, heading in enumerate(headings, start=1):
        name, cell = heading.carries, at(sheet, row, place)
        text = told.get(name, "1" if name == "round" else "")
        number = (name in NUMBERS or name in ("maximum", "self")) and _is_number(text)
        if number:
            put_number(cell, read_number(text))
        else:
            put_text(cell, text)
        linked = name == "open" and row < MOST_LINKS and links.put(cell, told.get("unit", ""), told.get("code", ""))
        opens = name in OWN and (name not in INPUTS or name in uses)
        look = (name, number, linked, opens)
        if look in looks:
            cell._style = copy(looks[look]._style)  # type: ignore[attr-defined]  # as in `like`
        else:
            looks[look] = _dress(cell, name, number, linked, opens)
        if text.startswith(RUNS) and not number:
            cell.quotePrefix = True
    fit_height(sheet, row, len(headings) - len(MARKS))


def _dress(cell: Cell, name: str, number: bool, linked: bool, opens: bool) -> Cell:
    font = LINK if linked else SMALL_GREY if name in SMALL else FONT
    alignment = FIGURES if name in NUMBERS or number else MIDDLE if name in ("round", "maximum", "open") else WRAPPED
    fill: Any = (INPUT_FILL if opens else UNUSED_FILL) if name in OWN else None
    dressed(cell, font, alignment, fill)
    cell.number_format = "General" if number or name in NUMBERS else AS_TEXT
    if opens:
        cell.protection = OPEN
    return cell


def _offer_options(sheet: Worksheet, options: Sequence[str], lists: Lists, letter: str) -> None:
    """A drop-down per leaf with choices; leaves with the same choices share one."""
    where: dict[str, list[str]] = {}
    for row, text in enumerate(options, start=FIRST_ROW):
        if text:
            where.setdefault(text, []).append(f"{letter}{row}")
    for text, cells in where.items():
        lists.offer(sheet, f"Lựa chọn {len(lists.columns) + 1}", text.split("\n"), " ".join(cells))


def _is_number(text: str) -> bool:
    try:
        return bool(read_number(text))
    except ValueError:
        return False
