"""An appraiser's worksheet: every unit and leaf they may mark, what the unit gave, room for their figures."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.form_columns import MARKED, MARKS, NUMBERS
from flows.publication.form_guide import MARKING, write_guide
from flows.publication.sheet_writing import (
    AS_TEXT,
    FIGURES,
    FONT,
    INPUT_FILL,
    OPEN,
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
    workbook_bytes,
)
from flows.publication.typing_guards import Lists, guard
from models.rules.frames import INPUTS
from models.rules.numbers import read_number

HEADINGS = (*MARKED, *MARKS)
GUARDED = (
    "round",
    *(one.carries for one in MARKS if one.carries not in ("option", "points", "reason")),
)  # the others depend on the leaf or take any text
SHEET, LISTS_SHEET, SPARE = "Phiếu thẩm định", "Danh mục", 1000


def appraiser_worksheet(cycle_name: str, appraiser: str, appraiser_name: str, rows: pd.DataFrame) -> bytes:
    """The worksheet as xlsx; the same arguments give the same bytes.

    rows: text columns unit, unit_name, code, name, maximum, self, inputs, evidence; a row per unit and leaf.
    Optional: rule (in words), uses (the rule's inputs, ","-separated: other inputs turn grey), options (the
    choices, one per line: a drop-down). Rows below the last one are open too, for the second round.
    Source: contract, worksheets.
    """
    book = Workbook()
    units = rows["unit"].nunique()
    about = [
        (f"Kỳ đánh giá: {cycle_name}", "Cycle"),
        (f"Người thẩm định: {appraiser_name} ({appraiser})", f"Appraiser: {appraiser}"),
        (f"{units} đơn vị, {len(rows)} dòng", f"{units} units, {len(rows)} rows"),
    ]
    title = (f"Phiếu thẩm định – {appraiser_name}", "Appraiser's worksheet")
    write_guide(book.worksheets[0], title, about, MARKING)
    sheet = book.create_sheet(SHEET)
    header_row(sheet, [(one.name, one.width) for one in HEADINGS])
    _open_columns(sheet, len(rows) + SPARE)
    for row, told in enumerate(rows.to_dict("records"), start=2):
        _write_row(sheet, row, {str(key): str(value) for key, value in told.items()} | {"round": "1"})
    lists = Lists(LISTS_SHEET)
    if "options" in rows:
        _offer_options(sheet, rows["options"].tolist(), lists)
    lists.write(book.create_sheet(LISTS_SHEET))
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(HEADINGS))}{len(rows) + 1}"
    ready_to_print(sheet, "D2", f"{cycle_name} – {appraiser_name}")
    protect(sheet)
    return workbook_bytes(book)


def _open_columns(sheet: Worksheet, last: int) -> None:
    """Every cell that has no look of its own can be written: spare rows for the second round."""
    for place, heading in enumerate(HEADINGS, start=1):
        letter = get_column_letter(place)
        column = sheet.column_dimensions[letter]
        column.protection, column.font, column.alignment = OPEN, FONT, WRAPPED
        column.number_format = "General" if heading.carries in NUMBERS else AS_TEXT
        if heading.carries in GUARDED:
            guard(sheet, heading.carries, f"{letter}2:{letter}{last}")


def _write_row(sheet: Worksheet, row: int, told: Mapping[str, str]) -> None:
    for place, heading in enumerate(MARKED, start=1):
        text, cell = told.get(heading.carries, ""), at(sheet, row, place)
        if heading.carries in ("maximum", "self") and _is_number(text):
            dressed(put_number(cell, text), alignment=FIGURES)
        else:
            dressed(
                put_text(cell, text),
                SMALL_GREY if heading.carries in ("inputs", "evidence", "rule") else FONT,
            )
            cell.number_format = AS_TEXT
    fit_height(sheet, row, len(MARKED))
    uses = told["uses"].split(",") if told.get("uses") else list(INPUTS)
    for place, heading in enumerate(MARKS, start=len(MARKED) + 1):
        number = heading.carries in NUMBERS
        cell = dressed(at(sheet, row, place), FONT, FIGURES if number else WRAPPED, UNUSED_FILL)
        cell.number_format = "General" if number else AS_TEXT
        if heading.carries not in INPUTS or heading.carries in uses:
            cell.fill, cell.protection = INPUT_FILL, OPEN


def _offer_options(sheet: Worksheet, options: Sequence[str], lists: Lists) -> None:
    """A drop-down per leaf with choices; leaves with the same choices share one."""
    letter = get_column_letter([one.carries for one in HEADINGS].index("option") + 1)
    where: dict[str, list[str]] = {}
    for row, text in enumerate(options, start=2):
        if text:
            where.setdefault(text, []).append(f"{letter}{row}")
    for place, (text, cells) in enumerate(where.items(), start=1):
        lists.offer(sheet, f"Lựa chọn {place}", text.split("\n"), " ".join(cells))


def _is_number(text: str) -> bool:
    try:
        return read_number(text) == text
    except ValueError:
        return False
