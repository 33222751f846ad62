"""Appraisers' worksheets as workbooks: the system's own template, filled in, second rounds added below."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from building.appraisers import Appraiser
from openpyxl.worksheet.worksheet import Worksheet

from dien_bien.workbooks import closed, columns, opened, write
from flows.appraisal_rows import Listed
from flows.publication.form_columns import FIRST_ROW
from flows.publication.forms import appraiser_worksheet

HEADERS = {
    "unit": "Đơn vị", "code": "Mã", "round": "Vòng", "agree": "Đồng ý", "met": "Đạt", "option": "Lựa chọn",
    "numerator": "Tử số", "denominator": "Mẫu số", "value": "Giá trị", "count": "Số lượng", "points": "Điểm",
    "not_applicable": "Không áp dụng", "reason": "Lý do", "explanation_required": "Yêu cầu giải trình",
}  # fmt: skip
KEYS = ("unit", "code", "round")
FLAGS = {"yes": "có", "no": "không"}


def worksheet(cycle_name: str, appraiser: Appraiser, asked: Listed, rows: Iterable[Mapping[str, str]]) -> bytes:
    """marks.xlsx of one appraiser. asked: what the template lists; rows: their marks."""
    made = appraiser_worksheet(cycle_name, appraiser.code, appraiser.name, asked.first, documents=asked.documents)
    book = opened(made)
    sheet = next(sheet for sheet in book.worksheets if columns(sheet))
    place = columns(sheet)
    lines = {_key(sheet, place, row): row for row in range(FIRST_ROW, sheet.max_row + 1)}
    last = max(row for key, row in lines.items() if key[0])
    for mark in rows:
        key = tuple(mark[name] for name in KEYS)
        if key not in lines:
            last += 1
            lines[key] = last
            for name in KEYS:
                sheet.cell(last, place[HEADERS[name]]).value = mark[name]
        for name in (name for name in HEADERS if name not in KEYS and mark[name]):
            write(sheet, lines[key], HEADERS[name], FLAGS.get(mark[name], mark[name]))
    return closed(book)


def _key(sheet: Worksheet, place: Mapping[str, int], row: int) -> tuple[str, ...]:
    return tuple(str(sheet.cell(row, place[HEADERS[name]]).value or "") for name in KEYS)
