"""The columns of the forms: the contract's headers, the columns for people between them, English names, widths."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from models.storage.spreadsheets import FORM_CAPTIONS


class Heading(NamedTuple):
    """A column: its header, what it carries, its width, and its English name where the contract knows none."""

    name: str
    carries: str
    width: float
    own: str = ""

    @property
    def english(self) -> str:
        """What stands below the header."""
        return self.own or FORM_CAPTIONS[self.carries]


LAST_FIGURES = Heading("Số liệu năm trước", "", 11, "Last year's figures")
LAST_POINTS = Heading("Điểm năm trước", "", 8, "Last year's points")
HALF_YEAR = Heading("Số liệu 6 tháng", "", 11, "Half-year figures")
BEFORE = {"figures": LAST_FIGURES, "half": HALF_YEAR, "points": LAST_POINTS}  # what was told before, for people only
SCORES = (
    Heading("Mã", "code", 8),
    Heading("Tên tiêu chí", "", 34, "Criterion, sub-criterion"),
    Heading("Cách chấm", "", 34, "Rule"),
    Heading("Điểm tối đa", "", 8, "Maximum"),
    Heading("Tài liệu kiểm chứng", "", 10, "Evidence"),
    HALF_YEAR,
    LAST_FIGURES,
    Heading("Đạt", "met", 8),
    Heading("Lựa chọn", "option", 15),
    Heading("Tử số", "numerator", 10),
    Heading("Mẫu số", "denominator", 11),
    Heading("Giá trị", "value", 9),
    Heading("Số lượng", "count", 8),
    Heading("Điểm", "points", 9),
    LAST_POINTS,
    Heading("Không áp dụng", "not_applicable", 15),
    Heading("Giải trình", "explanation", 22),
)
EVIDENCE = (
    Heading("Mã", "code", 9),
    Heading("Số và ký hiệu", "document_number", 22),
    Heading("Cơ quan ban hành", "issuer", 28),
    Heading("Ngày ban hành", "issued_on", 14),
    Heading("Trích yếu", "title", 48),
    Heading("Tệp", "file", 32),
    Heading("Trang", "pages", 10),
)
MARKED = (
    Heading("Đơn vị", "unit", 15),
    Heading("Mã", "code", 8),
    Heading("Vòng", "round", 6),
    Heading("Tên đơn vị", "unit_name", 18, "Name of the unit"),
    Heading("Tên tiêu chí", "name", 30, "Criterion, sub-criterion"),
    Heading("Cách chấm", "rule", 28, "Rule"),
    Heading("Điểm tối đa", "maximum", 8, "Maximum"),
    Heading("Số liệu đơn vị báo cáo", "inputs", 20, "The unit's figures"),
    Heading("Điểm tự chấm", "self", 8, "Self points"),
    Heading("Đơn vị giải trình", "told", 24, "The unit's explanation"),
    Heading("Tài liệu kiểm chứng", "evidence", 30, "Evidence"),
    Heading("Mở tài liệu", "open", 9, "Open the files"),
)
ASKED = (
    Heading("Kết quả thẩm định lần 1", "first", 20, "First appraisal"),
    Heading("Nội dung yêu cầu giải trình", "asked", 26, "What was to be explained"),
)
MARKS = (
    Heading("Đồng ý", "agree", 8),
    Heading("Đạt", "met", 8),
    Heading("Lựa chọn", "option", 14),
    Heading("Tử số", "numerator", 10),
    Heading("Mẫu số", "denominator", 11),
    Heading("Giá trị", "value", 9),
    Heading("Số lượng", "count", 8),
    Heading("Điểm", "points", 8),
    Heading("Không áp dụng", "not_applicable", 10),
    Heading("Lý do", "reason", 30),
    Heading("Yêu cầu giải trình", "explanation_required", 11),
)
NUMBERS = ("numerator", "denominator", "value", "count", "points")
FIRST_ROW = 3  # below the header and its English row; the evidence register has none: people start below its header


def captions(headings: Sequence[Heading]) -> list[str]:
    """The English names for the row below the header; none below what tells one row from another."""
    return ["" if one.carries in ("unit", "code", "round") else one.english for one in headings]


def places(headings: Sequence[Heading]) -> dict[str, int]:
    """The column number of what each heading carries."""
    return {one.carries: place for place, one in enumerate(headings, start=1) if one.carries}
