"""The closed analyses of a version as a workbook: one sheet per table, as they stand in its annex."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.analysis_tables import WORDS
from flows.publication.sheet_writing import (
    FIGURES,
    FONT,
    WRAPPED,
    at,
    dressed,
    header_row,
    like,
    put_number,
    put_text,
    ready_to_print,
    workbook_bytes,
)

TITLES: Mapping[str, str] = {
    "gaps_by_unit": "Chênh lệch – đơn vị",
    "gaps_by_field": "Chênh lệch – lĩnh vực",
    "gaps_by_unit_and_field": "Chênh lệch – đơn vị, lĩnh vực",
    "gaps_by_appraiser": "Chênh lệch – người thẩm định",
    "robustness": "Độ vững thứ hạng",
    "floors": "Khoảng cách tới ngưỡng",
    "survey": "Điều tra",
    "stands_apart": "Khác biệt và biến động",
}
WIDTHS = {"name": 36, "warning": 50, "framework": 26, "unit": 20, "appraiser": 20, "what": 14}


def analysis_workbook(tables: Mapping[str, pd.DataFrame]) -> bytes:
    """The tables by name, in the order of TITLES; the same tables give the same bytes."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, title in TITLES.items():
        if name in tables:
            _write(book.create_sheet(title[:31]), tables[name])
            ready_to_print(book.worksheets[-1], "A2", f"{title} – phụ lục kín / closed annex")
    return workbook_bytes(book)


def _write(sheet: Worksheet, table: pd.DataFrame) -> None:
    columns = [str(name) for name in table.columns]
    header_row(sheet, [(name, WIDTHS.get(name, 13)) for name in columns])
    for column, name in enumerate(columns, start=1):
        numbers = name not in WORDS
        for row, text in enumerate(table[name].tolist(), start=2):
            cell = at(sheet, row, column)
            if row == 2:
                dressed(cell, FONT, FIGURES if numbers else WRAPPED)
            else:
                like(cell, at(sheet, 2, column))
            if numbers and not text.startswith("<"):
                decimals = len(text.partition(".")[2])
                put_number(cell, text, "0." + "0" * decimals if decimals else "0")
            else:
                put_text(cell, text)
