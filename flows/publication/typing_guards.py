"""What a form's cell accepts while somebody types: lists and plain numbers, with a word on what is wrong."""

from __future__ import annotations

from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

TITLE = "Giá trị không hợp lệ"
PLAIN = "Chỉ ghi số từ 0 trở lên, không ghi % hay dấu phân cách hàng nghìn. / A plain number, 0 or more."
GUARDS: dict[str, dict[str, str]] = {
    "met": {"type": "list", "formula1": '"có,không"', "error": "Chọn có hoặc không. / Choose có (yes) or không (no)."},
    "agree": {"type": "list", "formula1": '"có"', "error": "Chọn có hoặc để trống. / Choose có (yes) or leave empty."},
    "numerator": {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0", "error": PLAIN},
    "denominator": {"type": "decimal", "operator": "greaterThanOrEqual", "formula1": "0", "error": PLAIN},
    "value": {
        "type": "decimal", "operator": "between", "formula1": "-999999999999999", "formula2": "999999999999999",
        "error": "Chỉ ghi số, không ghi %. / A plain number without %.",
    },
    "count": {
        "type": "whole", "operator": "greaterThanOrEqual", "formula1": "0",
        "error": "Số lượng là số nguyên từ 0. / A count is a whole number, 0 or more.",
    },
    "points": {"type": "decimal", "operator": "between", "formula1": "0"},
    "round": {"type": "list", "formula1": '"1,2"', "error": "Vòng 1 hoặc 2. / Round 1 or 2."},
}  # fmt: skip
FLAGS = {"not_applicable": "met", "explanation_required": "met"}


def guard(sheet: Worksheet, name: str, where: str, maximum: str = "") -> None:
    """Let a cell or range of the input `name` take only what the reader accepts; points: 0 … maximum."""
    settings = dict(GUARDS[FLAGS.get(name, name)])
    if name == "points":
        settings |= {"formula2": maximum, "error": f"Điểm từ 0 đến {maximum}. / Points from 0 to {maximum}."}
    for known in sheet.data_validations.dataValidation:
        if all(getattr(known, key) == value for key, value in settings.items()):
            known.add(where)
            return
    sheet.add_data_validation(_made(where, **settings))


def list_guard(source: str, where: str) -> DataValidation:
    """A drop-down of the values in a range of another sheet."""
    return _made(where, type="list", formula1=source, error="Chọn trong danh sách. / Choose from the list.")


def _made(where: str, **settings: str) -> DataValidation:
    made = DataValidation(allow_blank=True, errorTitle=TITLE, showErrorMessage=True, **settings)
    made.add(where)
    return made
