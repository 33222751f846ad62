"""A unit's year, leaf by leaf: what it claims, what appraisers say in each round, and what it explains."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field

from building.figures import BEST, Figures, figures, points
from building.variety import between, draw, one_in, pick
from models.rules.framework import Framework, Judgement, Leaf

CUT = {
    "deduction": (
        "Biên bản kiểm tra ghi nhận nhiều trường hợp hơn số đơn vị kê khai",
        "Báo cáo quý III gửi sau thời hạn, đơn vị chưa kê khai",
    ),
    "judgement": (
        "Hội đồng đánh giá kết quả chưa đạt mức đơn vị tự chấm",
        "Còn tồn tại đã nêu trong kết luận kiểm tra",
    ),
    "choice": (
        "Tài liệu kiểm chứng chỉ chứng minh mức thấp hơn",
        "Văn bản ban hành sau thời hạn nên xét ở mức thấp hơn",
    ),
}
CUT_FIGURES = (
    "Tài liệu kiểm chứng không đủ căn cứ cho số liệu tự chấm",
    "Đối chiếu báo cáo năm, số liệu thấp hơn số đơn vị kê khai",
    "Một phần kết quả thuộc năm {before}, không tính cho năm {year}",
    "Số liệu của hệ thống theo dõi chung thấp hơn số tự chấm",
)
RAISED = (
    "Đơn vị tính thiếu so với số liệu của hệ thống theo dõi chung",
    "Bổ sung kết quả đơn vị chưa kê khai",
)
KEPT = ("Giải trình chưa có căn cứ mới, giữ điểm vòng 1", "Chấp nhận một phần giải trình sau khi đối chiếu")
EXPLAINED = (
    "Số liệu tự chấm đã gồm kết quả quý IV; gửi kèm tài liệu bổ sung",
    "Đề nghị xem lại: kết quả đã được cơ quan chủ trì xác nhận bằng văn bản",
    "Đơn vị bổ sung biên bản và danh mục kèm theo",
)


@dataclass(frozen=True)
class Mark:
    """One appraiser's statement about one leaf; whose hand it is in follows from the permissions."""

    round: str
    figures: Figures = field(default_factory=dict)
    agree: bool = False
    not_applicable: bool = False
    reason: str = ""
    explanation_required: bool = False


@dataclass(frozen=True)
class LeafYear:
    """One leaf of one unit: `claim` its own figures, `claimed_out` why it says the leaf does not apply."""

    code: str
    claim: Figures
    marks: tuple[Mark, ...]
    claimed_out: str = ""
    explained: str = ""


def ordinary(
    unit: str, framework: Framework, leaf: Leaf, final: Figures, tuned: Collection[str], year: int
) -> LeafYear:
    """Agreed, cut, cut and explained, or raised; the unit's hand decides how often. tuned: codes that stray little."""
    plan, told = draw(100, "plan", unit, leaf.code), one_in(2, "explains", unit)
    assert leaf.rule is not None
    spoken = pick(EXPLAINED, unit, leaf.code)
    cut = pick(CUT.get(leaf.rule.kind, CUT_FIGURES), unit, leaf.code).format(before=year - 1, year=year)
    better = _other(unit, framework, leaf, final, "better", tuned) if plan < 39 else None
    worse = _other(unit, framework, leaf, final, "worse", tuned) if 30 <= plan < 48 else None
    if better and plan < 30:
        return LeafYear(leaf.code, better, (Mark("1", final, reason=cut),))
    if better and plan < 38 and told:
        first, kept = (worse, KEPT[1]) if worse and one_in(2, "partly", unit, leaf.code) else (final, KEPT[0])
        marks = (Mark("1", first, reason=cut, explanation_required=True), Mark("2", final, reason=kept))
        return LeafYear(leaf.code, better, marks, explained=spoken)
    if better and plan == 38:  # asked, never answered: the first mark stands
        return LeafYear(leaf.code, better, (Mark("1", final, reason=cut, explanation_required=True),))
    if worse and 39 <= plan < 47 and told:
        marks = (Mark("1", worse, reason=cut, explanation_required=True), Mark("2", agree=True))
        return LeafYear(leaf.code, final, marks, explained=spoken)
    if worse and plan == 47:
        return LeafYear(leaf.code, worse, (Mark("1", final, reason=pick(RAISED, unit, leaf.code)),))
    return LeafYear(leaf.code, final, (Mark("1", agree=True),))


def _other(
    unit: str, framework: Framework, leaf: Leaf, final: Figures, way: str, tuned: Collection[str]
) -> Figures | None:
    """Figures on the same denominator that earn more (or less) than the final ones, if there are any."""
    decimals = framework.leaf_decimals
    earned = points(leaf, final, decimals)
    if earned is None or final.get("denominator") == "0":
        return None
    amount = int(final.get("denominator", "0"))
    if leaf.code in tuned and "numerator" in final:
        step = amount * between(2, 9, way, unit, leaf.code) // 100
        moved = int(final["numerator"]) + (step if way == "better" else -step)
        tries: list[Figures] = [{"numerator": str(min(amount, moved)), "denominator": str(amount)}]
    else:
        grades = range(0, BEST + 1, 40) if way == "better" else range(BEST, -1, -40)
        tries = [figures(leaf, grade, amount) for grade in grades]
    ahead = []
    for said in tries:
        worth = points(leaf, said, decimals)
        if worth is not None and (worth > earned if way == "better" else worth < earned):
            ahead.append(said)
    reach = 4 if isinstance(leaf.rule, Judgement) else 9
    return ahead[between(0, min(reach, len(ahead) - 1), way, unit, leaf.code)] if ahead else None
