"""The forms people fill in: a unit's self-assessment, an appraiser's worksheet; as the contract's readers want them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.appraisal_form import appraiser_worksheet
from flows.publication.claimed_formulas import claimed_formula
from flows.publication.form_guide import FILLING, about_framework, write_guide
from flows.publication.rule_words import rule_in_words
from flows.publication.sheet_writing import (
    AS_TEXT,
    BOLD,
    COMPUTED_FILL,
    FIGURES,
    FONT,
    GROUP_FILL,
    INPUT_FILL,
    MIDDLE,
    OPEN,
    SMALL_GREY,
    UNUSED_FILL,
    WRAPPED,
    dressed,
    fit_height,
    header_row,
    protect,
    put_formula,
    put_number,
    put_text,
    ready_to_print,
    sheet_title,
    workbook_bytes,
)
from flows.publication.typing_guards import guard, list_guard
from models.rules.framework import Choice, Framework, Judgement, Leaf, ReformField

__all__ = ["appraiser_worksheet", "unit_form"]


class Heading(NamedTuple):
    """A column of a form: its header, the input it carries ("" for people's columns), its width."""

    name: str
    carries: str
    width: float


SCORES = (
    Heading("Mã", "code", 8), Heading("Tên tiêu chí", "", 36), Heading("Cách chấm", "", 34),
    Heading("Điểm tối đa", "", 8), Heading("Tài liệu bắt buộc", "", 10), Heading("Đạt", "met", 8),
    Heading("Lựa chọn", "option", 15), Heading("Tử số", "numerator", 10), Heading("Mẫu số", "denominator", 10),
    Heading("Giá trị", "value", 9), Heading("Số lượng", "count", 8), Heading("Điểm", "points", 9),
    Heading("Không áp dụng", "not_applicable", 14), Heading("Giải trình", "explanation", 22),
)  # fmt: skip
LAST_YEAR = Heading("Điểm năm trước", "", 9)
EVIDENCE = (
    Heading("Mã", "code", 9), Heading("Số và ký hiệu", "document_number", 22),
    Heading("Cơ quan ban hành", "issuer", 28), Heading("Ngày ban hành", "issued_on", 14),
    Heading("Trích yếu", "title", 48), Heading("Tệp", "file", 32), Heading("Trang", "pages", 10),
)  # fmt: skip
EVIDENCE_SHEET, LISTS_SHEET = "Tài liệu kiểm chứng", "Danh mục"
ASKED = {"required": "bắt buộc", "optional": "nếu có", "none": "không cần"}
ELSEWHERE = {"survey": "điều tra xã hội học", "statistics": "số liệu thống kê"}
COLUMN = {
    heading.carries: get_column_letter(place) for place, heading in enumerate(SCORES, 1) if heading.carries
}
NUMBERS = ("numerator", "denominator", "value", "count", "points")


def unit_form(
    cycle_name: str,
    cycle_id: str,
    unit: str,
    unit_name: str,
    framework: Framework,
    *,
    last_year: Mapping[str, str] | None = None,
    filled: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    digest: str = "",
) -> bytes:
    """A unit's self-assessment as an xlsx workbook; the same arguments give the same bytes.

    last_year: points by code, for people only. filled: frames CLAIMS and EVIDENCE of this unit: their values are
    written and no formula. digest: SHA-256 of the framework as text, shown on the first sheet.
    Source: contract, Forms as xlsx.
    """
    claims, evidence = filled if filled is not None else (None, None)
    given = {} if claims is None else {row["code"]: row for row in claims.to_dict("records")}
    book = Workbook()
    guide = book.worksheets[0]
    about = [
        (f"Kỳ đánh giá: {cycle_name} ({cycle_id})", f"Cycle: {cycle_id}"),
        (f"Đơn vị: {unit_name} ({unit})", f"Unit: {unit}"),
        *about_framework(framework, digest),
    ]
    write_guide(guide, (f"Phiếu tự chấm điểm – {unit_name}", "Self-assessment form"), about, FILLING)
    book.properties.title = f"{cycle_id} / {unit} / {framework.id}"
    lists = book.create_sheet(LISTS_SHEET)
    lists.sheet_state = "hidden"
    taken = [guide.title, LISTS_SHEET, EVIDENCE_SHEET]
    for part in framework.fields:
        sheet = book.create_sheet(sheet_title(f"{part.code}. {part.name}", taken), len(taken) - 2)
        taken.append(sheet.title)
        headings = SCORES if last_year is None else (*SCORES, LAST_YEAR)
        header_row(sheet, [one.name for one in headings], [one.width for one in headings])
        _write_field(sheet, part, framework, lists, None if filled is None else given, last_year or {})
        ready_to_print(sheet, "C2", f"{cycle_name} – {unit_name} – {part.code}. {part.name}")
        protect(sheet)
    _write_evidence(book.create_sheet(EVIDENCE_SHEET, len(taken) - 2), framework, lists, evidence)
    protect(lists)
    return workbook_bytes(book)


def _write_field(
    sheet: Worksheet,
    part: ReformField,
    framework: Framework,
    lists: Worksheet,
    given: Mapping[str, Mapping[str, str]] | None,
    last_year: Mapping[str, str],
) -> None:
    """One field: headings without code, a row with code for every leaf the unit scores itself."""
    _group_row(sheet, f"{part.code}. {part.name}", part.maximum)
    for criterion in part.criteria:
        if not criterion.is_leaf:
            _group_row(sheet, f"{criterion.code}. {criterion.name}", criterion.maximum)
        for leaf in criterion.leaves:
            row = sheet.max_row + 1
            if leaf.source != "appraisal":
                _told_elsewhere(sheet, row, leaf)
                continue
            _leaf_text(sheet, row, leaf, last_year.get(leaf.code, ""))
            if given is None:
                _open_cells(sheet, row, leaf, lists, framework.leaf_decimals)
            else:
                _write_given(sheet, row, leaf, given.get(leaf.code, {}))
            fit_height(sheet, row)


def _group_row(sheet: Worksheet, name: str, maximum: str) -> None:
    row = sheet.max_row + 1
    for column in range(1, len(SCORES) + 1):
        dressed(sheet.cell(row, column), fill=GROUP_FILL)
    dressed(put_text(sheet.cell(row, 2), name), BOLD, fill=GROUP_FILL)
    dressed(put_number(sheet.cell(row, 4), maximum), BOLD, MIDDLE, GROUP_FILL)
    fit_height(sheet, row)


def _told_elsewhere(sheet: Worksheet, row: int, leaf: Leaf) -> None:
    """A leaf the unit does not score: to be seen, without a code, nothing to fill in."""
    for column in range(1, len(SCORES) + 1):
        dressed(sheet.cell(row, column), SMALL_GREY, fill=UNUSED_FILL)
    put_text(sheet.cell(row, 2), f"{leaf.code}. {leaf.name}")
    put_text(sheet.cell(row, 3), ELSEWHERE[leaf.source])
    dressed(put_number(sheet.cell(row, 4), leaf.maximum), SMALL_GREY, MIDDLE, UNUSED_FILL)
    fit_height(sheet, row)


def _leaf_text(sheet: Worksheet, row: int, leaf: Leaf, last_year: str) -> None:
    texts = (leaf.code, leaf.name, rule_in_words(leaf), None, ASKED[leaf.evidence])
    for column, text in enumerate(texts, start=1):
        if text is not None:
            cell = put_text(sheet.cell(row, column), text)
            dressed(cell, SMALL_GREY if column == 3 else FONT, MIDDLE if column == 5 else WRAPPED)
    sheet.cell(row, 1).number_format = AS_TEXT
    dressed(put_number(sheet.cell(row, 4), leaf.maximum), alignment=MIDDLE)
    if last_year:
        dressed(put_number(sheet.cell(row, len(SCORES) + 1), last_year), SMALL_GREY, FIGURES)


def _open_cells(sheet: Worksheet, row: int, leaf: Leaf, lists: Worksheet, decimals: int) -> None:
    """Cells the rule uses are open, yellow and guarded; the others locked and grey; claimed points by formula."""
    assert leaf.rule is not None
    open_ones = (*leaf.rule.inputs, "not_applicable", "explanation")
    for name, letter in COLUMN.items():
        if name == "code":
            continue
        cell = dressed(sheet[f"{letter}{row}"], fill=INPUT_FILL if name in open_ones else UNUSED_FILL)
        cell.alignment = FIGURES if name in NUMBERS else WRAPPED
        if name in open_ones:
            cell.protection = OPEN
            cell.number_format = "General" if name in NUMBERS else AS_TEXT
            if name not in ("option", "not_applicable", "explanation"):
                guard(sheet, name, cell.coordinate, leaf.maximum)
    if isinstance(leaf.rule, Choice):
        options = [option.value for option in leaf.rule.options]
        sheet.add_data_validation(
            _from_list(lists, f"Lựa chọn {leaf.code}", options, f"{COLUMN['option']}{row}")
        )
    formula = claimed_formula(leaf, {key: f"{one}{row}" for key, one in COLUMN.items()}, decimals)
    if formula is not None:
        put_formula(dressed(sheet[f"{COLUMN['points']}{row}"], BOLD, FIGURES, COMPUTED_FILL), formula)


def _write_given(sheet: Worksheet, row: int, leaf: Leaf, claim: Mapping[str, str]) -> None:
    """The cells of a form that came back: values only."""
    assert leaf.rule is not None
    used = (*leaf.rule.inputs, "points", "not_applicable", "explanation")
    for name, letter in COLUMN.items():
        if name != "code":
            cell = dressed(sheet[f"{letter}{row}"], fill=None if name in used else UNUSED_FILL)
            text = claim.get(name, "")
            if name in NUMBERS:
                put_number(cell, text).alignment = FIGURES
            elif text:
                put_text(cell, {"yes": "có", "no": "không"}.get(text, text) if name == "met" else text)
            if name in used and (name != "points" or isinstance(leaf.rule, Judgement)):
                cell.protection = OPEN


def _from_list(lists: Worksheet, name: str, values: Sequence[str], where: str) -> DataValidation:
    """A drop-down whose values stand in the next column of the hidden sheet."""
    column = lists.max_column + 1 if lists.cell(1, 1).value else 1
    put_text(lists.cell(1, column), name)
    for row, value in enumerate(values, start=2):
        put_text(lists.cell(row, column), value).number_format = AS_TEXT
    letter = get_column_letter(column)
    return list_guard(f"{quote_sheetname(lists.title)}!${letter}$2:${letter}${len(values) + 1}", where)


def _write_evidence(
    sheet: Worksheet, framework: Framework, lists: Worksheet, evidence: pd.DataFrame | None
) -> None:
    """The register of evidence documents: open columns of text, codes from a list."""
    header_row(sheet, [one.name for one in EVIDENCE], [one.width for one in EVIDENCE])
    for place in range(1, len(EVIDENCE) + 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.protection, column.number_format, column.alignment, column.font = OPEN, AS_TEXT, WRAPPED, FONT
    if evidence is not None:
        documents = evidence[(evidence["kind"] == "evidence").to_numpy()]
        for row, document in enumerate(documents.to_dict("records"), start=2):
            for place, heading in enumerate(EVIDENCE, start=1):
                cell = dressed(put_text(sheet.cell(row, place), document[heading.carries]))
                cell.protection, cell.number_format = OPEN, AS_TEXT
            fit_height(sheet, row)
    codes = [leaf.code for leaf in framework.leaves if leaf.source == "appraisal"]
    if codes:
        sheet.add_data_validation(_from_list(lists, "Các mã", codes, "A2:A2000"))
    ready_to_print(sheet, "B2", EVIDENCE_SHEET)
    protect(sheet)
