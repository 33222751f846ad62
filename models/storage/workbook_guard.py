"""Looks at a workbook before anything opens it: a sound zip of bearable size, no macro, external link or entity."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from contextlib import suppress
from xml.parsers import expat

from models.rules.findings import Fault

MOST_UNPACKED, MOST_ENTRIES = 20 * 2**20, 2000
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENTITY = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.I)
_PLACE = re.compile(rb"r(?<!\wr)\s*=\s*[\"']([A-Z]{0,3}[0-9]{1,7})[\"']")  # a letter first: searched fastest
_DIGITS, _LETTERS = b"0123456789", b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_FORMULA = re.compile(rb"f(?<=[<:]f)[\s/>]")
_NUMBERED_ROW = re.compile(rb'<row r="[0-9]{1,7}"')
_EXTERNAL = re.compile(rb"<Relationship\b[^>]*TargetMode=[\"']External[\"'][^>]*>")


def guard(data: bytes, path: str, most: int = MOST_UNPACKED, cells: int = 0) -> list[Fault]:
    """Why this workbook must not be opened; empty when it may. Sizes are counted, never believed.

    most: bytes unpacked in all. cells: of one sheet, from A1 to its last row and column; 0: not looked at.
    """
    if data.startswith(OLE):
        return [Fault("form-encrypted", location=path)]
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return _look(package, path, most, cells)
    except (
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
        EOFError,
        OSError,
        ValueError,
        zlib.error,
        lzma.LZMAError,
    ) as error:
        return [Fault("form-unreadable", location=path, found=str(error)[:200])]


def _look(package: zipfile.ZipFile, path: str, most: int, cells: int) -> list[Fault]:
    names = package.namelist()
    if len(names) > MOST_ENTRIES:
        return [Fault("form-too-large", location=path, found=f"{len(names)}", expected=f"{MOST_ENTRIES}")]
    if any("vbaproject" in name.lower() or (name.lower().endswith(".bin") and "vba" in name.lower()) for name in names):
        return [Fault("form-macro", location=path)]
    if any(name.lower().startswith(("xl/externallinks/", "word/externallinks/")) for name in names):
        return [Fault("form-external-link", location=path)]
    total = 0
    for entry in package.infolist():
        with package.open(entry) as part:
            content = part.read(most - total + 1)
        total += len(content)
        if total > most:
            return [Fault("form-too-large", location=path, found=f"> {most} B", expected=f"{most} B")]
        if cells and "worksheets/" in entry.filename and _extent(content) > cells:
            where = f"{path}!{entry.filename}"
            return [Fault("form-too-many-cells", location=where, found=f"{_extent(content)}", expected=f"≤ {cells}")]
        if entry.filename.endswith((".xml", ".rels")):
            if _ENTITY.search(content):
                return [Fault("form-xml-entity", location=path, found=entry.filename)]
            if entry.filename.endswith(".rels") and any(
                b"/hyperlink" not in found for found in _EXTERNAL.findall(content)
            ):
                return [Fault("form-external-link", location=path, found=entry.filename)]
            if b"macroEnabled" in content and entry.filename == "[Content_Types].xml":
                return [Fault("form-macro", location=path)]
    return []


def _extent(content: bytes) -> int:
    """Cells from A1 to the last row and column a sheet speaks of: what a reader would make room for."""
    places = b" ".join(_PLACE.findall(content))
    if not places:
        return 0
    rows = set(places.translate(None, _LETTERS).split(b" "))
    columns = set(places.translate(None, _DIGITS).split(b" "))
    return max(map(int, rows)) * max(_column(letters.decode()) for letters in columns)


def formula_cells(data: bytes) -> dict[str, set[tuple[int, int]]]:
    """By sheet name: (row, column), both from 1, of every cell that holds a formula. The workbook is guarded."""
    found: dict[str, set[tuple[int, int]]] = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name, part in _sheet_parts(package).items():
            content = package.read(part)
            if any(sign in content for sign in (b"<f", b":f", b"\0")):  # also with a prefix, or in UTF-16
                found[name] = _formulas(content)
    return found


def title(data: bytes) -> str:
    """The title in a workbook's properties, "" when it has none. The workbook is guarded."""
    said: list[str] = []
    inside = [False]

    def start(tag: str, given: dict[str, str]) -> None:
        inside[0] = tag.rpartition(":")[2] == "title"

    def end(tag: str) -> None:
        inside[0] = False

    def text(part: str) -> None:
        if inside[0]:
            said.append(part)

    with zipfile.ZipFile(io.BytesIO(data)) as package:
        if "docProps/core.xml" not in package.namelist():
            return ""
        parser = expat.ParserCreate()
        parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, text
        with suppress(expat.ExpatError, LookupError, ValueError):  # properties nobody can read name nobody
            parser.Parse(package.read("docProps/core.xml"), True)
    return "".join(said)


def _sheet_parts(package: zipfile.ZipFile) -> dict[str, str]:
    """The zip entry of each sheet by its name."""
    targets: dict[str, str] = {}
    sheets: dict[str, str] = {}

    def relation(tag: str, given: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "Relationship":
            target = given.get("Target", "")
            targets[given.get("Id", "")] = target.lstrip("/") if target.startswith("/") else f"xl/{target}"

    def sheet(tag: str, given: dict[str, str]) -> None:
        if tag.rpartition(":")[2] == "sheet":
            key = next((value for name, value in given.items() if name.endswith(":id")), "")
            sheets[given.get("name", "")] = targets.get(key, "")

    _walk(package.read("xl/_rels/workbook.xml.rels"), relation)
    _walk(package.read("xl/workbook.xml"), sheet)
    present = set(package.namelist())
    return {name: part for name, part in sheets.items() if part in present}


def _walk(content: bytes, start) -> None:  # type: ignore[no-untyped-def]  # a handler of start tags
    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    parser.Parse(content, True)


def _formulas(content: bytes) -> set[tuple[int, int]]:
    """Raises ExpatError or ValueError for a sheet nobody can read, whether it holds a formula or not."""
    if _is_plain(content) and not _FORMULA.search(content):
        expat.ParserCreate().Parse(content, True)
        return set()
    return _located_formulas(content)


def _is_plain(content: bytes) -> bool:
    """Whether a tag looks in bytes as it does to a parser, and every row has its number."""
    return (
        b"\0" not in content
        and b":row" not in content
        and content.count(b"<row") == len(_NUMBERED_ROW.findall(content))
    )


def _located_formulas(content: bytes) -> set[tuple[int, int]]:
    found: set[tuple[int, int]] = set()
    at = [0, 0]

    def start(tag: str, given: dict[str, str]) -> None:
        kind = tag.rpartition(":")[2]
        if kind == "row":
            at[0], at[1] = int(given.get("r", at[0] + 1)), 0
        elif kind == "c":
            letters = re.match(r"[A-Z]+", given.get("r", ""))
            at[1] = _column(letters.group()) if letters else at[1] + 1
        elif kind == "f":
            found.add((at[0], at[1]))

    _walk(content, start)
    return found


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number
