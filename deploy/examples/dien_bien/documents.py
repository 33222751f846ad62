"""A unit's evidence: its documents of the year, which leaf each proves, and the few that are small PDFs."""

from __future__ import annotations

import datetime as dt
import hashlib
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from building.variety import between, draw, one_in, shuffled
from building.year import LeafYear
from fpdf import FPDF

from dien_bien.province import Unit
from models.rules.framework import Framework

MADE_UP = "Số liệu minh hoạ"
# Which document proves the leaves below a code: the longest code that fits. (sign, title)
KINDS = {
    "1.1": ("KH", "Kế hoạch cải cách hành chính năm 2020"),
    "1.2": ("BC", "Báo cáo công tác cải cách hành chính năm 2020"),
    "1.3": ("BC", "Báo cáo kết quả kiểm tra cải cách hành chính"),
    "1.4": ("BC", "Báo cáo kết quả tuyên truyền cải cách hành chính"),
    "1.5": ("QĐ", "Quyết định công nhận sáng kiến, giải pháp"),
    "1.6": ("BC", "Báo cáo thực hiện nhiệm vụ UBND tỉnh giao"),
    "1.7": ("TB", "Thông báo kết quả chỉ đạo, điều hành cải cách hành chính"),
    "2": ("BC", "Báo cáo rà soát, kiểm tra văn bản quy phạm pháp luật"),
    "2.1": ("BC", "Báo cáo xây dựng và theo dõi thi hành pháp luật"),
    "3": ("BC", "Báo cáo kiểm soát thủ tục hành chính, một cửa năm 2020"),
    "3.1": ("BC", "Báo cáo rà soát, đơn giản hóa thủ tục hành chính"),
    "3.2": ("QĐ", "Quyết định công bố, công khai thủ tục hành chính"),
    "4": ("BC", "Báo cáo tổ chức bộ máy và biên chế năm 2020"),
    "5": ("BC", "Báo cáo chất lượng đội ngũ năm 2020"),
    "5.4": ("BC", "Báo cáo đào tạo, bồi dưỡng năm 2020"),
    "6": ("BC", "Báo cáo tài chính, công khai ngân sách năm 2020"),
    "7": ("BC", "Báo cáo ứng dụng công nghệ thông tin năm 2020"),
    "7.4": ("QĐ", "Quyết định công bố hệ thống quản lý chất lượng"),
    "8": ("BC", "Báo cáo tình hình kinh tế - xã hội năm 2020"),
}
FILED = ("1.1", "1.3", "1.4", "1.6", "3", "4", "5", "6", "7")  # those that may come as a file
WITHOUT_PAPER = (
    "Kết quả thể hiện trên Hệ thống theo dõi nhiệm vụ của tỉnh, không ban hành văn bản riêng",
    "Đã báo cáo trực tiếp Sở Nội vụ tại buổi kiểm tra, chưa có văn bản kết luận",
)


@dataclass(frozen=True)
class Document:
    """One document: its number is unique within its issuer and year."""

    number: str
    issuer: str
    issued_on: str
    title: str
    file: str


@dataclass(frozen=True)
class Evidence:
    """What a unit hands in: rows by leaf, written reasons for some that are missing, files by name."""

    rows: tuple[tuple[str, Document, str], ...]  # code, document, pages
    excuses: dict[str, str]
    files: dict[str, bytes]


def register(unit: Unit) -> dict[str, Document]:
    """The unit's documents of the year by the code they prove; two to four of them are there as files."""
    filed = shuffled(FILED, "filed", unit.code)[: between(2, 4, "files", unit.code)]
    known = {}
    for place, (code, (sign, title)) in enumerate(sorted(KINDS.items())):
        number = f"{between(4, 40, 'number', unit.code, code) + 41 * place}/{sign}-{unit.sign}"
        file = _file_name(unit, number, title) if code in filed else ""
        known[code] = Document(number, unit.name, _day(unit, code, sign), f"{MADE_UP}: {title}", file)
    return known


def _day(unit: Unit, code: str, sign: str) -> str:
    """Plans in January (some in the December before), decisions in summer, reports at the year's end."""
    if sign == "KH" and one_in(9, "early plan", unit.code):
        return f"2019-12-{between(20, 31, unit.code):02d}"
    first, last = {"KH": (3, 24), "QĐ": (150, 270)}.get(sign, (318, 364))
    return (dt.date(2020, 1, 1) + dt.timedelta(days=between(first, last, "day", unit.code, code))).isoformat()


def _file_name(unit: Unit, number: str, title: str) -> str:
    """Half of the units name their files in Vietnamese, as people do."""
    if one_in(2, "vietnamese names", unit.code):
        return f"{title}.pdf".replace(",", "")
    return plain_letters(number.replace("/", "-")).lower() + ".pdf"


def evidence(unit: Unit, framework: Framework, leaves: Iterable[LeafYear]) -> Evidence:
    """Evidence for nearly every leaf that asks for it; a few lack it, with a written reason or without."""
    known = register(unit)
    rows, excuses = [], {}
    for leaf in leaves:
        asked = framework.leaf[leaf.code].evidence
        if asked == "none" or (asked == "optional" and one_in(2, "optional", unit.code, leaf.code)):
            continue
        if asked == "required" and (lacking := draw(300, "lacking", unit.code, leaf.code)) < 5:
            if lacking < 3:
                excuses[leaf.code] = WITHOUT_PAPER[lacking % 2]
            continue
        document = known[max((code for code in KINDS if f"{leaf.code}.".startswith(f"{code}.")), key=len)]
        pages = (
            "1" if document.file else f"tr. {between(1, 4, unit.code, leaf.code)}-{between(5, 9, unit.code, leaf.code)}"
        )
        rows.append((leaf.code, document, pages))
    filed = {document.file: document for _, document, _ in rows if document.file}
    files = {name: draw_pdf(unit, document) for name, document in filed.items()}
    return Evidence(tuple(rows), excuses, files)


def explanation_file(unit: Unit, code: str) -> tuple[str, bytes]:
    """The document a unit sends along with one of its explanations."""
    document = Document(
        f"GT {code}",
        unit.name,
        "2021-03-05",
        f"{MADE_UP}: Giải trình tiêu chí {code}",
        f"giai-trinh-{code}.pdf",
    )
    return document.file, draw_pdf(unit, document)


def plain_letters(text: str) -> str:
    """Vietnamese without marks: a PDF's own fonts know no others, and to embed one takes 20 KB a file."""
    bare = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(letter for letter in bare if letter.isascii())


def draw_pdf(unit: Unit, document: Document) -> bytes:
    """One page, the same bytes every time: no compression, no clock, a fixed producer."""
    page = FPDF(format=(148, 210))
    page.set_compression(False)
    page.set_display_mode("default")  # no OpenAction
    page.set_creation_date(dt.datetime(2021, 1, 4, tzinfo=dt.UTC))
    page.set_producer("parindex example")
    page.set_title(plain_letters(document.title))
    page.add_page()
    page.set_font("Helvetica", "B", 12)
    page.multi_cell(0, 7, plain_letters(unit.name).upper(), new_x="LMARGIN", new_y="NEXT")
    page.set_font("Helvetica", "", 10)
    for line in (
        f"So / No.: {document.number}",
        f"Ngay / Date: {document.issued_on}",
        document.title,
        "SO LIEU MINH HOA - khong phai van ban that",
        "Illustrative data, not an official document",
        hashlib.sha256(f"{unit.code} {document.number}".encode()).hexdigest()[:16],
    ):
        page.multi_cell(0, 7, plain_letters(line), new_x="LMARGIN", new_y="NEXT")
    return bytes(page.output())
