"""Each unit's self-assessment on the system's own form; Sở Ngoại vụ's first one carries three mistakes."""

from __future__ import annotations

from decimal import Decimal

from building.variety import one_in
from openpyxl.worksheet.worksheet import Worksheet

from dien_bien.province import Unit
from dien_bien.workbooks import closed, columns, find, opened, packed, write
from flows.publication.forms import unit_form
from models.rules.cycle import CycleInputs

RETURNED = "so-ngoai-vu"
MADE_UP = "số liệu minh hoạ"


def form(inputs: CycleInputs, unit: Unit, mistakes: bool = False) -> bytes:
    """The unit's self_assessment.xlsx, filled in."""
    claims, evidence = (frame[(frame["unit"] == unit.code).to_numpy()] for frame in (inputs.claims, inputs.evidence))
    if one_in(2, "vietnamese dates", unit.code):
        evidence = evidence.assign(issued_on=[_local(day) for day in evidence["issued_on"]])
    settings = inputs.settings
    name = f"{settings.name} ({MADE_UP})"
    framework = inputs.framework_of(unit.bloc)
    data = unit_form(name, settings.id, unit.code, unit.name, framework, filled=(claims, evidence))
    return _with_mistakes(data) if mistakes else packed(data)


def _local(day: str) -> str:
    return "/".join(reversed(day.split("-")))


def _with_mistakes(data: bytes) -> bytes:
    """What people do: a thousands mark, points rounded by hand, a code of an older set."""
    book = opened(data)
    sheet, row = find(book, "6.2.1")
    spent = int(str(sheet.cell(row, columns(sheet)["Tử số"]).value))
    write(sheet, row, "Tử số", f"{spent:,}".replace(",", ".") + ",5")
    sheet, row = find(book, "7.1.2")
    signed = Decimal(str(sheet.cell(row, columns(sheet)["Điểm"]).value))
    write(sheet, row, "Điểm", str(signed.quantize(Decimal("0.1"))))
    sheet, _ = find(book, "2.2")
    _add_row(sheet, {"Mã": "2.9", "Tên tiêu chí": "Tiêu chí của bộ chỉ số cũ", "Đạt": "có"})
    return closed(book)


def _add_row(sheet: Worksheet, said: dict[str, str]) -> None:
    row, place = sheet.max_row + 1, columns(sheet)
    for name, text in said.items():
        cell = sheet.cell(row, place[name])
        cell.value, cell.number_format = text, "@"  # 2.9 is a code here, not a number
