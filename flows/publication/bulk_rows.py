"""Many rows of a workbook, written as the sheet's own XML in the look of model rows: far quicker than cell objects."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from flows.publication.sheet_writing import (
    LONGEST_CELL,
    NOT_IN_XML,
    is_exact,
    lines_of,
    row_height,
    runs,
)

_STYLE = re.compile(rb'<c r="([A-Z]+)(\d+)"[^>]*? s="(\d+)"')


@dataclass(frozen=True)
class BulkRows:
    """Rows that take the place of two model rows: `first` in the columns' looks, the next for text that would run.

    columns: the cells of each column as text. numbers: whether a column holds numbers, digit for digit ("" is an
    empty cell; what a double cannot hold stands as text). widths: of the columns, for the rows' heights.
    """

    first: int
    columns: Sequence[Sequence[str]]
    numbers: Sequence[bool]
    widths: Sequence[float]

    def put_into(self, xml: bytes) -> bytes:
        """The sheet's XML with these rows instead of its model rows."""
        styles = {
            (column.decode(), int(row)): style.decode()
            for column, row, style in _STYLE.findall(xml)
            if int(row) in (self.first, self.first + 1)
        }
        start = xml.index(b'<row r="%d"' % self.first)
        end = xml.index(b"</sheetData>")
        return xml[:start] + "".join(self._rows(styles)).encode() + xml[end:]

    def _rows(self, styles: dict[tuple[str, int], str]) -> list[str]:
        letters = [get_column_letter(place) for place in range(1, len(self.columns) + 1)]
        made = [
            self._cells(letter, cells, number, styles[letter, self.first], styles[letter, self.first + 1])
            for letter, cells, number in zip(letters, self.columns, self.numbers, strict=True)
        ]
        return [
            f'<row r="{row}" ht="{height:g}" customHeight="1">{"".join(cells)}</row>'
            for row, (height, *cells) in enumerate(zip(self._heights(), *made, strict=True), start=self.first)
        ]

    def _cells(self, letter: str, cells: Sequence[str], number: bool, plain: str, guarded: str) -> list[str]:
        made = []
        for row, text in enumerate(cells, start=self.first):
            if not text:
                made.append(f'<c r="{letter}{row}" s="{plain}"/>')
            elif number and is_exact(text):
                made.append(f'<c r="{letter}{row}" s="{plain}"><v>{text}</v></c>')
            else:
                style = guarded if runs(text) else plain
                shown = escape(NOT_IN_XML.sub("\ufffd", text)[:LONGEST_CELL])
                made.append(
                    f'<c r="{letter}{row}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{shown}</t></is></c>'
                )
        return made

    def _heights(self) -> list[float]:
        lines = [1] * len(self.columns[0])
        for cells, number, width in zip(self.columns, self.numbers, self.widths, strict=True):
            if not number:
                lines = [max(most, lines_of(text, width)) for most, text in zip(lines, cells, strict=True)]
        return [row_height(number) for number in lines]
