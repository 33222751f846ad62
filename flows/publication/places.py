"""A finding's location in words: which file, which sheet, which row; Vietnamese and English."""

from __future__ import annotations

import re

from models.storage.spreadsheets import FORM_CAPTIONS, FORM_HEADERS

Both = tuple[str, str]
HEADER_OF = {column: header for header, column in FORM_HEADERS.items()}
_CELL = re.compile(r"(?P<path>[^!]+)!(?P<sheet>.+)!R(?P<row>\d+)")
_LINE = re.compile(r"(?P<path>.+):(?P<line>\d+)")
_ENGLISH = {f"{header}:": f"{FORM_CAPTIONS[column]}:" for header, column in FORM_HEADERS.items()} | {" điểm": " points"}
_NAMES = re.compile(rf"\b({'|'.join(HEADER_OF)})\b(?= =|,|$)")


def place_in_words(location: str, unit: str, code: str = "") -> Both:
    """`inbox/<unit>/f.xlsx!Sheet!R7` as people find it; the leaf where there is no location."""
    inside = f"inbox/{unit}/"
    if found := _CELL.fullmatch(location):
        file, sheet, row = found["path"].removeprefix(inside), found["sheet"], found["row"]
        return f"{file}, trang “{sheet}”, dòng {row}", f"{file}, sheet “{sheet}”, row {row}"
    if found := _LINE.fullmatch(location):
        file = found["path"].removeprefix(inside)
        return f"{file}, dòng {found['line']}", f"{file}, line {found['line']}"
    if location.removesuffix("/") in ("", inside.removesuffix("/")):
        return (
            (f"Mục {code} của phiếu tự chấm", f"Leaf {code} of the form") if code else ("Toàn bộ hồ sơ", "The folder")
        )
    file = location.removeprefix(inside)
    return file, file


def headers_in(text: str) -> Both:
    """A text in which columns go by their English names, with the form's headers instead, and as it was."""
    return _NAMES.sub(lambda found: HEADER_OF[found[1]], text), text


def figures_in_english(text: str) -> str:
    """What `figure_words.spelled` and points say, with the columns' English names."""
    for vietnamese, english in _ENGLISH.items():
        text = text.replace(vietnamese, english)
    return text
