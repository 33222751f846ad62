"""Why an appraiser differs from a unit: the codes a reason may begin with, Vietnamese and English."""

from __future__ import annotations

from collections.abc import Mapping

REASONS: Mapping[str, tuple[str, str]] = {
    "missing_evidence": ("Thiếu tài liệu kiểm chứng", "Missing evidence"),
    "wrong_period": ("Không thuộc thời gian đánh giá", "Wrong period"),
    "wrong_authority": ("Không đúng thẩm quyền ban hành", "Wrong authority"),
    "arithmetic": ("Sai số liệu, sai phép tính", "Arithmetic"),
    "condition_not_met": ("Không đáp ứng điều kiện chấm điểm", "Condition not met"),
    "other": ("Lý do khác", "Other"),
}


def reason_code(text: str) -> str:
    """The code a reason begins with, whatever follows it; "other" for words of one's own, "" for no reason.

    The column stays free text: "Thiếu tài liệu kiểm chứng: không có quyết định phê duyệt" is missing_evidence.
    """
    said = text.strip().casefold()
    for code, names in REASONS.items():
        if any(said.startswith(name.casefold()) for name in names):
            return code
    return "other" if said else ""
