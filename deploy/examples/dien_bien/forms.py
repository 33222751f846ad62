"""Each unit's self-assessment form, filled in; Sở Ngoại vụ's first one carries three mistakes."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from dien_bien.example import Example
from dien_bien.province import Unit
from dien_bien.statements import points
from dien_bien.workbooks import Page, workbook
from dien_bien.year import LeafYear
from models.rules.framework import Framework, Judgement
from models.rules.numbers import plain

SCORES = (
    "Mã", "Tên", "Điểm tối đa", "Đạt", "Lựa chọn", "Tử số", "Mẫu số", "Giá trị", "Số lượng", "Điểm",
    "Không áp dụng", "Giải trình",
)  # fmt: skip
EVIDENCE = ("Mã", "Số và ký hiệu", "Cơ quan ban hành", "Ngày ban hành", "Trích yếu", "Tệp", "Trang")
HEADINGS = {
    "met": "Đạt", "option": "Lựa chọn", "numerator": "Tử số", "denominator": "Mẫu số", "value": "Giá trị",
    "count": "Số lượng", "points": "Điểm",
}  # fmt: skip
FLAG = {"yes": "có", "no": "không"}
RETURNED = "so-ngoai-vu"
Row = dict[str, str]


def form(example: Example, unit: Unit, framework: Framework, mistakes: bool = False) -> bytes:
    """The unit's self_assessment.xlsx: one sheet per field, then the evidence."""
    years = {leaf.code: leaf for leaf in example.years[unit.code]}
    excuses = example.evidence[unit.code].excuses
    pages = []
    for part in framework.fields:
        leaves = [leaf for criterion in part.criteria for leaf in criterion.leaves if leaf.code in years]
        rows = [
            {"Mã": leaf.code, "Tên": leaf.name, "Điểm tối đa": leaf.maximum}
            | claimed(years[leaf.code], framework, excuses.get(leaf.code, ""))
            for leaf in leaves
        ]
        if mistakes and part.code in MISTAKES:
            MISTAKES[part.code](rows)
        if rows:
            title = f"{unit.name} - {part.code}. {part.name} (số liệu minh hoạ)"
            pages.append(Page(f"Lĩnh vực {part.code}", title, SCORES, rows))
    pages.append(
        Page("Tài liệu kiểm chứng", f"{unit.name} (số liệu minh hoạ)", EVIDENCE, _documents(example, unit))
    )
    return workbook(pages)


def claimed(leaf: LeafYear, framework: Framework, excuse: str) -> Row:
    """What the unit writes on a leaf's row: inputs, the points they make, why it does not apply."""
    row = {HEADINGS[name]: FLAG.get(text, text) for name, text in leaf.claim.items()}
    if leaf.claim and not isinstance(framework.leaf[leaf.code].rule, Judgement):
        worth = points(framework.leaf[leaf.code], leaf.claim, framework.leaf_decimals)
        row["Điểm"] = "" if worth is None else plain(worth)
    return row | {"Không áp dụng": leaf.claimed_out, "Giải trình": excuse}


def _documents(example: Example, unit: Unit) -> list[Row]:
    return [
        {
            "Mã": code,
            "Số và ký hiệu": document.number,
            "Cơ quan ban hành": document.issuer,
            "Ngày ban hành": "/".join(reversed(document.issued_on.split("-"))),
            "Trích yếu": document.title,
            "Tệp": document.file,
            "Trang": pages,
        }
        for code, document, pages in example.evidence[unit.code].rows
    ]


def _unreadable(rows: list[Row]) -> None:
    """The money spent, written with a thousands mark as in 1.234,5."""
    row = next(row for row in rows if row["Mã"] == "6.2.1")
    row["Tử số"] = f"{int(row['Tử số']):,}".replace(",", ".") + ",5"


def _unknown(rows: list[Row]) -> None:
    """A code this framework does not have."""
    rows.append({"Mã": "2.9", "Tên": "Tiêu chí của bộ chỉ số cũ", "Đạt": "có"})


def _rounded(rows: list[Row]) -> None:
    """Points rounded by hand to one decimal: not what the figures make."""
    row = next(row for row in rows if row["Mã"] == "7.1.2")
    row["Điểm"] = str(Decimal(row["Điểm"]).quantize(Decimal("0.1")))


MISTAKES: dict[str, Callable[[list[Row]], None]] = {"2": _unknown, "6": _unreadable, "7": _rounded}
