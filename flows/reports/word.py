"""Documents as docx, to be edited and signed: Times New Roman, a navigation pane, the same bytes always."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from docx import Document as new_document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import _Cell
from docx.text.paragraph import Paragraph as WordParagraph

from flows.publication.fixed_zip import fixed_zip
from flows.reports.document import (
    DOTS,
    MOTTO,
    Block,
    Document,
    Heading,
    Letterhead,
    PageBreak,
    Paragraph,
    Row,
    Signatures,
    Table,
    Title,
)
from flows.reports.word_table import table_element

FONT = "Times New Roman"
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
    "justify": WD_ALIGN_PARAGRAPH.JUSTIFY,
}
LONGEST = 255  # signs a property of the file may have
# The order Word insists on: a paragraph's border stands before these.
AFTER_BORDER = (
    "w:shd",
    "w:tabs",
    "w:spacing",
    "w:ind",
    "w:contextualSpacing",
    "w:jc",
    "w:outlineLvl",
    "w:rPr",
    "w:sectPr",
)
WIDE = 163  # mm between the margins of an A4 page


def as_docx(document: Document) -> bytes:
    """The same document gives the same bytes. Margins and sizes: Nghị định 30/2020/NĐ-CP, Phụ lục I."""
    word = new_document(io.BytesIO(_blank()))
    day = dt.datetime.fromisoformat(document.day)
    properties = word.core_properties
    properties.title, properties.author, properties.language = _clean(document.title)[:LONGEST], "parindex", "vi-VN"
    properties.created = properties.modified = day
    properties.comments, properties.last_modified_by, properties.revision = "", "parindex", 1
    for block in document.blocks:
        _write(word, block)
    out = io.BytesIO()
    word.save(out)
    return fixed_zip(out.getvalue(), day)


@cache
def _blank() -> bytes:
    """An empty document in the house's look; of the library's own one, without its hundred table styles."""
    word = new_document()
    _set_page(word)
    _set_styles(word)
    for style in list(word.styles.element.iter(qn("w:style"))):
        if style.get(qn("w:type")) == "table" and style.get(qn("w:styleId")) not in ("TableNormal", "TableGrid"):
            word.styles.element.remove(style)
    for package in (word.part, word.part.package):
        for key, link in list(package.rels.items()):
            if link.reltype.endswith(("/stylesWithEffects", "/thumbnail")):
                del package.rels[key]
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()


def _set_page(word: Any) -> None:
    """A4, official margins, page numbers centred at the top from the second page on."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin = section.bottom_margin = Mm(22)
    section.left_margin, section.right_margin = Mm(30), Mm(17)
    section.different_first_page_header_footer = True
    number = section.header.paragraphs[0]
    number.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for kind, text in (("begin", ""), ("", " PAGE "), ("end", "")):
        run = number.add_run()._r
        if kind:
            run.append(_element("w:fldChar", {"w:fldCharType": kind}))
        else:
            instruction = _element("w:instrText", {"xml:space": "preserve"})
            instruction.text = text
            run.append(instruction)


def _set_styles(word: Any) -> None:
    for name, size in (("Normal", 13), ("Heading 1", 13), ("Heading 2", 13), ("Header", 13)):
        style = word.styles[name]
        style.font.name, style.font.size = FONT, Pt(size)
        style.font.color.rgb = RGBColor(0, 0, 0)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for key in list(fonts.attrib):
            if "Theme" in key:
                del fonts.attrib[key]
        for key in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(key), FONT)
        style.paragraph_format.space_before = Pt(10 if name.startswith("Heading") else 0)
        style.paragraph_format.space_after = Pt(4)
    word.styles["Heading 1"].font.bold = word.styles["Heading 2"].font.bold = True
    for language in word.styles.element.iter(qn("w:lang")):
        for key in ("w:val", "w:eastAsia"):
            language.set(qn(key), "vi-VN")


def _write(word: Any, block: Block) -> None:
    if isinstance(block, Letterhead):
        _letterhead(word, block)
    elif isinstance(block, Title):
        _title(word, block)
    elif isinstance(block, Heading):
        word.add_heading(_clean(block.text), block.level)
    elif isinstance(block, Paragraph):
        _paragraph(word, block)
    elif isinstance(block, Table):
        _table(word, block)
    elif isinstance(block, Signatures):
        _signatures(word, block)
    elif isinstance(block, PageBreak):
        word.add_paragraph().add_run().add_break(WD_BREAK.PAGE)


def _clean(text: str) -> str:
    return NOT_IN_XML.sub("\ufffd", text)


def _put(
    paragraph: WordParagraph, text: str, size: float, align: str = "center", *, bold: bool = False, italic: bool = False
) -> WordParagraph:
    """The text as one run; spacing as in the head and foot of official documents."""
    run = paragraph.add_run(_clean(text))
    run.font.size, run.bold, run.italic = Pt(size), bold, italic
    paragraph.alignment = ALIGN[align]
    paragraph.paragraph_format.space_after = Pt(0)
    return paragraph


def _underline(paragraph: WordParagraph, side: int) -> None:
    """The short line below the issuer and the motto: a border between two indents (mm)."""
    paragraph.paragraph_format.left_indent = paragraph.paragraph_format.right_indent = Mm(side)
    paragraph.paragraph_format.space_after = Pt(6)
    border = _element("w:pBdr", {})
    border.append(_element("w:bottom", {"w:val": "single", "w:sz": "6", "w:space": "1", "w:color": "000000"}))
    paragraph._p.get_or_add_pPr().insert_element_before(border, *AFTER_BORDER)


def _letterhead(word: Any, block: Letterhead) -> None:
    left, right = _grid(word, [66, 97])
    first = left.paragraphs[0]
    if block.above:
        _put(first, block.above.upper(), 12)
        first = left.add_paragraph()
    _put(first, block.issuer.upper(), 12, bold=True)
    _underline(_put(left.add_paragraph(), "", 2), 26)
    _put(left.add_paragraph(), block.number, 13)
    if block.about:
        _put(left.add_paragraph(), block.about, 12)
    _put(right.paragraphs[0], MOTTO[0], 12, bold=True)
    _put(right.add_paragraph(), MOTTO[1], 13, bold=True)
    _underline(_put(right.add_paragraph(), "", 2), 22)
    _put(right.add_paragraph(), block.place_and_day, 13, italic=True)
    word.add_paragraph()


def _title(word: Any, block: Title) -> None:
    heading = word.add_heading("", 1)
    _put(heading, block.name.upper(), 14, bold=True)
    for place, line in enumerate(block.lines):
        _put(word.add_paragraph(), line, 13, bold=place == 0, italic=place > 0)
    word.paragraphs[-1].paragraph_format.space_after = Pt(10)


def _paragraph(word: Any, block: Paragraph) -> None:
    said = word.add_paragraph()
    said.add_run(_clean(f"– {block.text}" if block.kind == "item" else block.text)).font.size = (
        Pt(11) if block.kind == "note" else Pt(13)
    )
    said.alignment = ALIGN["center" if block.kind == "centre" else "justify"]
    if block.kind == "body":
        said.paragraph_format.first_line_indent = Mm(10)


def _table(word: Any, block: Table) -> None:
    rows = tuple(Row(tuple(map(_clean, row.cells)), row.strong) for row in block.rows)
    word.element.body.insert_element_before(table_element(Table(block.columns, rows), WIDE), "w:sectPr")
    word.add_paragraph().paragraph_format.space_after = Pt(2)


def _signatures(word: Any, block: Signatures) -> None:
    columns = len(block.offices) + bool(block.receivers)
    cells = _grid(word, [WIDE // columns] * columns)
    if block.receivers:
        _put(cells[0].paragraphs[0], "Nơi nhận:", 12, "left", bold=True, italic=True)
        for line in block.receivers:
            _put(cells[0].add_paragraph(), f"- {line}", 11, "left")
    for cell, office in zip(cells[bool(block.receivers) :], block.offices, strict=True):
        for place, line in enumerate(office):
            here = cell.paragraphs[0] if place == 0 else cell.add_paragraph()
            _put(here, line, 13, bold=place == 0 or line.isupper())
        for _ in range(4):
            _put(cell.add_paragraph(), "", 13)
        _put(cell.add_paragraph(), DOTS, 13)


def _grid(word: Any, widths: Sequence[int]) -> list[_Cell]:
    """The cells of a row without lines, which stays on one page."""
    made = word.add_table(rows=1, cols=len(widths))
    made.autofit = False
    _cell_margins(made, 0)
    line = made._tbl.tr_lst[0]
    line.get_or_add_trPr().append(_element("w:cantSplit", {}))
    for place, tc, width in zip(made._tbl.tblGrid.gridCol_lst, line.tc_lst, widths, strict=True):
        place.w = tc.width = Mm(width)
    return [_Cell(tc, made) for tc in line.tc_lst]


def _cell_margins(table: Any, twips: int) -> None:
    """Left and right of every cell; 57 is a millimetre."""
    margins = _element("w:tblCellMar", {})
    for side in ("left", "right"):
        margins.append(_element(f"w:{side}", {"w:w": str(twips), "w:type": "dxa"}))
    table._tbl.tblPr.insert_element_before(margins, "w:tblLook")


def _element(name: str, attributes: dict[str, str]) -> Any:
    made = OxmlElement(name)
    for key, value in attributes.items():
        made.set(qn(key), value)
    return made
