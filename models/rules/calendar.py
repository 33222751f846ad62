"""The cycle's dates: what is late, and how many days are left. Dates never change figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from zoneinfo import ZoneInfo

HERE = ZoneInfo("Asia/Ho_Chi_Minh")
CLOSES = {
    "self_assessment": "self_assessment_closes",
    "appraisal_1": "appraisal_1_closes",
    "explanation": "explanation_closes",
    "appraisal_2": "appraisal_2_closes",
}


def local_day(moment: dt.datetime) -> dt.date:
    """The day it is in Vietnam at this moment (UTC in)."""
    return moment.astimezone(HERE).date()


def is_late(calendar: Mapping[str, str], stage: str, seen: dt.datetime) -> bool:
    """First seen after the stage's closing date; the closing day itself is in time. No date, never late."""
    closes = calendar.get(CLOSES[stage], "")
    return bool(closes) and local_day(seen) > dt.date.fromisoformat(closes)


def days_left(calendar: Mapping[str, str], stage: str, now: dt.datetime) -> int | None:
    """Days until the stage closes (0: today, negative: past); None without a date."""
    closes = calendar.get(CLOSES[stage], "")
    return (dt.date.fromisoformat(closes) - local_day(now)).days if closes else None
