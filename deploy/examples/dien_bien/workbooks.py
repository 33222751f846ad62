"""Fills in workbooks that the system's own templates made, and packs them as a spreadsheet program would."""

from __future__ import annotations

import io
import zipfile

from openpyxl import Workbook, load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.form_columns import FIRST_ROW
from flows.publication.sheet_writing import put_number, put_text, workbook_bytes
from models.rules.numbers import read_number

EARLIEST = (1980, 1, 1, 0, 0, 0)


def opened(data: bytes) -> Workbook:
    """A workbook to write into."""
    return load_workbook(io.BytesIO(data))


def closed(book: Workbook) -> bytes:
    """The workbook, the same bytes every time."""
    return packed(workbook_bytes(book))


def packed(data: bytes) -> bytes:
    """The same members deflated: templates are stored flat, three times as large."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as flat, zipfile.ZipFile(out, "w") as small:
        for name in flat.namelist():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type, entry.create_system = zipfile.ZIP_DEFLATED, 3
            small.writestr(entry, flat.read(name))
    return out.getvalue()


def columns(sheet: Worksheet) -> dict[str, int]:
    """Column by header; empty where the sheet has no header `Mã` in its first row."""
    named = {str(cell.value): cell.column for cell in sheet[1] if cell.value}
    return named if "Mã" in named else {}


def find(book: Workbook, code: str) -> tuple[Worksheet, int]:
    """The sheet and row of a leaf's figures."""
    for sheet in book.worksheets:
        place = columns(sheet)
        for row in range(FIRST_ROW, sheet.max_row + 1) if place else ():
            if sheet.cell(row, place["Mã"]).value == code:
                return sheet, row
    raise KeyError(code)


def write(sheet: Worksheet, row: int, header: str, text: str) -> None:
    """A number as a number, anything else as text, nothing as nothing."""
    cell = sheet.cell(row, columns(sheet)[header])
    assert isinstance(cell, Cell)
    try:
        put_number(cell, read_number(text))
    except ValueError:
        if text:
            put_text(cell, text)
