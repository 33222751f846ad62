"""Reads CSV files and xlsx forms into tables of text, with true row numbers; nothing in them is ever evaluated."""

from __future__ import annotations

import csv
import datetime as dt
import io
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa

from models.rules.findings import Fault
from models.rules.frames import text_column
from models.storage.plain_csv import plain_columns
from models.storage.workbook_guard import formula_cells, guard

FORM_HEADERS = {
    "Mã": "code", "Đạt": "met", "Lựa chọn": "option", "Tử số": "numerator", "Mẫu số": "denominator",
    "Giá trị": "value", "Số lượng": "count", "Điểm": "points", "Trong đó": "breakdown",
    "Không áp dụng": "not_applicable", "Giải trình": "explanation",
    "Số và ký hiệu": "document_number", "Cơ quan ban hành": "issuer",
    "Ngày ban hành": "issued_on", "Trích yếu": "title", "Tệp": "file", "Trang": "pages", "Đơn vị": "unit",
    "Vòng": "round", "Đồng ý": "agree", "Lý do": "reason", "Yêu cầu giải trình": "explanation_required",
}  # fmt: skip
FORM_CAPTIONS = {
    "code": "Code",
    "met": "Met",
    "option": "Option",
    "numerator": "Numerator",
    "denominator": "Denominator",
    "value": "Value",
    "count": "Count",
    "points": "Points",
    "breakdown": "Of which",
    "not_applicable": "Not applicable",
    "explanation": "Explanation",
    "document_number": "Number and sign",
    "issuer": "Issuer",
    "issued_on": "Issued on",
    "title": "Title",
    "file": "File",
    "pages": "Pages",
    "unit": "Unit",
    "round": "Round",
    "agree": "Agree",
    "reason": "Reason",
    "explanation_required": "Explanation required",
}  # the English names our forms print in a row of their own below the header; that row carries nothing
FEWEST_CAPTIONS = 3  # that many English names in it, and the row is ours, whatever somebody wrote beside them
HEADER_WITHIN = 30  # rows from the top in which a sheet's header row is looked for
MOST_CELLS, MOST_CHARACTERS, MOST_FIELD = 500_000, 32_767, 131_072


@dataclass(frozen=True)
class Table:
    """A table as it stands in a file: `name` is its sheet ("" for CSV), `rows` the row number of each line.

    cells: the texts of each column. Arrow arrays: thousands of small files make one frame together, not one each.
    """

    name: str
    columns: list[str]
    cells: Mapping[str, pa.Array]
    rows: list[int]
    path: str

    @property
    def frame(self) -> pd.DataFrame:
        """The table as a frame of text."""
        return pd.DataFrame({name: text_column(self.cells[name]) for name in self.columns})


def texts(cells: Sequence[str]) -> pa.Array:
    """Texts as a table keeps them."""
    return pa.array(cells, pa.large_string())


def _nfc(text: str) -> str:
    """NFC, and line ends as \\n: a bare carriage return inside a cell would not survive being written again."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def read_csv_table(data: bytes, path: str) -> tuple[Table | None, list[Fault]]:
    """A CSV file as received, or None with what makes it unreadable. Source: contract, Reading."""
    return read_csv_tables([(data, path)])[0]


def read_csv_tables(files: Sequence[tuple[bytes, str]]) -> list[tuple[Table | None, list[Fault]]]:
    """As read_csv_table of each (bytes, path), in their order; many small files are read much faster together."""
    plain = plain_columns([data for data, _ in files], MOST_FIELD)
    read: list[tuple[Table | None, list[Fault]]] = []
    for (data, path), found in zip(files, plain, strict=True):
        if found is None:
            read.append(_read_csv(data, path))
        else:
            names, columns = found
            lines = list(range(2, len(columns[0]) + 2))
            read.append((Table("", names, dict(zip(names, columns, strict=True)), lines, path), []))
    return read


def _read_csv(data: bytes, path: str) -> tuple[Table | None, list[Fault]]:
    """Record by record: what is quoted, blank, ragged or in another normal form; and where exactly a fault is."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        return None, [Fault("csv-not-utf8", location=f"{path}:{line}", found=f"byte {data[error.start]:#04x}")]
    if "\0" in text:
        line = text[: text.index("\0")].count("\n") + 1
        return None, [Fault("csv-not-utf8", location=f"{path}:{line}", found="NUL")]
    if not text.strip():
        return None, [Fault("file-empty", location=path)]
    csv.field_size_limit(MOST_FIELD)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    records: list[tuple[int, list[str]]] = []
    before = 0
    try:
        for record in reader:
            if any(record):
                records.append((before + 1, record))
            before = reader.line_num
    except csv.Error as error:
        return None, [Fault("csv-unreadable", location=f"{path}:{before + 1}", found=str(error))]
    if not records:
        return None, [Fault("file-empty", location=path)]
    columns = [_nfc(name).strip() for name in records[0][1]]
    faults = _doubled(columns, f"{path}:{records[0][0]}")
    faults += [
        Fault("csv-ragged-row", location=f"{path}:{line}", found=str(len(record)), expected=str(len(columns)))
        for line, record in records[1:]
        if len(record) != len(columns)
    ]
    if faults:
        return None, faults
    body = records[1:]
    cells = list(zip(*(record for _, record in body), strict=True)) if body else [()] * len(columns)
    read = {name: texts([_nfc(cell) for cell in column]) for name, column in zip(columns, cells, strict=True)}
    return Table("", columns, read, [line for line, _ in body], path), []


def _doubled(columns: list[str], location: str) -> list[Fault]:
    twice = sorted({name for name in columns if name and columns.count(name) > 1})
    return [Fault("column-duplicate", location=location, found=name) for name in twice]


def read_workbook(data: bytes, path: str) -> tuple[list[Table], list[Fault]]:
    """Every sheet of an xlsx form whose header row has `Mã`, with the contract's English column names.

    A formula is accepted in the claimed points alone, where its stored value is read.
    """
    faults = guard(data, path, cells=MOST_CELLS)
    if faults:
        return [], faults
    try:
        sheets = _sheets(data)
        formulas = formula_cells(data)
    except Exception as error:  # any malformed workbook: the libraries raise all sorts
        return [], [Fault("form-unreadable", location=path, found=f"{type(error).__name__}: {error}"[:200])]
    tables: list[Table] = []
    for name, rows in sheets:
        if sum(map(len, rows)) > MOST_CELLS:
            faults.append(Fault("form-too-many-cells", location=f"{path}!{name}", expected=f"{MOST_CELLS}"))
            continue
        header = next((at for at, row in enumerate(rows[:HEADER_WITHIN]) if _has_code(row)), None)
        if header is not None:
            table, found = _table(name, rows, header, formulas.get(name, set()), path)
            faults += found
            tables += [table] if table is not None else []
    return tables, faults


def _sheets(data: bytes) -> list[tuple[str, list[list[Any]]]]:
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [(_nfc(name), book.get_sheet_by_name(name).to_python(skip_empty_area=False)) for name in book.sheet_names]


def _has_code(row: list[object]) -> bool:
    return any(isinstance(cell, str) and _nfc(cell).strip() == "Mã" for cell in row)


def _table(
    name: str, rows: list[list[object]], header: int, formulas: set[tuple[int, int]], path: str
) -> tuple[Table | None, list[Fault]]:
    titles = [_nfc(str(cell)).strip() for cell in rows[header]]
    at = {place: FORM_HEADERS[title] for place, title in enumerate(titles) if title in FORM_HEADERS}
    columns = list(at.values())
    faults = _doubled(columns, f"{path}!{name}!R{header + 1}")
    if faults:
        return None, faults
    kept: list[list[str]] = []
    numbers: list[int] = []
    for number, row in enumerate(rows[header + 1 :], start=header + 2):
        cells = [row[place] if place < len(row) else "" for place in at]
        if all(cell == "" for cell in cells):
            continue
        if number == header + 2 and _is_captions(columns, cells):
            continue
        where = f"{path}!{name}!R{number}"
        told = [_text(cell) for cell in cells]
        for place, column, cell, text in zip(at, columns, cells, told, strict=True):
            if column == "code" and isinstance(cell, float) and not cell.is_integer():
                faults.append(Fault("code-as-number", location=where, found=text))
            if column != "points" and (number, place + 1) in formulas:
                faults.append(Fault("form-formula", location=where, found=titles[place]))
            if text.startswith("#") and column == "points":
                faults.append(Fault("form-formula-error", location=where, found=text))
            if len(text) > MOST_CHARACTERS:
                faults.append(
                    Fault(
                        "form-too-many-cells",
                        location=where,
                        found=f"{len(text)}",
                        expected=f"{MOST_CHARACTERS}",
                    )
                )
        if "points" in columns:
            spot = columns.index("points")
            told[spot] = _rounded(told[spot], cells[spot])
        kept.append(told)
        numbers.append(number)
    read = {column: texts([row[place] for row in kept]) for place, column in enumerate(columns)}
    return Table(name, columns, read, numbers, path), faults


def _is_captions(columns: list[str], cells: list[object]) -> bool:
    """Whether this row, which has no code, only says the columns' names in English."""
    named = sum(cell == FORM_CAPTIONS[column] for column, cell in zip(columns, cells, strict=True))
    return named >= FEWEST_CAPTIONS and cells[columns.index("code")] == ""


def _text(cell: object) -> str:
    """A cell's value as text; numbers with the 15 digits a workbook shows, never an exponent."""
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, float):
        text = f"{cell:.15g}"
        return format(Decimal(text), "f") if "e" in text else text
    if isinstance(cell, dt.datetime | dt.date):
        return cell.isoformat()[:10]
    return _nfc(str(cell))


def _rounded(text: str, cell: object) -> str:
    """Claimed points a formula computed may carry more decimals than a number may; ten are kept."""
    _, mark, part = text.partition(".")
    if isinstance(cell, float) and mark and len(part) > 10:
        return f"{cell:.10f}".rstrip("0").rstrip(".")
    return text
