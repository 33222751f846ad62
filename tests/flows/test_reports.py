"""Documents of a version: every lost point is explained, Vietnamese comes out right, the same version, the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from fractions import Fraction

import pytest
from docx import Document as open_docx
from openpyxl import load_workbook
from published import published_version
from pypdf import PdfReader

from flows.reports.decision_annex import decision_annex
from flows.reports.deck import deck
from flows.reports.document import Column, Document, Heading, Letterhead, Paragraph, Row, Signatures, Table, Title
from flows.reports.letters import letter, lost_leaves
from flows.reports.minutes import minutes
from flows.reports.pdf import as_pdf
from flows.reports.word import as_docx
from models.rules.numbers import plain

LETTERS = (
    "ĂÂĐÊÔƠƯăâđêôơư ẠẢÃÀÁạảãàá ẶẲẴẰẮặẳẵằắ ẬẨẪẦẤậẩẫầấ ẸẺẼÈÉẹẻẽèé ỆỂỄỀẾệểễềế ỊỈĨÌÍịỉĩìí ỌỎÕÒÓọỏõòó "
    "ỘỔỖỒỐộổỗồố ỢỞỠỜỚợởỡờớ ỤỦŨÙÚụủũùú ỰỬỮỪỨựửữừứ ỴỶỸỲÝỵỷỹỳý"
)


def read(data: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(data))


def text_of(data: bytes) -> str:
    """All text of a PDF; lines are joined, for where they break says nothing."""
    return " ".join(" ".join(page.extract_text() for page in read(data).pages).split())


def titles(outline: list) -> list[str]:
    return [title for one in outline for title in (titles(one) if isinstance(one, list) else [one.title])]


def lettered() -> Document:
    """Every Vietnamese letter in every place text can stand."""
    return Document("Đủ chữ", "2021-06-30", [
        Letterhead("UBND tỉnh", "Sở Nội vụ", "Số: 1", "V/v", "Điện Biên, ngày 30 tháng 6 năm 2021"),
        Title("Biên bản", (LETTERS, LETTERS)),
        *(Heading(line) for line in LETTERS.split()),
        Paragraph(LETTERS), Paragraph(LETTERS, "note"), Paragraph(LETTERS, "item"), Paragraph(LETTERS, "centre"),
        Table((Column("Chữ", 1), Column("", 1)), (Row(("thường", LETTERS)), Row(("đậm", LETTERS), strong=True))),
        Signatures(("Như trên;",), (("CHỦ TỊCH", "(Ký, ghi rõ họ tên)"),)),
    ])  # fmt: skip


# ------------------------------------------------------ what is said


@pytest.mark.parametrize("seed", range(4))
def test_the_lost_points_of_a_letter_sum_to_maximum_minus_points(seed: int) -> None:
    version = published_version(seed)
    for row in version.given.results.to_dict("records"):
        framework = version.given.frameworks[row["framework"]]
        scores = version.given.scores[(version.given.scores["unit"] == row["unit"]).to_numpy()]
        lost = sum((one.lost for one in lost_leaves(framework, scores)), Fraction(0))
        earned = Fraction(row["points"]) - Fraction(row["bonus"]) + Fraction(row["penalty"])
        full = sum((Fraction(framework.leaf[code].maximum) for code, level, final in zip(
            scores["code"], scores["level"], scores["final"], strict=True) if level == "leaf" and final), Fraction(0))  # fmt: skip
        assert lost == full - earned


@pytest.mark.parametrize("seed", range(4))
def test_a_letter_shows_every_lost_leaf_with_why_and_the_sum(seed: int) -> None:
    version = published_version(seed)
    for unit, framework in zip(version.given.results["unit"], version.given.results["framework"], strict=True):
        blocks = letter(version, unit).blocks
        scores = version.given.scores[(version.given.scores["unit"] == unit).to_numpy()]
        lost = lost_leaves(version.given.frameworks[framework], scores)
        rows = [row for block in blocks if isinstance(block, Table) and len(block.columns) == 7 for row in block.rows]
        assert [row.cells[0] for row in rows if not row.strong] == [
            one.leaf.code
            for part in version.given.frameworks[framework].fields
            for one in lost
            if part.code in version.given.frameworks[framework].parents[one.leaf.code]
        ]
        assert all(row.cells[6] for row in rows if not row.strong)
        if lost:
            whole = plain(sum((one.lost for one in lost), Fraction(0)))
            shown = whole.rstrip("0").rstrip(".") if "." in whole else whole
            assert rows[-1].cells[5] == shown.replace(".", ",").replace("-", "−")


def test_the_minutes_hold_checkpoint_and_manifest() -> None:
    version = published_version(1)
    said = text_of(as_pdf(minutes(version)))
    assert version.manifest in said
    assert version.head.digest in said
    assert "194" in said
    for name in version.given.results["name"]:
        assert " ".join(name.split()) in said


def test_the_annex_of_the_decision_has_every_published_unit_with_rank_and_class() -> None:
    version = published_version(2)
    rows = [row.cells for block in decision_annex(version).blocks if isinstance(block, Table) for row in block.rows]
    for row in version.given.results.to_dict("records"):
        assert any(
            cells[:2] == (row["rank"] or "–", row["name"]) and cells[5] == (row["classification"] or "–")
            for cells in rows
            if len(cells) == 7
        )


def test_no_unpublished_unit_and_no_respondent_is_in_any_document() -> None:
    version = next(
        one for one in map(published_version, range(20)) if set(one.inputs.units["published"]) == {"yes", "no"}
    )
    hidden = set(version.inputs.units.loc[(version.inputs.units["published"] == "no").to_numpy(), "name"])
    shown = set(version.given.results["name"])
    book = load_workbook(io.BytesIO(deck(version)))
    told = {cell.value for sheet in book for row in sheet.iter_rows() for cell in row}
    told |= {
        cell
        for block in decision_annex(version).blocks
        if isinstance(block, Table)
        for row in block.rows
        for cell in row.cells
    }
    assert told & shown
    assert not told & (hidden - shown)


def test_the_deck_ranks_as_published_with_numbers_as_numbers() -> None:
    version = published_version(3)
    book = load_workbook(io.BytesIO(deck(version)))
    for place, (bloc, _) in enumerate(version.given.shown_blocs, start=1):
        rows = list(book.worksheets[place].iter_rows(min_row=2, values_only=True))
        expected = version.given.of_bloc(bloc)
        assert [row[1] for row in rows] == expected["name"].tolist()
        assert [str(row[0] or "") for row in rows] == expected["rank"].tolist()
        assert all(
            isinstance(row[2], (int, float)) for row, index in zip(rows, expected["index"], strict=True) if index
        )


# ------------------------------------------------------ how it is written


def test_every_vietnamese_letter_comes_back_out_of_the_pdf() -> None:
    said = text_of(as_pdf(lettered()))
    for part in LETTERS.split():
        assert said.count(part) >= 9, part


def test_a_pdf_is_tagged_archival_titled_and_bookmarked_with_letters_embedded() -> None:
    version = published_version(1)
    reader = read(as_pdf(minutes(version)))
    root = reader.trailer["/Root"]
    assert root["/Lang"].startswith("vi")
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata.title == minutes(version).title
    metadata = root["/Metadata"].get_object().get_data().decode()
    assert re.search(r"pdfaid:part>2<", metadata)
    assert re.search(r"pdfuaid:part>1<", metadata)
    marks = titles(reader.outline)
    assert [heading.text for heading in minutes(version).blocks if isinstance(heading, Heading)] == [
        mark for mark in marks if mark != "BIÊN BẢN"
    ]
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
        assert re.match(r"/[A-Z]{6}\+", font["/BaseFont"])  # a subset
        assert "/ToUnicode" in font


def test_the_same_version_gives_the_same_bytes() -> None:
    one, other = published_version(5), published_version(5)
    unit = one.given.results["unit"].iloc[0]
    for make in (minutes, decision_annex, lambda version: letter(version, unit)):
        for render in (as_pdf, as_docx):
            assert render(make(one)) == render(make(other))
    assert deck(one) == deck(other)


def test_a_docx_holds_the_same_words_in_times_with_fixed_times() -> None:
    version = published_version(1)
    document, data = minutes(version), as_docx(minutes(version))
    word = open_docx(io.BytesIO(data))
    paragraphs = [one.text for one in word.paragraphs]
    for block in document.blocks:
        if isinstance(block, Heading):
            assert block.text in paragraphs
        if isinstance(block, Paragraph):
            assert any(block.text in one for one in paragraphs)
    cells = {cell.text for table in word.tables for row in table.rows for cell in row.cells}
    assert {
        cell for block in document.blocks if isinstance(block, Table) for row in block.rows for cell in row.cells
    } <= cells
    assert word.styles["Normal"].font.name == "Times New Roman"
    assert word.core_properties.language == "vi-VN"
    assert word.core_properties.modified.isoformat()[:10] == version.day
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert {info.compress_type for info in archive.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("hostile", ["#panic()", "*đậm*", "$x$", "<w:p/>", "= đầu", "@a", "\x00\x07", "😀漢", "a\nb"])
def test_text_is_never_read_as_markup(hostile: str) -> None:
    document = Document(
        f"T {hostile}",
        "2021-06-30",
        [Heading("Mục"), Paragraph(f"{hostile} hết"), Table((Column("c", 1),), (Row((hostile,)),))],
    )
    visible = [part for part in re.split("[\x00\x07\n😀漢]", hostile) if part]
    assert read(as_pdf(document)).metadata.title.startswith("T ")
    words = "".join(one.text for one in open_docx(io.BytesIO(as_docx(document))).paragraphs)
    for part in visible:
        assert part in text_of(as_pdf(document))
        assert part in words


def test_a_sign_without_a_letter_is_shown_as_missing_not_refused() -> None:
    assert "lý do \ufffd\ufffd" in text_of(as_pdf(Document("T", "2021-06-30", [Paragraph("lý do 😀漢")])))


ORDER = {  # of what we use; ECMA-376, Part 1: CT_PPr, CT_TblPr, CT_TcPr, CT_TrPr
    "pPr": ("pStyle", "keepNext", "keepLines", "pBdr", "shd", "tabs", "spacing", "ind", "jc", "outlineLvl", "rPr"),
    "tblPr": ("tblStyle", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"),
    "tcPr": ("tcW", "gridSpan", "vMerge", "tcBorders", "shd", "vAlign"),
    "trPr": ("cantSplit", "tblHeader"),
}


def test_properties_stand_in_the_order_word_insists_on() -> None:
    word = open_docx(io.BytesIO(as_docx(lettered())))
    seen = set()
    for element in word.element.body.iter():
        name = element.tag.rpartition("}")[2]
        if name in ORDER:
            seen.add(name)
            inside = [child.tag.rpartition("}")[2] for child in element]
            assert inside == sorted(inside, key=ORDER[name].index)
    assert seen == set(ORDER)
