"""The calendar locks what is due, after taking in what came before, and does nothing twice."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import small_cycle

from flows import workplace
from flows.follow_calendar import BY_CALENDAR, follow_calendar
from models.rules.errors import StepFailed

PAST = "calendar: {opens: 2020-12-01, self_assessment_closes: 2021-01-15, self_assessment_locks: 2021-01-20}\n"


def test_the_calendar_takes_in_what_came_and_locks_who_never_did(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["cycle.yaml"] = str(made["cycle.yaml"]) + PAST
    made = {path: text for path, text in made.items() if not path.startswith("inbox/gamma/")}
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("cycle", "open", folder) == 0, parindex.err
    with workplace.engine():
        assert follow_calendar("*") == ["nho-2020"]
        first = _history(parindex)
        follow_calendar("nho-2020")
    moves = {(one["content"]["unit"], one["action"]) for one in first["events"] if one["content"]["unit"]}
    assert {("alpha", "submit"), ("beta", "submit"), ("gamma", "lock")} <= moves
    locks = [one for one in _history(parindex)["events"] if one["action"] == "locked"]
    assert [(one["content"]["object"], one["content"]["reason"]) for one in locks] == [
        ("stage:self_assessment", BY_CALENDAR)
    ]
    assert not [one for one in first["events"] if one["action"] == "published"]


def test_a_cycle_that_cannot_be_followed_stops_no_other(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["cycle.yaml"] = str(made["cycle.yaml"]) + PAST
    assert parindex("cycle", "open", small_cycle.write(tmp_path / "c", made)) == 0, parindex.err
    made["cycle.yaml"] = str(made["cycle.yaml"]).replace("nho-2020", "mat-2020")
    gone = small_cycle.write(tmp_path / "gone", made)
    assert parindex("cycle", "open", gone) == 0, parindex.err
    shutil.rmtree(gone)
    with workplace.engine(), pytest.raises(StepFailed, match="mat-2020: "):
        follow_calendar("*")
    assert [one for one in _history(parindex)["events"] if one["action"] == "submit"]


def test_before_it_opens_nothing_happens(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["cycle.yaml"] = str(made["cycle.yaml"]) + "calendar: {opens: 2999-01-01}\n"
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("cycle", "open", folder) == 0, parindex.err
    with workplace.engine():
        follow_calendar()
    assert _history(parindex)["runs"] == []


def _history(parindex) -> dict:  # type: ignore[no-untyped-def,type-arg]
    assert parindex("history", "nho-2020", "--json") == 0
    found: dict = json.loads(parindex.out)  # type: ignore[type-arg]
    return found
