"""How one cell of a table is read: flags, dates, codes; numbers are in models/rules/numbers.py."""

from __future__ import annotations

import datetime as dt
import re

from models.rules.findings import in_both

_FLAGS = {"yes": "yes", "no": "no", "có": "yes", "không": "no"}
_ISO = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})")
_LOCAL = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_CODE = re.compile(r"[0-9A-Za-z]+(?:\.[0-9A-Za-z]+)*")
_KEY = re.compile(r"[^\s./\\;,\x00-\x1f][^/\\;\x00-\x1f]{0,79}")  # 80 Vietnamese letters fit the 255 bytes of a name


def read_flag(text: str) -> str:
    """yes or no; có and không mean the same. Raises ValueError."""
    try:
        return _FLAGS[text.strip().lower()]
    except KeyError:
        raise ValueError(in_both("có hoặc không (yes, no)", "yes or no (có, không)")) from None


def read_date(text: str) -> str:
    """A date, ISO or dd/mm/yyyy, as ISO text. Raises ValueError."""
    text = text.strip()
    if found := _ISO.fullmatch(text):
        year, month, day = found.groups()
    elif found := _LOCAL.fullmatch(text):
        day, month, year = found.groups()
    else:
        raise ValueError(in_both("ngày như 2021-01-15 hoặc 15/01/2021", "a date such as 2021-01-15 or 15/01/2021"))
    try:
        return dt.date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        raise ValueError(in_both("ngày có trong lịch", "a date of the calendar")) from None


def read_code(text: str) -> str:
    """A code of a field, criterion or leaf: parts of digits or Latin letters joined by dots. Raises ValueError."""
    if not _CODE.fullmatch(text.strip()):
        raise ValueError(in_both("mã như 1.10.2", "a code such as 1.10.2"))
    return text.strip()


def read_key(text: str) -> str:
    """A unit's, appraiser's or bloc's code: usable as a folder name. Raises ValueError."""
    text = text.strip()
    if not _KEY.fullmatch(text):
        raise ValueError(
            in_both(
                "mã ngắn như so-tu-phap, không có / \\ ; và không bắt đầu bằng dấu chấm",
                "a short code such as so-tu-phap, without / \\ ; and no dot in front",
            )
        )
    return text
