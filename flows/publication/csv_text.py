"""The one way CSV files of a publication are written: LF, quotes only where needed, text that cannot run."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pandas as pd

from models.rules.numbers import NUMBER

RISKY = ("=", "+", "-", "@", "\t", "\r")


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
    safe = frame[list(columns)].copy()
    for name in columns:
        if name not in numeric:
            risky = safe[name].str.startswith(RISKY).to_numpy()
            if risky.any():
                safe[name] = [f"'{text}" if one else text for text, one in zip(safe[name], risky, strict=True)]
    return safe.to_csv(index=False, lineterminator="\n").encode("utf-8")
