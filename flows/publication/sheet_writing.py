"""How workbooks are written: text that never runs, exact numbers, sheets to print, the same bytes always."""

from __future__ import annotations

import io
import re
import textwrap
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from typing import cast

from openpyxl import Workbook
from openpyxl.cell.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.header_footer import HeaderFooterItem, _HeaderFooterPart
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.fixed_zip import FIXED, fixed_zip

FONT, SMALL_GREY = (
    Font(name="Times New Roman", size=11),
    Font(name="Times New Roman", size=10, color="595959"),
)
CAPTION = Font(name="Times New Roman", size=9, italic=True, color="595959")
BOLD, TITLE = (
    Font(name="Times New Roman", size=11, bold=True),
    Font(name="Times New Roman", size=15, bold=True),
)
WRAPPED = Alignment(wrap_text=True, vertical="top")
CENTRED = Alignment(wrap_text=True, vertical="center", horizontal="center")
FIGURES = Alignment(vertical="top", horizontal="right")
MIDDLE = Alignment(wrap_text=True, vertical="top", horizontal="center")
LINE = Side(style="thin", color="8C8C8C")
FRAMED = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)
HEADER_FILL, GROUP_FILL = PatternFill("solid", fgColor="D9E2EC"), PatternFill("solid", fgColor="EEF2F6")
UNUSED_FILL, INPUT_FILL = PatternFill("solid", fgColor="DEDEDE"), PatternFill("solid", fgColor="FFF9DB")
COMPUTED_FILL = PatternFill("solid", fgColor="E6F2E6")
OPEN = Protection(locked=False)
AS_TEXT = "@"
A3, A4 = 8, 9

RUNS = ("=", "+", "-", "@", "\t", "\r")
NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
NOT_IN_TITLE = re.compile(r"[\[\]:*?/\\]")
# Codes such as 1.10 are text on purpose: Excel puts no green mark of doubt at them. openpyxl cannot write this.
_DOUBT = b'<ignoredErrors><ignoredError sqref="A1:XFD1048576" numberStoredAsText="1"/></ignoredErrors>'
_QUIET = (b"</headerFooter></worksheet>", b"</headerFooter>" + _DOUBT + b"</worksheet>")
LONGEST_TITLE, LONGEST_CELL, LONGEST_CAPTION, DOUBLE_DIGITS = 31, 32767, 210, 15
LINE_HEIGHT, TALLEST_ROW = 14.0, 400.0  # points
SIGNS_PER_WIDTH = 1.2  # at 11 points a sign is a little narrower than the width's unit


def at(sheet: Worksheet, row: int, column: int) -> Cell:
    """A cell by place; no sheet of ours has merged cells."""
    return cast(Cell, sheet.cell(row, column))


def put_text(cell: Cell, text: str) -> Cell:
    """Text as text: never a formula, an error or a number, even after somebody edits the cell."""
    cell.value = NOT_IN_XML.sub("\ufffd", text)[:LONGEST_CELL] or None
    if text:
        cell.data_type = "s"
    if runs(text):
        cell.quotePrefix = True
    return cell


def runs(text: str) -> bool:
    """Whether a program might take the text for a formula."""
    return text.startswith(RUNS)


def is_exact(number: str) -> bool:
    """Whether a double holds every digit of a decimal text."""
    return len(number.lstrip("-").replace(".", "").lstrip("0")) <= DOUBLE_DIGITS


def put_number(cell: Cell, number: str, number_format: str = "General") -> Cell:
    """A decimal text as a number, digit for digit; as text where a double cannot hold its digits."""
    if not is_exact(number):
        return put_text(cell, number)
    cell.value = number or None
    if number:
        cell.data_type = "n"
    if cell.number_format != number_format:
        cell.number_format = number_format
    return cell


def dressed(cell: Cell, font: Font = FONT, alignment: Alignment = WRAPPED, fill: PatternFill | None = None) -> Cell:
    """The cell in the house's look: framed, wrapped, in a letter that has every Vietnamese sign."""
    cell.font, cell.alignment, cell.border = font, alignment, FRAMED
    if fill is not None:
        cell.fill = fill
    return cell


def like(cell: Cell, model: Cell) -> Cell:
    """The cell in the look of a model cell of the same workbook: far quicker than dressing each anew."""
    cell._style = copy(model._style)  # type: ignore[attr-defined]  # openpyxl has no public way to share a style
    return cell


def header_row(sheet: Worksheet, columns: Sequence[tuple[str, float]], english: Sequence[str] = ()) -> None:
    """Row 1 with the column names (and their widths), row 2 with the English ones, if any; on every printed page."""
    for column, (name, width) in enumerate(columns, start=1):
        dressed(put_text(at(sheet, 1, column), name), BOLD, CENTRED, HEADER_FILL)
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.row_dimensions[1].height = 32
    for column, name in enumerate(english, start=1):
        dressed(put_text(at(sheet, 2, column), name), CAPTION, CENTRED, GROUP_FILL)
        sheet.row_dimensions[2].height = 26


def fit_height(sheet: Worksheet, row: int, columns: int) -> None:
    """Make the row as high as its longest wrapped text: programs do not all do it on opening."""
    lines = 1
    for column in range(1, columns + 1):
        cell = at(sheet, row, column)
        if isinstance(cell.value, str) and cell.data_type == "s":
            lines = max(lines, lines_of(cell.value, sheet.column_dimensions[cell.column_letter].width))
    sheet.row_dimensions[row].height = row_height(lines)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width."""
    signs = int(width * SIGNS_PER_WIDTH)
    if len(text) <= signs and "\n" not in text:
        return 1
    return sum(max(1, len(textwrap.wrap(part, signs))) for part in text.split("\n"))


def row_height(lines: int) -> float:
    """The height of a row with so many lines, in points."""
    return min(lines * LINE_HEIGHT + 3, TALLEST_ROW)


def ready_to_print(
    sheet: Worksheet, freeze: str, caption: str, landscape: bool = True, titles: int = 1, paper: int = A4
) -> None:
    """One page wide, the first rows on every page, page numbers; panes frozen at `freeze`."""
    sheet.freeze_panes = freeze
    sheet.print_title_rows = f"1:{titles}" if titles else None
    sheet.page_setup.paperSize = paper
    sheet.page_setup.orientation = "landscape" if landscape else "portrait"
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.75, 0.75
    sheet.page_margins.header = sheet.page_margins.footer = 0.3
    shown = NOT_IN_XML.sub("", caption)[:LONGEST_CAPTION].replace("&", "&&")
    sheet.HeaderFooter.oddHeader = HeaderFooterItem(center=_HeaderFooterPart(text=shown))
    sheet.HeaderFooter.oddFooter = HeaderFooterItem(center=_HeaderFooterPart(text="&P / &N"))


def protect(sheet: Worksheet) -> None:
    """Only open cells can be written; no password: it guards against slips, not against people."""
    sheet.protection.sheet = True
    for allowed in ("formatColumns", "formatRows", "autoFilter", "sort"):
        setattr(sheet.protection, allowed, False)  # openpyxl: False means it is not forbidden


def sheet_title(text: str, taken: Iterable[str]) -> str:
    """A sheet name Excel accepts: at most 31 signs, none of []:*?/\\, not taken; cut at a word."""
    clean = " ".join(NOT_IN_TITLE.sub(" ", NOT_IN_XML.sub("", text)).split()).strip("'") or "Sheet"
    used, number = {name.casefold() for name in taken}, 1
    title = cut_at_word(clean, LONGEST_TITLE)
    while title.casefold() in used or title.casefold() == "history":
        number += 1
        title = f"{cut_at_word(clean, LONGEST_TITLE - len(str(number)) - 1)} {number}"
    return title


def cut_at_word(text: str, most: int) -> str:
    """The text, or as many of its words as fit."""
    if len(text) <= most:
        return text
    return (text[: most + 1].rsplit(" ", 1)[0] if " " in text[: most + 1] else text[:most]).rstrip(" ,;.-'")


def workbook_bytes(book: Workbook, parts: Mapping[int, Callable[[bytes], bytes]] | None = None) -> bytes:
    """The workbook as bytes that depend on its content alone: fixed times, nothing compressed.

    parts: what is still made of the XML of a sheet, by its number from 1.
    """
    book.properties.creator = "parindex"
    book.properties.created = FIXED
    raw = io.BytesIO()
    book.save(raw)
    made = parts or {}
    sheets = range(1, len(book.worksheets) + 1)
    return fixed_zip(raw.getvalue(), changes={_part(number): _quiet_after(made.get(number)) for number in sheets})


def _part(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _quiet_after(change: Callable[[bytes], bytes] | None) -> Callable[[bytes], bytes]:
    """What is still made of a sheet, and then no mark of doubt at codes that are text on purpose."""
    return lambda data: (change(data) if change else data).replace(*_QUIET)
