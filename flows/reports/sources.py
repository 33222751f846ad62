"""Sentences every document shares: what it rests on, what to beware of, how to check it against the version."""

from __future__ import annotations

from collections.abc import Iterator

from flows.publication.form_guide import decision_line
from flows.publication.reader_notes import version_line, warnings
from flows.reports.document import DOTS, Letterhead, Paragraph
from flows.reports.version import Version

COUNCIL = "Hội đồng thẩm định"
SECRETARIAT = "Cơ quan thường trực cải cách hành chính"
BLANK_DECISION = "Quyết định số ………… ngày …… tháng …… năm ……… của ……………………"


def above(version: Version) -> str:
    """The office above the one that issues: who issued the framework; dots where frameworks differ in that."""
    issuers = {framework.decision.issuer for framework in version.given.used}
    return issuers.pop() if len(issuers) == 1 else DOTS


def letterhead(version: Version, issuer: str, number: str, about: str = "", day: str = "") -> Letterhead:
    """The head of a document of the council or the secretariat."""
    return Letterhead(above(version), issuer, number, about, day)


def based_on(version: Version) -> Iterator[Paragraph]:
    """The decisions the frameworks were issued by."""
    lines = list(dict.fromkeys(decision_line(framework)[0] for framework in version.given.used))
    for place, line in enumerate(lines, start=1):
        yield Paragraph(f"Căn cứ {line}{'.' if place == len(lines) else ';'}")


def beware(version: Version) -> Iterator[Paragraph]:
    """Every warning that stands on the published pages."""
    for vietnamese, _ in warnings(version.given):
        yield Paragraph(f"Lưu ý: {vietnamese}", "note")


def how_to_check(version: Version) -> Iterator[Paragraph]:
    """Which version this was made from, and what to compare it with."""
    given = version.given
    yield Paragraph(
        f"Lập từ {version_line(given)[0].lower()} của kỳ {given.cycle}. "
        f"Mã băm SHA-256 của manifest.json: {version.manifest}. "
        f"Điểm kiểm tra của nhật ký: {version.checkpoint}. "
        f"Đối chiếu: python3 verify.py --checkpoint {version.head.count}:{version.head.digest[:8]}… "
        "trong thư mục kết quả đã xuất.",
        "note",
    )
