"""The register of evidence documents in a self-assessment: one row per document, codes from a list."""

from __future__ import annotations

import pandas as pd
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.form_columns import EVIDENCE
from flows.publication.sheet_writing import (
    AS_TEXT,
    FONT,
    INPUT_FILL,
    OPEN,
    WRAPPED,
    at,
    dressed,
    fit_height,
    header_row,
    protect,
    put_text,
    ready_to_print,
)
from flows.publication.typing_guards import Lists
from models.rules.framework import Framework

EVIDENCE_SHEET = "Tài liệu kiểm chứng"
START = 2  # right below the header: whoever fills it in looks there
MOST_DOCUMENTS, RULED = 2000, 40  # rows the code list reaches; more can be written without it


def write_evidence(sheet: Worksheet, framework: Framework, lists: Lists, evidence: pd.DataFrame | None) -> None:
    """Open columns of text below the header. evidence: frame EVIDENCE of a form that came back."""
    header_row(sheet, [(one.name, one.width) for one in EVIDENCE])
    for place in range(1, len(EVIDENCE) + 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.protection, column.number_format, column.alignment, column.font = OPEN, AS_TEXT, WRAPPED, FONT
    if evidence is None:
        _ruled_rows(sheet)
    else:
        documents = evidence[(evidence["kind"] == "evidence").to_numpy()]
        for row, document in enumerate(documents.to_dict("records"), start=START):
            for place, heading in enumerate(EVIDENCE, start=1):
                cell = dressed(put_text(at(sheet, row, place), document[heading.carries]))
                cell.protection, cell.number_format = OPEN, AS_TEXT
            fit_height(sheet, row, len(EVIDENCE))
    codes = [leaf.code for leaf in framework.leaves if leaf.source == "appraisal"]
    lists.offer(sheet, "Các mã", codes, f"A{START}:A{MOST_DOCUMENTS}")
    ready_to_print(sheet, f"B{START}", EVIDENCE_SHEET, titles=1)
    protect(sheet)


def _ruled_rows(sheet: Worksheet) -> None:
    """Some rows that look like rows; those below can be written just the same."""
    for row in range(START, RULED + START):
        for place in range(1, len(EVIDENCE) + 1):
            cell = dressed(at(sheet, row, place), fill=INPUT_FILL)
            cell.protection, cell.number_format = OPEN, AS_TEXT
