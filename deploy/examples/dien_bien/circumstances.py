"""What is particular about some units: nothing happened, a leaf is out, an exemption, a bonus, a penalty."""

from __future__ import annotations

from collections.abc import Mapping

# 0 of 0: no public service units below them, no online procedures, no legal documents on the programme.
NOTHING_HAPPENED = frozenset(
    {
        ("van-phong-ubnd-tinh", "6.1.2"), ("thanh-tra-tinh", "6.1.2"), ("ban-dan-toc", "6.1.2"),
        ("so-ngoai-vu", "6.1.2"), ("thanh-tra-tinh", "7.2.2"), ("thanh-tra-tinh", "7.2.3"),
        ("ban-dan-toc", "2.1.1"), ("so-ngoai-vu", "2.1.1"), ("thanh-tra-tinh", "2.1.1"),
    }
)  # fmt: skip
# The unit says a leaf does not apply, and the appraisers agree.
CLAIMED_OUT: Mapping[tuple[str, str], str] = {
    ("van-phong-ubnd-tinh", "7.3"): "Văn phòng không trực tiếp tiếp nhận hồ sơ của tổ chức, cá nhân",
    ("ban-dan-toc", "7.3"): "Không có thủ tục hành chính tiếp nhận qua dịch vụ bưu chính công ích",
}
# The unit says so, and the appraisers do not agree: they enter figures.
CLAIMED_OUT_IN_VAIN: Mapping[tuple[str, str], tuple[str, str]] = {
    ("huyen-muong-nhe", "7.2.3"): (
        "Chưa có tổ chức, cá nhân nào thanh toán trực tuyến",
        "Có 12 thủ tục thu phí, lệ phí đủ điều kiện thanh toán trực tuyến nên tiêu chí vẫn áp dụng",
    ),
}
# The unit gives figures, and the appraisers find that the leaf does not apply.
MARKED_OUT: Mapping[tuple[str, str], str] = {
    ("thanh-tra-tinh", "7.3"): "Thủ tục khiếu nại, tố cáo không thuộc diện thực hiện qua bưu chính công ích",
    ("tx-muong-lay", "4.1.3"): "Thị xã không có tổ dân phố, bản thuộc diện phải sáp nhập theo phương án",
}
COUNCIL = "Hội đồng thẩm định"
EXEMPTIONS = (
    (
        "ban-dan-toc",
        "3.4",
        "Trong năm 2020 không phát sinh hồ sơ thủ tục hành chính (số liệu minh hoạ)",
        COUNCIL,
    ),
)
ADJUSTMENTS = (
    (
        "so-khoa-hoc-cong-nghe",
        "bonus",
        "0.5",
        "Mô hình cải cách hành chính mới được nhân rộng (số liệu minh hoạ)",
        COUNCIL,
    ),
    (
        "huyen-dien-bien-dong",
        "penalty",
        "0.75",
        "Báo cáo năm gửi chậm quá 30 ngày (số liệu minh hoạ)",
        COUNCIL,
    ),
)


def out(unit: str, code: str) -> bool:
    """Whether a leaf leaves this unit's calculation by claim, by mark or by exemption."""
    exempt = any(one == unit and f"{code}.".startswith(f"{part}.") for one, part, _, _ in EXEMPTIONS)
    return exempt or (unit, code) in CLAIMED_OUT or (unit, code) in MARKED_OUT
