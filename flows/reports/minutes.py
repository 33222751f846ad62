"""The council's minutes: what it had before it, the results it agreed on, and the checkpoint that proves them."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

from flows.publication.reader_notes import version_line
from flows.reports.document import (
    A_DAY,
    DOTS,
    Block,
    Column,
    Document,
    Heading,
    Paragraph,
    Row,
    Signatures,
    Table,
    Title,
    comma,
)
from flows.reports.sources import COUNCIL, based_on, beware, letterhead
from flows.reports.tables import bands_line, class_counts, results_table
from flows.reports.version import Version
from models.rules.frames import rows_of
from models.rules.numbers import show

DECIDED = (Column("Đơn vị", 45), Column("Việc", 30), Column("Lý do", 58), Column("Người quyết định", 30))
PRESENT = (
    "Thời gian: …… giờ ……, ngày …… tháng …… năm ………",
    f"Địa điểm: {DOTS}{DOTS}",
    f"Chủ trì: {DOTS}{DOTS}",
    f"Thư ký: {DOTS}{DOTS}",
    f"Thành viên có mặt: ……/……; vắng: {DOTS}",
)
PROOF = (Column("", 40), Column("", 123))


def minutes(version: Version) -> Document:
    """Biên bản; who was there, when and where is left to write. The same version gives the same document."""
    given = version.given
    blocks: list[Block] = [
        letterhead(version, COUNCIL, "Số: ………/BB-HĐTĐ", "", A_DAY),
        Title("Biên bản", (f"Họp {COUNCIL} thông qua kết quả {given.name}",)),
        Heading("I. Thời gian, địa điểm, thành phần"),
        *(Paragraph(text, "item") for text in PRESENT),
        Heading("II. Căn cứ và số liệu trình hội đồng"),
        *based_on(version),
        *(Paragraph(text, "item") for text in _before_the_council(version)),
        *beware(version),
        *_decided(version),
        Heading("III. Kết quả"),
    ]
    for place, (bloc, name) in enumerate(given.shown_blocs, start=1):
        blocks += [
            Heading(f"{place}. {name}", 2),
            results_table(version, bloc),
            Paragraph(f"{bands_line(version, bloc)} Số đơn vị theo loại: {class_counts(version, bloc)}.", "note"),
        ]
    blocks += [
        Heading("IV. Kết luận"),
        Paragraph(
            f"{COUNCIL} thống nhất kết quả nêu tại mục III ({version_line(given)[0].lower()}), đề nghị cấp có thẩm "
            "quyền phê duyệt và công bố."
        ),
        Paragraph(f"Ý kiến khác (nếu có): {DOTS * 3}", "item"),
        Heading("V. Mã kiểm chứng"),
        Paragraph(
            "Biên bản giữ các mã dưới đây ngoài hệ thống: ai sửa kết quả, số liệu đầu vào hoặc nhật ký sau ngày họp "
            "đều không thể tạo lại được các mã này."
        ),
        Table(PROOF, tuple(_proof(version))),
        Signatures((), (("THƯ KÝ", "(Ký, ghi rõ họ tên)"), ("CHỦ TỊCH HỘI ĐỒNG", "(Ký, ghi rõ họ tên)"))),
    ]
    return Document(f"Biên bản họp {COUNCIL.lower()} – {given.name}", version.day, blocks)


def _before_the_council(version: Version) -> Iterator[str]:
    """Counts of what was appraised; published units only."""
    given, marks = version.given, version.inputs.marks
    leaves = given.scores[(given.scores["level"] == "leaf").to_numpy()]
    yield f"Số đơn vị: {len(given.results)}, trong đó xếp hạng {int((given.results['rank'] != '').sum())}."
    out = int((leaves["final"] == "").sum())
    yield f"Số mục chấm điểm của mọi đơn vị: {len(leaves)}, trong đó không áp dụng {out}."
    by_round = marks["round"].tolist()
    corrections = int((marks["correction"] != "").sum())
    second = by_round.count("2") - corrections
    yield f"Số lượt thẩm định: vòng 1 {by_round.count('1')}, vòng 2 {second}; đính chính sau công bố {corrections}."
    own, given_points = (sum((Fraction(text) for text in given.results[name].tolist()), Fraction(0)) for name in (
        "self_points", "appraised_points"))  # fmt: skip
    yield f"Tổng điểm tự chấm {_plain(own)}, tổng điểm thẩm định {_plain(given_points)}."


def _plain(value: Fraction) -> str:
    return comma(show(value, 5))


def _decided(version: Version) -> Iterator[Block]:
    """Exemptions, bonus and penalty: decisions that moved points without a mark."""
    names = dict(rows_of(version.inputs.units, "unit", "name"))
    rows = [
        Row((names[unit], f"Miễn chấm mục {code}", reason, by))
        for unit, code, reason, by in rows_of(version.inputs.exemptions, "unit", "code", "reason", "approved_by")
    ]
    words = {"bonus": "Thưởng", "penalty": "Phạt"}
    rows += [
        Row((names[unit], f"{words[kind]} {comma(points)} điểm", reason, by))
        for unit, kind, points, reason, by in rows_of(
            version.inputs.adjustments, "unit", "kind", "points", "reason", "decided_by"
        )
    ]
    if rows:
        yield Paragraph("Các quyết định miễn chấm, thưởng, phạt:")
        yield Table(DECIDED, tuple(rows))


def _proof(version: Version) -> Iterator[Row]:
    yield Row(("Kỳ, bản công bố", f"{version.given.cycle}, bản số {version.given.version}"))
    yield Row(("SHA-256 của manifest.json", version.manifest))
    yield Row(("Nhật ký: số sự kiện (N)", str(version.head.count)))
    yield Row(("Nhật ký: mã băm cuối (HEAD)", version.head.digest))
    yield Row(("Đối chiếu", "python3 verify.py --checkpoint N:HEAD trong thư mục kết quả đã xuất"))
