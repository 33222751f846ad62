"""The calendar's dates as moments: openings when their day begins in Vietnam, closings and locks when it has ended."""

from __future__ import annotations

import datetime as dt

from models.rules.calendar import Moment, due_locks, moments

CALENDAR = {
    "opens": "2020-12-20",
    "self_assessment_closes": "2021-01-15",
    "self_assessment_locks": "2021-01-20",
    "appraisal_2_locks": "2021-04-20",
    "publishes": "2021-06-30",
}


def utc(*when: int) -> dt.datetime:
    return dt.datetime(*when, tzinfo=dt.UTC)


def test_days_are_those_of_vietnam() -> None:
    assert moments(CALENDAR) == [
        Moment(utc(2020, 12, 19, 17), "opens"),
        Moment(utc(2021, 1, 15, 17), "self_assessment_closes"),
        Moment(utc(2021, 1, 20, 17), "self_assessment_locks"),
        Moment(utc(2021, 4, 20, 17), "appraisal_2_locks"),
        Moment(utc(2021, 6, 29, 17), "publishes"),
    ]


def test_a_stage_is_locked_when_its_day_has_ended_and_never_by_its_closing_date() -> None:
    assert due_locks(CALENDAR, utc(2021, 1, 20, 16, 59)) == []
    assert due_locks(CALENDAR, utc(2021, 1, 20, 17)) == ["self_assessment"]
    assert due_locks(CALENDAR, utc(2022, 1, 1)) == ["self_assessment", "appraisal_2"]
    assert due_locks({"self_assessment_closes": "2021-01-15"}, utc(2022, 1, 1)) == []
