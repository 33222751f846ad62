"""Reads CSV files without quotes, as nearly all are, straight into Arrow columns; what is odd is left to csv."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

from models.storage.side_by_side import portions

BOM = b"\xef\xbb\xbf"
MOST_TOGETHER = 2**22  # bytes of small files read as one
Columns = tuple[list[str], list[pa.Array]]


@dataclass(frozen=True)
class _Plain:
    """A file that may be read the short way: the names of its header, and its other lines."""

    names: tuple[str, ...]
    rest: bytes

    @property
    def lines(self) -> int:
        return self.rest.count(b"\n") + bool(self.rest and not self.rest.endswith(b"\n"))


def plain_columns(files: Sequence[bytes], longest: int) -> list[Columns | None]:
    """Of each file, in their order: column names and their texts, one record a line from line 2 on.

    None where a slower look is needed: for quotes, bare carriage returns, NUL, blank or ragged lines, doubled or
    surrounded names, text that is not UTF-8 in NFC, and cells of more than `longest` bytes: this never refuses, it only
    says that it is not sure. Small files with one header are read as one: a call of Arrow's costs as much for a hundred
    lines as for ten thousand.
    """
    found: list[Columns | None] = [None] * len(files)
    alike: dict[tuple[str, ...], list[tuple[int, _Plain]]] = {}
    for place, data in enumerate(files):
        if plain := _plain(data):
            alike.setdefault(plain.names, []).append((place, plain))
    for several in alike.values():
        for portion in portions(several, lambda one: len(one[1].rest), MOST_TOGETHER):
            read = _read_together([plain for _, plain in portion], longest)
            for (place, _), columns in zip(portion, read, strict=True):
                found[place] = columns
    return found


def _plain(data: bytes) -> _Plain | None:
    body = data.removeprefix(BOM).replace(b"\r\n", b"\n")
    head, mark, rest = body.partition(b"\n")
    odd = any(sign in body for sign in (b'"', b"\r", b"\0")) or rest.startswith(BOM)
    if not mark or odd or len(rest) >= 2**31 - 2:
        return None
    empty = b"\n" + b"," * head.count(b",") + b"\n"
    if b"\n\n" in b"\n" + rest or empty in b"\n" + rest + (b"" if rest.endswith(b"\n") else b"\n"):
        return None
    if not body.isascii():
        try:
            text = body.decode()
        except UnicodeDecodeError:
            return None
        if not unicodedata.is_normalized("NFC", text):
            return None
    names = tuple(head.decode().split(","))
    if len(set(names)) < len(names) or any(not name or name != name.strip() for name in names):
        return None
    return _Plain(names, rest)


def _read_together(files: Sequence[_Plain], longest: int) -> list[Columns | None]:
    """Files with the same names; where they do not read as one, each by itself: one of them is odd."""
    if len(files) > 1:
        ends = (b"" if plain.rest.endswith(b"\n") or not plain.rest else b"\n" for plain in files)
        whole = b"".join(part for plain, end in zip(files, ends, strict=True) for part in (plain.rest, end))
        read = _read(whole, list(files[0].names), longest)
        if read is not None and len(read[1][0]) == sum(plain.lines for plain in files):
            return list(_cut(read[1], files))
    return [_read(plain.rest, list(plain.names), longest) for plain in files]


def _cut(columns: Sequence[pa.Array], files: Sequence[_Plain]) -> Iterator[Columns]:
    start = 0
    for plain in files:
        lines = plain.lines
        yield list(plain.names), [column.slice(start, lines) for column in columns]
        start += lines


def _read(rest: bytes, names: list[str], longest: int) -> Columns | None:
    if not rest:
        return names, [pa.array([], pa.large_string()) for _ in names]
    try:
        table = csv.read_csv(
            pa.BufferReader(rest),
            csv.ReadOptions(column_names=names, use_threads=len(rest) > 2**20),
            csv.ParseOptions(quote_char=False, double_quote=False, ignore_empty_lines=False),
            csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False, check_utf8=False
            ),
        )
    except pa.ArrowInvalid:
        return None
    columns = [_whole(column) for column in table.columns]
    sizes = [pc.max(pc.binary_length(column)).as_py() or 0 for column in columns]
    return None if max(sizes, default=0) > longest else (names, columns)


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return pa.concat_arrays(whole.chunks) if isinstance(whole, pa.ChunkedArray) else whole
