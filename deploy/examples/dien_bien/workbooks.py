"""Writes filled-in workbooks as people hand them in, the same bytes every time."""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.worksheet.worksheet import Worksheet

MOMENT = dt.datetime(2021, 1, 15, 8, 0, 0)
EARLIEST = (1980, 1, 1, 0, 0, 0)
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]+)?")
NUMERIC = ("Tử số", "Mẫu số", "Giá trị", "Số lượng", "Điểm", "Vòng", "Điểm tối đa")
WIDTHS = {
    "Tên": 60,
    "Lựa chọn": 32,
    "Trích yếu": 60,
    "Lý do": 50,
    "Giải trình": 40,
    "Cơ quan ban hành": 34,
    "Tệp": 40,
}


@dataclass(frozen=True)
class Page:
    """One sheet: a title above, the header row, then rows by header."""

    name: str
    title: str
    columns: Sequence[str]
    rows: Iterable[dict[str, str]]


def workbook(pages: Iterable[Page]) -> bytes:
    """The pages as xlsx; numbers are number cells, everything else is text."""
    book = Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    book.properties.creator = "parindex example"
    book.properties.created = book.properties.modified = MOMENT
    for page in pages:
        _fill(book.create_sheet(page.name), page)
    raw = io.BytesIO()
    book.save(raw)
    return _still(raw.getvalue())


def _fill(sheet: Worksheet, page: Page) -> None:
    sheet.append([page.title])
    sheet["A1"].font = Font(bold=True)
    sheet.append(list(page.columns))
    for place, column in enumerate(page.columns, start=1):
        head = sheet.cell(2, place)
        head.font, head.alignment = Font(bold=True), Alignment(wrap_text=True)
        sheet.column_dimensions[head.column_letter].width = WIDTHS.get(column, 12)
    for row in page.rows:
        sheet.append([_cell(column, row.get(column, "")) for column in page.columns])
    sheet.freeze_panes = "A3"


def _cell(column: str, text: str) -> str | Decimal | None:
    if column in NUMERIC and NUMBER.fullmatch(text):
        return Decimal(text)
    return text or None


def _still(data: bytes) -> bytes:
    """The same workbook without the moment of writing: openpyxl stamps both the zip and the properties."""
    stamp = MOMENT.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in sorted(old.namelist(), key=lambda name: (name != "[Content_Types].xml", name)):
            content = old.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>" + stamp, content)
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return out.getvalue()
