"""A ruled table of a docx as one piece of XML: cell by cell through the library takes ten times as long."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from xml.sax.saxutils import escape

from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from flows.reports.document import Row, Table

TWIPS = 57  # a millimetre
SIZE = 22  # half points
SHADE = '<w:shd w:val="clear" w:color="auto" w:fill="F0F0F0"/>'
BREAK = '</w:t><w:br/><w:t xml:space="preserve">'


def table_element(block: Table, wide: int) -> Any:
    """The table, `wide` mm over all; text is clean of what XML forbids. Its header is repeated on every page."""
    parts = sum(column.width for column in block.columns)
    widths = [wide * TWIPS * column.width // parts for column in block.columns]
    return parse_xml("".join(_table(block, widths)))


def _table(block: Table, widths: Sequence[int]) -> Iterator[str]:
    yield f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblStyle w:val="TableGrid"/><w:tblW w:type="auto" w:w="0"/>'
    yield '<w:tblLayout w:type="fixed"/><w:tblCellMar>'
    yield "".join(f'<w:{side} w:w="{TWIPS}" w:type="dxa"/>' for side in ("left", "right"))
    yield "</w:tblCellMar></w:tblPr><w:tblGrid>"
    yield "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    yield "</w:tblGrid>"
    aligns = [column.align for column in block.columns]
    names = tuple(column.name for column in block.columns)
    if any(names):
        yield _row(Row(names, strong=True), ["center"] * len(names), widths, head=True)
    for row in block.rows:
        yield _row(row, aligns, widths)
    yield "</w:tbl>"


def _row(row: Row, aligns: Sequence[str], widths: Sequence[int], *, head: bool = False) -> str:
    bold, shade = ("<w:b/>" if row.strong else ""), (SHADE if row.strong and not head else "")
    cells = [
        f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{width}"/>{shade}</w:tcPr><w:p><w:pPr><w:spacing w:after="0"/>'
        f'<w:jc w:val="{align}"/></w:pPr><w:r><w:rPr>{bold}<w:sz w:val="{SIZE}"/></w:rPr>'
        f'<w:t xml:space="preserve">{escape(text).replace(chr(10), BREAK)}</w:t></w:r></w:p></w:tc>'
        for text, align, width in zip(row.cells, aligns, widths, strict=True)
    ]
    repeated = "<w:tblHeader/>" if head else ""
    return f"<w:tr><w:trPr><w:cantSplit/>{repeated}</w:trPr>{''.join(cells)}</w:tr>"
