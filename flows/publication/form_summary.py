"""The form's sheet to sign: points by field as they add up while the form is filled in, and who answers for them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.form_columns import SCORES, Heading, places
from flows.publication.sheet_writing import (
    BOLD,
    CENTRED,
    COMPUTED_FILL,
    FIGURES,
    FONT,
    GROUP_FILL,
    SMALL_GREY,
    WRAPPED,
    at,
    dressed,
    fit_height,
    header_row,
    protect,
    put_number,
    put_text,
    ready_to_print,
)
from models.rules.framework import Framework, ReformField
from models.rules.numbers import plain

SUMMARY = "Tổng hợp"
HEADINGS = (
    Heading("STT", "", 6, "No."),
    Heading("Lĩnh vực", "", 62, "Field"),
    Heading("Điểm tối đa", "", 13, "Maximum"),
    Heading("Điểm tối đa tự chấm", "", 16, "Self-assessed maximum"),
    Heading("Điểm", "", 16, "Self points"),
)
SIGNED = (
    (2, "NGƯỜI LẬP BIỂU", "Prepared by", "(Ký, ghi rõ họ tên)"),
    (4, "THỦ TRƯỞNG ĐƠN VỊ", "Head of the unit", "(Ký, đóng dấu, ghi rõ họ tên)"),
)


def write_summary(
    sheet: Worksheet,
    framework: Framework,
    rows: Mapping[str, tuple[str, int]],
    caption: str,
    claims: Mapping[str, Mapping[str, str]] | None,
) -> None:
    """One row per field and the total. rows: by field, the name of its sheet and the last row in it.

    claims: by code, of a form that came back: it has values and no formula.
    """
    header_row(sheet, [(one.name, one.width) for one in HEADINGS], [one.english for one in HEADINGS])
    letter = get_column_letter(places(SCORES)["points"])
    for row, part in enumerate(framework.fields, start=3):
        title, last = rows[part.code]
        _line(sheet, row, part.code, part.name, part.maximum, _own_maximum([part]))
        figures = f"{quote_sheetname(title)}!${letter}$3:${letter}${last}"
        _points(sheet, row, f"=ROUND(SUM({figures}),{framework.leaf_decimals})", _claimed([part], claims))
        fit_height(sheet, row, 2)
    total = 3 + len(framework.fields)
    _line(sheet, total, "", "Tổng cộng / Total", framework.maximum, _own_maximum(framework.fields))
    _points(
        sheet,
        total,
        f"=ROUND(SUM(E3:E{total - 1}),{framework.leaf_decimals})",
        _claimed(framework.fields, claims),
    )
    for column in range(1, len(HEADINGS) + 1):
        at(sheet, total, column).font, at(sheet, total, column).fill = BOLD, GROUP_FILL
    _notes(sheet, total + 1)
    _signatures(sheet, total + 4)
    ready_to_print(sheet, "A3", caption, titles=2)
    protect(sheet)


def _line(sheet: Worksheet, row: int, code: str, name: str, maximum: str, own: str) -> None:
    dressed(put_text(at(sheet, row, 1), code), FONT, CENTRED)
    dressed(put_text(at(sheet, row, 2), name), FONT, WRAPPED)
    dressed(put_number(at(sheet, row, 3), maximum), FONT, FIGURES)
    dressed(put_number(at(sheet, row, 4), own), FONT, FIGURES)


def _points(sheet: Worksheet, row: int, formula: str, value: str | None) -> None:
    cell = dressed(at(sheet, row, 5), BOLD, FIGURES, COMPUTED_FILL)
    if value is None:
        cell.value = formula
    else:
        put_number(cell, value)


def _claimed(parts: Sequence[ReformField], claims: Mapping[str, Mapping[str, str]] | None) -> str | None:
    """What the claimed points of these fields sum to; None where the sheet adds them up itself."""
    if claims is None:
        return None
    codes = (leaf.code for part in parts for criterion in part.criteria for leaf in criterion.leaves)
    return plain(sum((Fraction(claims.get(code, {}).get("points") or "0") for code in codes), Fraction(0)))


def _own_maximum(parts: Sequence[ReformField]) -> str:
    """What the leaves a unit scores itself sum to."""
    texts = [
        leaf.maximum
        for part in parts
        for criterion in part.criteria
        for leaf in criterion.leaves
        if leaf.source == "appraisal"
    ]
    return plain(sum(map(Fraction, texts), Fraction(0)))


def _notes(sheet: Worksheet, row: int) -> None:
    vietnamese = "Không gồm điểm điều tra xã hội học, số liệu thống kê, điểm thưởng, điểm phạt."
    put_text(at(sheet, row, 2), vietnamese).font = FONT
    english = "Without survey, statistics, bonus and penalty points."
    put_text(at(sheet, row + 1, 2), english).font = SMALL_GREY


def _signatures(sheet: Worksheet, row: int) -> None:
    """Place, date and the two names below the table, as on any official report."""
    put_text(at(sheet, row, 4), "…………, ngày …… tháng …… năm ………").font = FONT
    for column, who, english, how in SIGNED:
        put_text(at(sheet, row + 1, column), who).font = BOLD
        put_text(at(sheet, row + 2, column), english).font = SMALL_GREY
        put_text(at(sheet, row + 3, column), how).font = FONT
