"""What a form's cell accepts while somebody types: lists and plain numbers, with a word on what is wrong."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl.utils import get_column_letter, quote_sheetname
from openpyxl.worksheet.cell_range import MultiCellRange
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.sheet_writing import AS_TEXT, at, protect, put_text

TITLE = "Giá trị không hợp lệ"
NOT_NEGATIVE = {
    "type": "decimal",
    "operator": "greaterThanOrEqual",
    "formula1": "0",
    "error": "Chỉ ghi số từ 0 trở lên, không % hay dấu phân cách hàng nghìn. / A plain number, 0 or more.",
}
FLAG = {"type": "list", "formula1": '"có,không"', "error": "Chọn có hoặc không. / Choose yes or no."}
GUARDS: dict[str, dict[str, str]] = {
    "met": FLAG,
    "not_applicable": FLAG,
    "explanation_required": FLAG,
    "agree": {"type": "list", "formula1": '"có"', "error": "Chọn có hoặc để trống. / Yes, or leave empty."},
    "round": {"type": "list", "formula1": '"1,2"', "error": "Vòng 1 hoặc 2. / Round 1 or 2."},
    "numerator": NOT_NEGATIVE,
    "denominator": NOT_NEGATIVE,
    "value": {
        "type": "decimal",
        "operator": "between",
        "formula1": "-999999999999999",
        "formula2": "999999999999999",
        "error": "Chỉ ghi số, không ghi %. / A plain number without %.",
    },
    "count": {
        "type": "whole",
        "operator": "greaterThanOrEqual",
        "formula1": "0",
        "error": "Số lượng là số nguyên từ 0. / A count is a whole number, 0 or more.",
    },
    "points": {"type": "decimal", "operator": "between", "formula1": "0"},
}


def guard(sheet: Worksheet, name: str, where: str, maximum: str = "") -> None:
    """Let a cell or range of the input `name` take only what the reader accepts; points: 0 … maximum."""
    settings = dict(GUARDS[name])
    if name == "points":
        settings |= {"formula2": maximum, "error": f"Điểm từ 0 đến {maximum}. / Points from 0 to {maximum}."}
    for known in sheet.data_validations.dataValidation:
        if all(getattr(known, key) == value for key, value in settings.items()):
            known.add(where)
            return
    sheet.add_data_validation(_made(where, settings))


def _made(where: str, settings: dict[str, str]) -> DataValidation:
    made = DataValidation(allow_blank=True, errorTitle=TITLE, showErrorMessage=True)
    for key, value in settings.items():
        setattr(made, key, value)
    made.sqref = MultiCellRange(where)
    return made


class Lists:
    """Drop-downs whose values stand on a hidden sheet: values may hold commas and be of any length."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.columns: list[tuple[str, Sequence[str]]] = []

    def offer(self, sheet: Worksheet, name: str, values: Sequence[str], where: str) -> None:
        """A drop-down of these values at cells or ranges of `sheet`, space-separated."""
        if not values:
            return
        self.columns.append((name, values))
        letter = get_column_letter(len(self.columns))
        source = f"{quote_sheetname(self.title)}!${letter}$2:${letter}${len(values) + 1}"
        error = "Chọn trong danh sách. / Choose from the list."
        sheet.add_data_validation(_made(where, {"type": "list", "formula1": source, "error": error}))

    def suggest(self, sheet: Worksheet, name: str, values: Sequence[str], where: str, hint: str) -> None:
        """A drop-down that takes other text too: these values are where people start."""
        self.offer(sheet, name, values, where)
        made = sheet.data_validations.dataValidation[-1]
        made.showErrorMessage, made.showInputMessage = False, True
        made.promptTitle, made.prompt = name, hint

    def write(self, sheet: Worksheet) -> None:
        """Write all values to the hidden sheet, one column per list."""
        for column, (name, values) in enumerate(self.columns, start=1):
            for row, text in enumerate((name, *values), start=1):
                put_text(at(sheet, row, column), text).number_format = AS_TEXT
        sheet.sheet_state = "hidden"
        protect(sheet)
