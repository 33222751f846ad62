"""The columns of the forms: the contract's headers, the columns for people between them, and their widths."""

from __future__ import annotations

from typing import NamedTuple


class Heading(NamedTuple):
    """A column: its header, the frame column it carries ("" where only people read it), its width."""

    name: str
    carries: str
    width: float


SCORES = (
    Heading("Mã", "code", 8),
    Heading("Tên tiêu chí", "", 36),
    Heading("Cách chấm", "", 34),
    Heading("Điểm tối đa", "", 8),
    Heading("Tài liệu bắt buộc", "", 10),
    Heading("Đạt", "met", 8),
    Heading("Lựa chọn", "option", 15),
    Heading("Tử số", "numerator", 10),
    Heading("Mẫu số", "denominator", 10),
    Heading("Giá trị", "value", 9),
    Heading("Số lượng", "count", 8),
    Heading("Điểm", "points", 9),
    Heading("Không áp dụng", "not_applicable", 14),
    Heading("Giải trình", "explanation", 22),
)
LAST_YEAR = Heading("Điểm năm trước", "", 9)
HALF_YEAR = Heading("Số liệu 6 tháng", "", 12)
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
    Heading("Đơn vị", "unit", 13),
    Heading("Mã", "code", 8),
    Heading("Vòng", "round", 6),
    Heading("Tên đơn vị", "unit_name", 20),
    Heading("Tên tiêu chí", "name", 32),
    Heading("Cách chấm", "rule", 28),
    Heading("Điểm tối đa", "maximum", 8),
    Heading("Điểm tự chấm", "self", 10),
    Heading("Số liệu đơn vị báo cáo", "inputs", 22),
    Heading("Tài liệu kiểm chứng", "evidence", 28),
)
MARKS = (
    Heading("Đồng ý", "agree", 8),
    Heading("Đạt", "met", 8),
    Heading("Lựa chọn", "option", 14),
    Heading("Tử số", "numerator", 9),
    Heading("Mẫu số", "denominator", 9),
    Heading("Giá trị", "value", 9),
    Heading("Số lượng", "count", 8),
    Heading("Điểm", "points", 8),
    Heading("Không áp dụng", "not_applicable", 9),
    Heading("Lý do", "reason", 26),
    Heading("Yêu cầu giải trình", "explanation_required", 10),
)
NUMBERS = ("numerator", "denominator", "value", "count", "points")
