"""Forms as people and programs write them: read as text, row by row, nothing evaluated, nothing dangerous opened."""

from __future__ import annotations

import datetime as dt
import io
import unicodedata
import zipfile
from collections.abc import Callable
from xml.parsers import expat

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.storage import spreadsheets, workbook_guard
from models.storage.plain_csv import plain_columns
from models.storage.spreadsheets import Table, read_csv_table, read_csv_tables, read_workbook
from models.storage.workbook_guard import MOST_ENTRIES, title


def csv(data: bytes) -> tuple[Table | None, list[tuple[str, str, str]]]:
    table, faults = read_csv_table(data, "f.csv")
    return table, [(fault.check, fault.location, fault.found) for fault in faults]


def rows(table: Table | None) -> list[list[str]]:
    assert table is not None
    return table.frame.to_numpy().tolist()


@pytest.mark.parametrize(
    ("data", "columns", "read", "lines"),
    [
        (b"code,met\n1.10,yes\n", ["code", "met"], [["1.10", "yes"]], [2]),
        (b"\xef\xbb\xbfcode,met\r\n1.10,yes\r\n", ["code", "met"], [["1.10", "yes"]], [2]),
        (b"code\n\n\n1\n,\n" [:-2], ["code"], [["1"]], [4]),
        (b'code,reason\n1,"hai\r\nd\xc3\xb2ng"\n2,x\n', ["code", "reason"], [["1", "hai\ndòng"], ["2", "x"]], [2, 4]),
        (b'code,"a ""b"""\n1,","\n', ["code", 'a "b"'], [["1", ","]], [2]),
        (b"code, met \n 1 , yes\n", ["code", "met"], [[" 1 ", " yes"]], [2]),
        (b"code,met\n", ["code", "met"], [], []),
    ],
)  # fmt: skip
def test_csv_rows_keep_their_line(data: bytes, columns: list[str], read: list[list[str]], lines: list[int]) -> None:
    table, faults = csv(data)
    assert faults == []
    assert table is not None
    assert (table.columns, rows(table), table.rows) == (columns, read, lines)


PIECES = st.sampled_from(
    [
        "a",
        "Đ",
        "o\u0301",
        "1.10",
        ",",
        ",",
        "\n",
        "\n",
        "\r\n",
        "\r",
        '"',
        "\0",
        " ",
        "\t",
        "\ufeff",
        "\u2028",
        "=",
        "\\",
    ]
)


@settings(max_examples=600, deadline=None)
@given(st.lists(PIECES, max_size=30).map("".join), st.integers(1, 3))
def test_the_short_way_of_reading_csv_says_what_the_long_way_says(body: str, columns: int) -> None:
    data = (",".join("abc"[:columns]) + "\n" + body).encode()
    (short, told), (long, more) = read_csv_table(data, "f.csv"), spreadsheets._read_csv(data, "f.csv")
    assert told == more
    assert (short is None) == (long is None)
    if short and long:
        assert (short.columns, rows(short), short.rows) == (long.columns, rows(long), long.rows)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["a", "a,b", "b,a"]), st.lists(PIECES, max_size=9).map("".join)), max_size=9))
def test_files_read_together_say_what_each_says_alone(written: list[tuple[str, str]]) -> None:
    files = [(f"{head}\n{body}".encode(), f"{number}.csv") for number, (head, body) in enumerate(written)]
    for (data, path), (table, told) in zip(files, read_csv_tables(files), strict=True):
        alone, faults = read_csv_table(data, path)
        assert told == faults
        assert (table is None) == (alone is None)
        if table and alone:
            assert (table.columns, rows(table), table.rows) == (alone.columns, rows(alone), alone.rows)


def test_many_plain_files_are_read_in_portions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.storage.plain_csv.MOST_TOGETHER", 10)
    files = [(f"a,b\n{number},x\n{number}".encode() + b",y" * (number % 5 > 0), "f.csv") for number in range(20)]
    read = read_csv_tables(files)
    assert [table and rows(table) for table, _ in read] == [
        [[f"{number}", "x"], [f"{number}", "y"]] if number % 5 else None for number in range(20)
    ]


@pytest.mark.parametrize("data", [b"a,b\n1,2\n,x\n", "a,b\nĐ,\n".encode(), b"a\n1", b"\xef\xbb\xbfa,b\r\n1,2\r\n"])
def test_plain_csv_takes_the_short_way(data: bytes) -> None:
    assert plain_columns([data], 100)[0] is not None


def test_a_cell_too_long_does_not_take_the_short_way() -> None:
    assert plain_columns([b"a\n" + b"1" * 101 + b"\n"], 100)[0] is None


def test_names_written_in_pieces_are_one_name() -> None:
    pieces = unicodedata.normalize("NFD", "Đơn vị,Lý do\nSở Tư pháp,được\n")
    table, _ = csv(pieces.encode())
    assert table is not None
    assert table.columns == ["Đơn vị", "Lý do"]
    assert rows(table) == [["Sở Tư pháp", "được"]]


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", ("file-empty", "f.csv", "")),
        (b"\n \n", ("file-empty", "f.csv", "")),
        (b"code\n\xd0\n", ("csv-not-utf8", "f.csv:2", "byte 0xd0")),
        ("code\n1\n".encode("utf-16"), ("csv-not-utf8", "f.csv:1", "byte 0xff")),
        (b"code\n1\0\n", ("csv-not-utf8", "f.csv:2", "NUL")),
        (b"code,met\n1\n", ("csv-ragged-row", "f.csv:2", "1")),
        (b"code,met\n1,2,3\n", ("csv-ragged-row", "f.csv:2", "3")),
        (b"code,code\n1,2\n", ("column-duplicate", "f.csv:1", "code")),
        (b'code\n"1\n', ("csv-unreadable", "f.csv:2", "unexpected end of data")),
        (b'code\n"1"2\n', ("csv-unreadable", "f.csv:2", "',' expected after '\"'")),
        (b"code\n" + b"x" * 200_000 + b"\n", ("csv-unreadable", "f.csv:2", "field larger than field limit (131072)")),
    ],
)
def test_csv_that_cannot_be_read_says_where(data: bytes, fault: tuple[str, str, str]) -> None:
    table, faults = csv(data)
    assert table is None
    assert fault in faults


def test_every_ragged_row_is_told() -> None:
    _, faults = csv(b"code,met\n1\n2,yes\n3\n")
    assert [location for _, location, _ in faults] == ["f.csv:2", "f.csv:4"]


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.text(alphabet='a,"\n\r\t đ\u0301;\0', max_size=60).map(str.encode))
def test_any_bytes_give_a_table_or_faults(data: bytes) -> None:
    table, faults = read_csv_table(data, "f.csv")
    assert (table is None) == bool(faults)
    if table is not None:
        assert len(table.rows) == len(table.frame)
        assert table.rows == sorted(set(table.rows))


def workbook(*lines: list[object], title: str = "1. Chỉ đạo", formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for line in lines:
        sheet.append(line)
    for cell, pattern in (formats or {}).items():
        sheet[cell].number_format = pattern
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def read(data: bytes) -> tuple[list[Table], list[tuple[str, str, str]]]:
    tables, faults = read_workbook(data, "f.xlsx")
    return tables, [(fault.check, fault.location, fault.found) for fault in faults]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (0.1 + 0.2, "0.3"),
        (1e-7, "0.0000001"),
        (12, "12"),
        (12.0, "12"),
        (-0.5, "-0.5"),
        (123456789012345, "123456789012345"),
        (True, "yes"),
        (dt.date(2020, 12, 16), "2020-12-16"),
        (dt.datetime(2020, 12, 16, 8, 30), "2020-12-16"),
        ("  1,5 ", "  1,5 "),
        ("=not a formula"[1:], "not a formula"),
        (unicodedata.normalize("NFD", "Sở Tư pháp"), "Sở Tư pháp"),
    ],
)
def test_cells_become_the_text_a_person_sees(cell: object, text: str) -> None:
    tables, faults = read(workbook(["Mã", "Lý do"], ["1.1", cell]))
    assert faults == []
    assert rows(tables[0]) == [["1.1", text]]
    assert tables[0].rows == [2]


def test_a_code_typed_as_a_number_is_told_for_it_lost_its_last_zero() -> None:
    _, faults = read(workbook(["Mã", "Đạt"], [1.1, "có"]))  # somebody typed 1.10
    assert faults == [("code-as-number", "f.xlsx!1. Chỉ đạo!R2", "1.1")]


def test_the_header_may_stand_below_a_title_and_other_sheets_are_passed_over() -> None:
    book = openpyxl.load_workbook(
        io.BytesIO(workbook(["Phiếu tự chấm điểm"], [], ["Mã", "Ghi chú", "Đạt"], ["1.1", "x", "có"]))
    )
    book.create_sheet("Hướng dẫn").append(["không có cột nào"])
    book.create_sheet("Ẩn").append(["Mã", "Đạt"])
    book["Ẩn"].sheet_state = "hidden"
    out = io.BytesIO()
    book.save(out)
    tables, faults = read(out.getvalue())
    assert faults == []
    assert [(table.name, table.columns, table.rows) for table in tables] == [
        ("1. Chỉ đạo", ["code", "met"], [4]),
        ("Ẩn", ["code", "met"], []),
    ]


def test_formulas_count_in_claimed_points_alone() -> None:
    lines = [["Mã", "Tử số", "Điểm"], ["1.1", "=1+1", "=1+1"]]
    _, faults = read(workbook(*lines))
    assert ("form-formula", "f.xlsx!1. Chỉ đạo!R2", "Tử số") in faults
    assert not [one for one in faults if one[2] == "Điểm"]


def test_columns_that_stand_twice_are_told() -> None:
    assert read(workbook(["Mã", "Đạt", "Đạt"], ["1.1", "có", "không"]))[1] == [
        ("column-duplicate", "f.xlsx!1. Chỉ đạo!R1", "met")
    ]


def changed(data: bytes, change: dict[str, bytes | None], adding: dict[str, bytes] | None = None) -> bytes:
    """The package with entries replaced, dropped (None) or added."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = change.get(name, old.read(name))
            if content is not None:
                new.writestr(name, content)
        for name, content in (adding or {}).items():
            new.writestr(name, content)
    return out.getvalue()


GOOD = workbook(["Mã", "Đạt"], ["1.1", "có"])
SHEET = "xl/worksheets/sheet1.xml"


@pytest.mark.parametrize(
    ("data", "check"),
    [
        (b"", "form-unreadable"),
        (b"not a zip", "form-unreadable"),
        (GOOD[:-200], "form-unreadable"),
        (GOOD[:100], "form-unreadable"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "form-encrypted"),
        (changed(GOOD, {}, {"xl/vbaProject.bin": b"x"}), "form-macro"),
        (changed(GOOD, {}, {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "form-external-link"),
        (changed(GOOD, {SHEET: b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet>&a;</worksheet>'}), "form-xml-entity"),
        (changed(GOOD, {SHEET: b"\0" * (21 * 2**20)}), "form-too-large"),
        (changed(GOOD, {}, {f"x{n}": b"" for n in range(MOST_ENTRIES)}), "form-too-large"),
        (changed(GOOD, {SHEET: b"<worksheet><sheetData><row>"}), "form-unreadable"),
        (changed(GOOD, {SHEET: None}), "form-unreadable"),
        (changed(GOOD, {"xl/workbook.xml": b"<workbook/>"}), ""),
    ],
)
def test_workbooks_that_must_not_be_opened_are_named(data: bytes, check: str) -> None:
    tables, faults = read(data)
    assert tables == []
    assert [name for name, _, _ in faults] == ([check] if check else [])


def test_a_sheet_that_claims_a_million_cells_is_refused_in_time() -> None:
    body = b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    body += b'<row r="1"><c r="A1" t="inlineStr"><is><t>M\xc3\xa3</t></is></c></row>'
    body += b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData></worksheet>'
    tables, faults = read(changed(GOOD, {SHEET: body}))
    assert tables == []
    assert [name for name, _, _ in faults] == ["form-too-many-cells"]


@settings(max_examples=150)
@given(
    st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255)), min_size=1, max_size=6), st.integers(0, 400)
)
def test_a_workbook_with_changed_bytes_is_read_or_refused(changes: list[tuple[int, int]], cut: int) -> None:
    data = bytearray(GOOD)
    for at, byte in changes:
        data[at] = byte
    tables, faults = read_workbook(bytes(data[: len(data) - cut]), "f.xlsx")
    assert all(fault.check.startswith(("form-", "code-", "column-")) for fault in faults)
    assert all(table.path == "f.xlsx" for table in tables)


XML = st.sampled_from(["<row>", "</row>", '<c r="A2">', '<c r="ZZZ0" t="s">', "<v>999999</v>", "<v>1e400</v>", "</c>", "<f>", "</f>",
                       '<c r="B2" t="e"><v>#DIV/0!</v></c>', '<c t="d"><v>9999-99-99</v></c>', "&#0;", "<is><t>x</t></is>"])  # fmt: skip


@settings(max_examples=150)
@given(st.lists(XML, max_size=12).map("".join))
def test_a_sheet_of_odd_xml_is_read_or_refused(inner: str) -> None:
    head = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    sheet = f"{head}{inner}</sheetData></worksheet>".encode()
    _, faults = read_workbook(changed(GOOD, {SHEET: sheet}), "f.xlsx")
    assert all(fault.location.startswith("f.xlsx") for fault in faults)


def test_a_damaged_lzma_package_is_refused_not_raised() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as pack:
        pack.writestr("xl/workbook.xml", b"<workbook/>" * 200)
    data = bytearray(out.getvalue())
    at = data.index(b"xl/workbook.xml") + len("xl/workbook.xml") + 20
    data[at : at + 8] = b"\xff" * 8
    tables, faults = read(bytes(data))
    assert tables == []
    assert [name for name, _, _ in faults] == ["form-unreadable"]


@pytest.mark.parametrize("encoding", ["khong-co", "utf-7", "utf-32", "idna"])
def test_properties_in_an_odd_encoding_name_nobody(encoding: str) -> None:
    core = f'<?xml version="1.0" encoding="{encoding}"?><a><title>x / y / z</title></a>'.encode()
    assert title(changed(GOOD, {"docProps/core.xml": core})) in ("", "x / y / z")


PIECES_OF_SHEETS = (
    "<row r='3'/>", '<row r="2">%s</row>', "<row>%s</row>", '<row r="x">%s</row>', '<row r="9" ht="1"><c r="B9">%s</c></row>',
    '<c r="B2">%s</c>', "<c>%s</c>", "<f/>", "<f>1</f>", '<f t="shared">%s</f>', "<x:f/>", "<x:row>%s</x:row>",
    "<formula1/>", "<!--<f/>-->", "<rowBreaks>%s</rowBreaks>", "1", "<", ":f ",
)  # fmt: skip


@settings(max_examples=600)
@given(st.lists(st.sampled_from(PIECES_OF_SHEETS), max_size=9), st.sampled_from(["utf-8", "utf-16"]))
def test_the_short_way_of_finding_formulas_finds_what_the_long_way_finds(pieces: list[str], encoding: str) -> None:
    body = "%s%s"
    for piece in pieces:
        body = body.replace("%s", piece, 1)
    body = body.replace("%s", "")

    def outcome(look: Callable[[bytes], set[tuple[int, int]]]) -> object:
        try:
            return look(f"<worksheet>{body}</worksheet>".encode(encoding))
        except (expat.ExpatError, ValueError) as error:
            return type(error)

    assert outcome(workbook_guard._formulas) == outcome(workbook_guard._located_formulas)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_formula_is_seen_whatever_its_prefix_and_encoding(prefix: str, encoding: str) -> None:
    space = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    name = f"xmlns:{prefix[:-1]}" if prefix else "xmlns"
    p = prefix
    sheet = (
        f'<?xml version="1.0" encoding="{encoding}"?><{p}worksheet {name}="{space}"><{p}sheetData><{p}row r="1">'
        f'<{p}c r="B1"><{p}f>1+1</{p}f><{p}v>2</{p}v></{p}c></{p}row></{p}sheetData></{p}worksheet>'
    )
    data = changed(GOOD, {SHEET: sheet.encode(encoding)})
    assert [cells for cells in workbook_guard.formula_cells(data).values()] == [{(1, 2)}]
