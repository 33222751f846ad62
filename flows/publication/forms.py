"""The forms people fill in: a unit's self-assessment, an appraiser's worksheet, as the reader wants them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.appraisal_form import appraiser_worksheet
from flows.publication.form_columns import EVIDENCE, HALF_YEAR, LAST_YEAR, SCORES
from flows.publication.form_guide import FILLING, about_framework, write_guide
from flows.publication.score_sheet import write_field
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
    sheet_title,
    workbook_bytes,
)
from flows.publication.typing_guards import Lists
from models.rules.framework import Framework

__all__ = ["appraiser_worksheet", "unit_form"]

EVIDENCE_SHEET, LISTS_SHEET = "Tài liệu kiểm chứng", "Danh mục"
MOST_DOCUMENTS, RULED = 2000, 40  # rows the code list reaches; more can be written without it


def unit_form(
    cycle_name: str,
    cycle_id: str,
    unit: str,
    unit_name: str,
    framework: Framework,
    *,
    last_year: Mapping[str, str] | None = None,
    half_year: Mapping[str, str] | None = None,
    filled: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    for_half_year: bool = False,
    digest: str = "",
) -> bytes:
    """A unit's self-assessment as an xlsx workbook; the same arguments give the same bytes.

    last_year, half_year: points and figures by code, for people only. filled: this unit's frames CLAIMS and
    EVIDENCE; their values are written, and no formula. digest: SHA-256 of the framework, shown on the first sheet.
    for_half_year: the same form for figures in the middle of the year.
    Source: contract, Forms as xlsx.
    """
    book = Workbook()
    about = [
        (f"Kỳ đánh giá: {cycle_name} ({cycle_id})", f"Cycle: {cycle_id}"),
        (f"Đơn vị: {unit_name} ({unit})", f"Unit: {unit}"),
        *about_framework(framework, digest),
    ]
    title = (f"Phiếu tự chấm điểm – {unit_name}", "Self-assessment form")
    if for_half_year:
        title = (f"Phiếu báo cáo số liệu 6 tháng – {unit_name}", "Half-year figures: reported, not scored")
    write_guide(book.worksheets[0], title, about, FILLING)
    book.properties.title = f"{cycle_id} / {unit} / {framework.id}"
    lists = Lists(LISTS_SHEET)
    claims = None if filled is None else _by_code(filled[0])
    headings = SCORES if last_year is None else (*SCORES, LAST_YEAR)
    headings = headings if half_year is None else (*headings, HALF_YEAR)
    for part in framework.fields:
        taken = [*book.sheetnames, EVIDENCE_SHEET, LISTS_SHEET]
        sheet = book.create_sheet(sheet_title(f"{part.code}. {part.name}", taken))
        header_row(sheet, [(one.name, one.width) for one in headings])
        write_field(sheet, part, framework.leaf_decimals, lists, claims, last_year or {}, half_year, len(headings))
        ready_to_print(sheet, "C2", f"{cycle_name} – {unit_name} – {part.code}. {part.name}")
        protect(sheet)
    _write_evidence(book.create_sheet(EVIDENCE_SHEET), framework, lists, None if filled is None else filled[1])
    lists.write(book.create_sheet(LISTS_SHEET))
    return workbook_bytes(book)


def _by_code(claims: pd.DataFrame) -> dict[str, dict[str, str]]:
    return {row["code"]: {str(key): text for key, text in row.items()} for row in claims.to_dict("records")}


def _write_evidence(sheet: Worksheet, framework: Framework, lists: Lists, evidence: pd.DataFrame | None) -> None:
    """The register of evidence documents: open columns of text, codes from a list."""
    header_row(sheet, [(one.name, one.width) for one in EVIDENCE])
    for place in range(1, len(EVIDENCE) + 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.protection, column.number_format, column.alignment, column.font = OPEN, AS_TEXT, WRAPPED, FONT
    if evidence is None:
        _ruled_rows(sheet)
    else:
        documents = evidence[(evidence["kind"] == "evidence").to_numpy()]
        for row, document in enumerate(documents.to_dict("records"), start=2):
            for place, heading in enumerate(EVIDENCE, start=1):
                cell = dressed(put_text(at(sheet, row, place), document[heading.carries]))
                cell.protection, cell.number_format = OPEN, AS_TEXT
            fit_height(sheet, row, len(EVIDENCE))
    codes = [leaf.code for leaf in framework.leaves if leaf.source == "appraisal"]
    lists.offer(sheet, "Các mã", codes, f"A2:A{MOST_DOCUMENTS}")
    ready_to_print(sheet, "B2", EVIDENCE_SHEET)
    protect(sheet)


def _ruled_rows(sheet: Worksheet) -> None:
    """Some rows that look like rows; those below can be written just the same."""
    for row in range(2, RULED + 2):
        for place in range(1, len(EVIDENCE) + 1):
            cell = dressed(at(sheet, row, place), fill=INPUT_FILL)
            cell.protection, cell.number_format = OPEN, AS_TEXT
