"""The letter to a unit: its result, and every leaf on which it lost points, with the reason and the rule."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from flows.publication.reader_notes import unit_warnings, version_line
from flows.publication.rule_words import rule_in_words
from flows.reports.document import (
    A_DAY,
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Row,
    Signatures,
    Table,
    comma,
    comma_fixed,
)
from flows.reports.sources import COUNCIL, SECRETARIAT, how_to_check, letterhead
from flows.reports.version import Version
from models.rules.framework import Framework, Leaf, Survey
from models.rules.marks import ZERO_OF_ZERO
from models.rules.numbers import plain, show
from models.rules.scoring import SHORTFALL

LOST = (
    Column("Mã", 13, "center"),
    Column("Nội dung", 40),
    Column("Tối đa", 12, "right"),
    Column("Tự chấm", 17, "right"),
    Column("Đạt", 17, "right"),
    Column("Mất", 17, "right"),
    Column("Lý do và cách chấm", 47),
)
OUT = (Column("Mã", 13, "center"), Column("Nội dung", 70), Column("Tối đa", 14, "right"), Column("Lý do", 66))
FACTS = (Column("", 55), Column("", 108))
DECIMAL = re.compile(r"(?<=\d)\.(?=\d)")
WHY_OUT = {ZERO_OF_ZERO: "Không phát sinh trong năm (0/0)", SHORTFALL: "Không đủ phiếu điều tra"}


@dataclass(frozen=True)
class LostLeaf:
    """A leaf of a unit as published: claimed may be "" ; lost is exact."""

    leaf: Leaf
    claimed: str
    final: Fraction
    why: str

    @property
    def lost(self) -> Fraction:
        """Points missing to the leaf's maximum."""
        return Fraction(self.leaf.maximum) - self.final


def lost_leaves(framework: Framework, scores: pd.DataFrame) -> list[LostLeaf]:
    """Every leaf of one unit that applies and lost points, by code. scores: its rows of scores.csv.

    They sum to maximum − points before bonus and penalty, exactly.
    """
    found = []
    for row in scores[(scores["level"] == "leaf").to_numpy()].to_dict("records"):
        leaf, final = framework.leaf[row["code"]], row["final"]
        if final and Fraction(final) != Fraction(leaf.maximum):
            found.append(LostLeaf(leaf, row["self"], Fraction(final), _why(leaf, row["self"], final, row["reason"])))
    return found


def _why(leaf: Leaf, claimed: str, final: str, reason: str) -> str:
    """The reason of the mark that counts, or where the points come from; then the rule."""
    share = show(Fraction(final) / Fraction(leaf.maximum) * 100, 2) if Fraction(leaf.maximum) else "0"
    if isinstance(leaf.rule, Survey):
        return f"Kết quả điều tra xã hội học: {comma(share)}% mức tối đa."
    if leaf.source == "statistics":
        return f"Theo số liệu thống kê. {rule_words(leaf)}"
    if not reason:
        reason = "Theo số liệu đơn vị tự chấm, được thẩm định đồng ý" if claimed == final else "Theo thẩm định"
    return f"{reason.rstrip('.')}. Cách chấm: {rule_words(leaf)}"


def rule_words(leaf: Leaf) -> str:
    """The rule in words, its numbers as the rest of the document writes them; what is quoted stays as it is."""
    parts = re.split("(“[^”]*”)", rule_in_words(leaf))
    return "".join(one if one.startswith("“") else DECIMAL.sub(",", one) for one in parts)


def letter(version: Version, unit: str) -> Document:
    """One unit's letter; the same version gives the same document."""
    given = version.given
    here = given.results[(given.results["unit"] == unit).to_numpy()]
    row = {str(key): str(value) for key, value in here.iloc[0].items()}
    framework = given.frameworks[row["framework"]]
    scores = version.scores_of(unit)
    lost = lost_leaves(framework, scores)
    about = f"V/v kết quả và các mục bị mất điểm, {given.name}"
    blocks: list[Block] = [
        letterhead(version, COUNCIL, "Số: ………/HĐTĐ", about, A_DAY),
        Paragraph(f"Kính gửi: {row['name']}", "centre"),
        Paragraph(
            f"Căn cứ Quyết định số {framework.decision.number} của {framework.decision.issuer} và kết quả đã công bố "
            f"({version_line(given)[0].lower()}), {COUNCIL} thông báo kết quả {given.name} của {row['name']} như sau:"
        ),
        Heading("1. Kết quả"),
        Table(FACTS, tuple(_facts(version, row))),
        *(Paragraph(f"Lưu ý: {text}", "note") for text, _ in unit_warnings(given, unit, framework, row["comparable"])),
        Heading("2. Các mục bị mất điểm"),
        *_lost(framework, row, lost),
        *_not_applicable(framework, scores),
        Paragraph(
            f"Ý kiến của đơn vị (nếu có) đề nghị gửi bằng văn bản về {SECRETARIAT.lower()} kèm tài liệu kiểm chứng; "
            "mọi đính chính sau công bố là một bản công bố mới."
        ),
        *how_to_check(version),
        Signatures(("Như trên;", f"{SECRETARIAT};", "Lưu: VT."), (("TM. HỘI ĐỒNG THẨM ĐỊNH", "CHỦ TỊCH"),)),
    ]
    return Document(f"Kết quả {given.name} – {row['name']}", version.day, blocks)


def _facts(version: Version, row: dict[str, str]) -> Iterator[Row]:
    """The unit's result, line by line."""
    given = version.given
    ranked = int((given.of_bloc(row["bloc"])["rank"] != "").sum())
    bloc = dict(given.blocs)[row["bloc"]]
    yield Row(("Chỉ số", f"{comma_fixed(row['index'])} %"), strong=True)
    yield Row(("Điểm / điểm tối đa được tính", f"{comma(row['points'])} / {comma(row['maximum'])}"))
    yield Row(("Xếp hạng", f"{row['rank']}/{ranked}, {bloc}" if row["rank"] else "không xếp hạng"))
    yield Row(("Xếp loại", row["classification"] or "–"))
    if row["comparable"] == "yes":
        change = comma_fixed(row["index_change"])
        yield Row(("So với năm trước", f"{'' if change.startswith('−') else '+'}{change} điểm phần trăm"))
    else:
        yield Row(("So với năm trước", "không so sánh được"))
    parts = [("Tự chấm", "self_points"), ("Thẩm định", "appraised_points"), ("Điều tra xã hội học", "survey_points")]
    parts += [("Số liệu thống kê", "statistics_points"), ("Điểm thưởng", "bonus"), ("Điểm phạt", "penalty")]
    told = [f"{name.lower()} {comma(row[key])}" for name, key in parts if Fraction(row[key])]
    yield Row(("Trong đó", "; ".join(told) or "–"))


def _lost(framework: Framework, row: dict[str, str], lost: Sequence[LostLeaf]) -> Iterator[Block]:
    """The table field by field, and the sum that ties it to the unit's points."""
    if not lost:
        yield Paragraph("Đơn vị đạt điểm tối đa ở mọi mục được tính.")
        return
    rows: list[Row] = []
    for part in framework.fields:
        inside = [one for one in lost if part.code in framework.parents[one.leaf.code]]
        if inside:
            whole = sum((one.lost for one in inside), Fraction(0))
            rows.append(Row((part.code, part.name, "", "", "", comma(plain(whole)), ""), strong=True))
            rows += [_lost_row(one) for one in inside]
    in_all = sum((one.lost for one in lost), Fraction(0))
    rows.append(Row(("", "Tổng điểm mất", "", "", "", comma(plain(in_all)), ""), strong=True))
    yield Table(LOST, tuple(rows))
    bonus, penalty = Fraction(row["bonus"]), Fraction(row["penalty"])
    adjusted = (f" + điểm thưởng {comma(row['bonus'])}" if bonus else "") + (
        f" − điểm phạt {comma(row['penalty'])}" if penalty else ""
    )
    yield Paragraph(
        f"Kiểm tra: điểm tối đa được tính {comma(row['maximum'])} − tổng điểm mất {comma(plain(in_all))}{adjusted} = "
        f"{comma(row['points'])} điểm.",
        "note",
    )


def _lost_row(one: LostLeaf) -> Row:
    return Row(
        (
            one.leaf.code,
            one.leaf.name,
            comma(one.leaf.maximum),
            comma(one.claimed) if one.claimed else "–",
            comma(plain(one.final)),
            comma(plain(one.lost)),
            one.why,
        )
    )


def _not_applicable(framework: Framework, scores: pd.DataFrame) -> Iterator[Block]:
    """Leaves out of both sides of the division, with why; nothing where all apply."""
    leaves = scores[((scores["level"] == "leaf") & (scores["final"] == "")).to_numpy()]
    if len(leaves):
        rows = [
            Row((row["code"], framework.leaf[row["code"]].name, comma(framework.leaf[row["code"]].maximum),
                 WHY_OUT.get(row["reason"], row["reason"])))
            for row in leaves.to_dict("records")
        ]  # fmt: skip
        yield Heading("3. Các mục không áp dụng (không tính vào điểm tối đa)")
        yield Table(OUT, tuple(rows))
