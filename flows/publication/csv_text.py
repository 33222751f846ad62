"""The one way CSV files of a publication are written: LF, quotes only where needed, text that cannot run."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from models.rules.frames import arrow_texts
from models.rules.numbers import NUMBER

TEXT = pa.large_string()
RISKY = ("=", "+", "-", "@", "\t", "\r")
WOULD_RUN = f"^[{re.escape(''.join(RISKY))}]"


def _text(text: str) -> pa.Scalar:
    return pa.scalar(text, TEXT)


MARK = _text('"')


def safe_text(text: str) -> str:
    """Text a spreadsheet would run as a formula gets a leading apostrophe; a plain number stays a number."""
    return f"'{text}" if text.startswith(RISKY) and not _is_number(text) else text


def as_it_was(text: str) -> str:
    """What `safe_text` was given."""
    return text[1:] if text.startswith("'") and text[1:].startswith(RISKY) else text


def frame_of(data: bytes) -> pd.DataFrame:
    """A published table as a frame of text, as it was before `safe_text`."""
    return pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False).map(as_it_was)


def _is_number(text: str) -> bool:
    return text.startswith("-") and NUMBER.fullmatch(text) is not None and "," not in text


def csv_bytes(frame: pd.DataFrame, columns: Sequence[str], numeric: Sequence[str] = ()) -> bytes:
    """A frame of text as CSV bytes; `numeric` columns are numbers and never get an apostrophe."""
    cells = [_quoted(_texts(frame[name], name not in numeric)) for name in columns]
    head = ",".join(_quoted(pa.array(list(columns), TEXT)).to_pylist())
    lines = pc.binary_join_element_wise(*cells, _text(","))
    whole = pa.LargeListArray.from_arrays(pa.array([0, len(lines)], pa.int64()), lines)
    body = pc.binary_join(whole, _text("\n"))[0].as_py()
    return "".join((head, "\n", body, "\n" if len(lines) else "")).encode()


def _texts(column: pd.Series, guarded: bool) -> pa.Array:
    """The column's texts; guarded: with an apostrophe where one would run."""
    texts = arrow_texts(column)
    if guarded and _anywhere(texts, tuple(sign.encode() for sign in RISKY)):
        risky = pc.match_substring_regex(texts, WOULD_RUN)
        texts = pc.if_else(risky, pc.binary_join_element_wise(_text("'"), texts, _text("")), texts)
    return texts


def _anywhere(texts: pa.Array, signs: Sequence[bytes]) -> bool:
    """Whether any of these stands in what the texts lie in: one look at all of them."""
    held = texts.buffers()[2]
    data = b"" if held is None else held.to_pybytes()
    return any(sign in data for sign in signs)


def _quoted(texts: pa.Array) -> pa.Array:
    """As CSV needs them: in quotes where they hold a comma, a quote or a line's end."""
    if not _anywhere(texts, (b",", b'"', b"\r", b"\n")):
        return texts
    odd = pc.match_substring_regex(texts, '[,"\r\n]')
    doubled = pc.replace_substring(texts, '"', '""')
    return pc.if_else(odd, pc.binary_join_element_wise(MARK, doubled, MARK, _text("")), texts)
