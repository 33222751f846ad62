"""Reads CSV files without quotes, as nearly all are, straight into Arrow columns; what is odd is left to csv."""

from __future__ import annotations

import unicodedata

import pyarrow as pa
import pyarrow.compute as pc
from pyarrow import csv

BOM = b"\xef\xbb\xbf"


def plain_columns(data: bytes, longest: int) -> tuple[list[str], list[pa.Array]] | None:
    """Column names and their texts, one record a line from line 2 on; None where a slower look is needed.

    None for quotes, bare carriage returns, NUL, blank or ragged lines, doubled or surrounded names, text that is not
    UTF-8 in NFC, and cells of more than `longest` bytes: this never refuses, it only says that it is not sure.
    """
    body = data.removeprefix(BOM).replace(b"\r\n", b"\n")
    head, mark, rest = body.partition(b"\n")
    odd = any(sign in body for sign in (b'"', b"\r", b"\0")) or rest.startswith(BOM)
    if not mark or odd or len(rest) >= 2**31 - 2:
        return None
    empty = b"\n" + b"," * head.count(b",") + b"\n"
    if b"\n\n" in b"\n" + rest or empty in b"\n" + rest + (b"" if rest.endswith(b"\n") else b"\n"):
        return None
    try:
        text = body.decode()
    except UnicodeDecodeError:
        return None
    names = head.decode().split(",")
    if not text.isascii() and not unicodedata.is_normalized("NFC", text):
        return None
    if len(set(names)) < len(names) or any(not name or name != name.strip() for name in names):
        return None
    return _read(rest, names, longest)


def _read(rest: bytes, names: list[str], longest: int) -> tuple[list[str], list[pa.Array]] | None:
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
