"""The cycle's dates: what is late, and how many days are left. Dates never change figures."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from models.rules.cycle import LOCKS

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


@dataclass(frozen=True, order=True)
class Moment:
    """Something the calendar says happens: when (UTC), under which name of the calendar."""

    at: dt.datetime
    name: str


def moments(calendar: Mapping[str, str]) -> list[Moment]:
    """Every date as the moment it fires, in order: openings when their day begins in Vietnam, closings and locks
    when it has ended."""
    found = []
    for name, text in calendar.items():
        ends = name.endswith(("_closes", "_locks"))
        day = dt.date.fromisoformat(text) + dt.timedelta(days=int(ends))
        found.append(Moment(dt.datetime.combine(day, dt.time(), HERE).astimezone(dt.UTC), name))
    return sorted(found)


def due_locks(calendar: Mapping[str, str], now: dt.datetime) -> list[str]:
    """Stages whose locking date has passed, in their order."""
    past = {moment.name for moment in moments(calendar) if moment.at <= now}
    return [stage for stage, name in LOCKS.items() if name in past]
