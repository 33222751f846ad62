"""The documents an appraiser looks at, one row each, with a link that opens the file from where the worksheet lies."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from openpyxl.cell.cell import Cell
from openpyxl.styles import Font
from openpyxl.utils import quote_sheetname
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.form_columns import Heading
from flows.publication.form_guide import day
from flows.publication.sheet_writing import (
    AS_TEXT,
    FONT,
    at,
    dressed,
    fit_height,
    header_row,
    like,
    protect,
    put_text,
    ready_to_print,
)
from models.rules.frames import rows_of

DOCUMENTS = "Tài liệu"
HEADINGS = (
    Heading("Tên đơn vị", "unit_name", 26, "Name of the unit"),
    Heading("Tiêu chí", "code", 9, "Leaf"),  # not “Mã”: a sheet with that header is read
    Heading("Số và ký hiệu", "document_number", 20),
    Heading("Cơ quan ban hành", "issuer", 26),
    Heading("Ngày ban hành", "issued_on", 12),
    Heading("Trích yếu", "title", 46),
    Heading("Trang", "pages", 9),
    Heading("Tệp (bấm để mở)", "file", 40, "File (click to open)"),
)
FIRST_ROW = 3
LINK = Font(name="Times New Roman", size=11, color="0B5394", underline="single")
MOST_LINKS = 60_000  # a sheet holds 65,530
_IN_ADDRESS = {ord(sign): f"%{ord(sign):02X}" for sign in '% #?"<>\\^`{|}'}


def address(unit: str, file: str) -> str:
    """A file of a unit's evidence as seen from appraisal/<appraiser>/; letters stay letters, as Excel wants them."""
    return f"../../inbox/{unit}/evidence/{file}".translate(_IN_ADDRESS)


@dataclass(frozen=True)
class Links:
    """By unit and code: the file a click opens where it is the only one, and where in the list several of them begin.

    What is on paper has no link.
    """

    files: Mapping[tuple[str, str], list[str]]
    rows: Mapping[tuple[str, str], int]

    @classmethod
    def of(cls, documents: pd.DataFrame | None) -> Links:
        """From the documents in the order of their list."""
        rows: dict[tuple[str, str], int] = {}
        named: dict[tuple[str, str], list[str]] = {}
        if documents is not None and len(documents):
            for row, (unit, code, file) in enumerate(rows_of(documents, "unit", "code", "file"), start=FIRST_ROW):
                rows.setdefault((unit, code), row)
                named.setdefault((unit, code), []).extend([file] if file else [])
        return cls({key: files for key, files in named.items() if files}, rows)

    def put(self, cell: Cell, unit: str, code: str) -> bool:
        """Write the link into a cell; False where there is nothing to open."""
        files = self.files.get((unit, code))
        if files is None:
            return False
        if len(files) == 1:
            put_text(cell, "Mở tệp").hyperlink = Hyperlink(ref=cell.coordinate, target=address(unit, files[0]))
        else:
            where = f"{quote_sheetname(DOCUMENTS)}!A{self.rows[unit, code]}"
            put_text(cell, f"{len(files)} tệp").hyperlink = Hyperlink(ref=cell.coordinate, location=where)
        return True


def write_documents(sheet: Worksheet, documents: pd.DataFrame, caption: str) -> None:
    """One row per document, in the order of the worksheet."""
    header_row(sheet, [(one.name, one.width) for one in HEADINGS], [one.english for one in HEADINGS])
    models: dict[bool, Cell] = {}
    for row, told in enumerate(documents.to_dict("records"), start=FIRST_ROW):
        for place, heading in enumerate(HEADINGS, start=1):
            text = str(told[heading.carries])
            cell = put_text(at(sheet, row, place), day(text) if heading.carries == "issued_on" else text)
            linked = heading.carries == "file" and bool(text) and row < MOST_LINKS
            if linked:
                cell.hyperlink = Hyperlink(ref=cell.coordinate, target=address(str(told["unit"]), text))
            if linked not in models:
                models[linked] = dressed(cell, LINK if linked else FONT)
                cell.number_format = AS_TEXT
            else:
                like(cell, models[linked])
        fit_height(sheet, row, len(HEADINGS))
    ready_to_print(sheet, f"C{FIRST_ROW}", f"{caption} – {DOCUMENTS}", titles=FIRST_ROW - 1)
    protect(sheet)
