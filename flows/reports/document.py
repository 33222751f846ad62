"""A formal document as blocks, apart from any format: written once, rendered to docx and to PDF alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "center", "right"]


@dataclass(frozen=True)
class Letterhead:
    """Who issues it, under which number, where and when. Source: Nghị định 30/2020/NĐ-CP, Phụ lục I."""

    above: str
    issuer: str
    number: str
    about: str = ""
    place_and_day: str = ""


@dataclass(frozen=True)
class Title:
    """The document's name, centred; lines below it, the first in bold."""

    name: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Heading:
    """A heading, which is also a bookmark; level 1 or 2."""

    text: str
    level: int = 1


@dataclass(frozen=True)
class Paragraph:
    """Running text; `note` smaller, `centre` in the middle, `item` with a dash."""

    text: str
    kind: Literal["body", "note", "centre", "item"] = "body"


@dataclass(frozen=True)
class Column:
    """One column: its header, its share of the width, where its text stands."""

    name: str
    width: int
    align: Align = "left"


@dataclass(frozen=True)
class Row:
    """Cells of a row; `strong` for a subtotal or a group's head."""

    cells: tuple[str, ...]
    strong: bool = False


@dataclass(frozen=True)
class Table:
    """A ruled table whose header is repeated on every page; without header where the columns have no names."""

    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Signatures:
    """Who receives it (bottom left, where there are any) and who signs, from left to right."""

    receivers: tuple[str, ...]
    offices: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class PageBreak:
    """What follows begins on a new page."""


Block = Letterhead | Title | Heading | Paragraph | Table | Signatures | PageBreak


@dataclass(frozen=True)
class Document:
    """One document. title: for the file's properties. day: ISO, the only moment in it."""

    title: str
    day: str
    blocks: Sequence[Block]


MOTTO = ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc")
DOTS = "…………………………"
A_DAY = "……………, ngày …… tháng …… năm ………"


def comma(number: str) -> str:
    """A decimal text as Vietnamese documents write it, without trailing zeros: 92,51."""
    kept = number.rstrip("0").rstrip(".") if "." in number else number
    return kept.replace(".", ",").replace("-", "−")


def comma_fixed(number: str) -> str:
    """The same with all its decimals, for columns that are compared."""
    return number.replace(".", ",").replace("-", "−")
