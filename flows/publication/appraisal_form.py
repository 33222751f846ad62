"""An appraiser's worksheet: every unit and leaf they may mark, with what the unit gave, ready for their figures."""

from __future__ import annotations

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter

from flows.publication.form_guide import MARKING, write_guide
from flows.publication.sheet_writing import (
    AS_TEXT,
    FIGURES,
    FONT,
    INPUT_FILL,
    OPEN,
    SMALL_GREY,
    WRAPPED,
    dressed,
    fit_height,
    header_row,
    protect,
    put_number,
    put_text,
    ready_to_print,
    workbook_bytes,
)
from flows.publication.typing_guards import guard

# header, the input it carries or the column of `rows` it shows, width
KEYS = (("Đơn vị", "unit", 13), ("Mã", "code", 8), ("Vòng", "round", 6))
TOLD = (
    ("Tên đơn vị", "unit_name", 20),
    ("Tên tiêu chí", "name", 32),
    ("Điểm tối đa", "maximum", 8),
    ("Điểm tự chấm", "self", 10),
    ("Số liệu đơn vị báo cáo", "inputs", 22),
    ("Tài liệu kiểm chứng", "evidence", 28),
)
ASKED = (
    ("Đồng ý", "agree", 8), ("Đạt", "met", 8), ("Lựa chọn", "option", 14), ("Tử số", "numerator", 9),
    ("Mẫu số", "denominator", 9), ("Giá trị", "value", 9), ("Số lượng", "count", 8), ("Điểm", "points", 8),
    ("Không áp dụng", "not_applicable", 9), ("Lý do", "reason", 26),
    ("Yêu cầu giải trình", "explanation_required", 10),
)  # fmt: skip
NUMBERS = ("numerator", "denominator", "value", "count", "points")
FREE = ("option", "reason", "points")  # what they accept depends on the leaf, or is any text
SHEET, SPARE = "Phiếu thẩm định", 1000


def appraiser_worksheet(cycle_name: str, appraiser: str, appraiser_name: str, rows: pd.DataFrame) -> bytes:
    """The worksheet as xlsx; the same arguments give the same bytes.

    rows: text columns unit, unit_name, code, name, maximum, self, inputs, evidence; one row per unit and leaf.
    Rows below the last one are open too: a second appraisal is added there. Source: contract, worksheets.
    """
    book = Workbook()
    title = (f"Phiếu thẩm định – {appraiser_name}", "Appraiser's worksheet")
    about = [
        (f"Kỳ đánh giá: {cycle_name}", "Cycle"),
        (f"Người thẩm định: {appraiser_name} ({appraiser})", f"Appraiser: {appraiser}"),
        (f"{rows['unit'].nunique()} đơn vị, {len(rows)} mục", f"{len(rows)} leaves"),
    ]
    write_guide(book.worksheets[0], title, about, MARKING)
    sheet = book.create_sheet(SHEET)
    headings = (*KEYS, *TOLD, *ASKED)
    header_row(sheet, [name for name, _, _ in headings], [width for _, _, width in headings])
    for place, (_, carries, _) in enumerate(headings, start=1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.protection, column.font, column.alignment = OPEN, FONT, WRAPPED
        column.number_format = "General" if carries in NUMBERS else AS_TEXT
    for row, told in enumerate(rows.to_dict("records"), start=2):
        _write_row(sheet, row, {str(key): str(value) for key, value in told.items()} | {"round": "1"})
    last = len(rows) + SPARE
    for place, (_, carries, _) in enumerate(headings, start=1):
        if carries == "round" or (
            carries in dict.fromkeys(one for _, one, _ in ASKED) and carries not in FREE
        ):
            letter = get_column_letter(place)
            guard(sheet, carries, f"{letter}2:{letter}{last}")
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(headings))}{len(rows) + 1}"
    ready_to_print(sheet, "D2", f"{cycle_name} – {appraiser_name}")
    protect(sheet)
    return workbook_bytes(book)


def _write_row(sheet, row: int, told: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    for place, (_, carries, _) in enumerate((*KEYS, *TOLD), start=1):
        text, cell = told.get(carries, ""), sheet.cell(row, place)
        plain = carries == "maximum" or (
            carries == "self" and text.lstrip("-").replace(".", "", 1).isdecimal()
        )
        if plain:
            dressed(put_number(cell, text), alignment=FIGURES)
        else:
            dressed(put_text(cell, text), SMALL_GREY if carries in ("inputs", "evidence") else FONT)
            cell.number_format = AS_TEXT
    for place, (_, carries, _) in enumerate(ASKED, start=len(KEYS) + len(TOLD) + 1):
        cell = dressed(sheet.cell(row, place), fill=INPUT_FILL)
        cell.protection = OPEN
        cell.number_format = "General" if carries in NUMBERS else AS_TEXT
        cell.alignment = FIGURES if carries in NUMBERS else WRAPPED
    fit_height(sheet, row)
