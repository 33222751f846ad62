"""What the secretariat sees between the steps."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import small_cycle

from flows.board import Board, read_board
from flows.workplace import workplace
from models.storage.database import reading


def board(now: str = "2099-01-10") -> Board:
    with reading(workplace().engine) as session:
        return read_board(session, "nho-2020", dt.datetime.fromisoformat(f"{now}T05:00:00+00:00"))


def test_the_board_shows_every_unit_in_every_step_as_the_cycle_goes_on(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["cycle.yaml"] = str(made["cycle.yaml"]) + "calendar: {self_assessment_closes: 2099-01-15}\n"
    beta = made.pop("inbox/beta/self_assessment.csv")
    made["inbox/gamma/self_assessment.csv"] = str(made["inbox/gamma/self_assessment.csv"]).replace("1.2,", "9.9,")
    marks = str(made["appraisal/noi-vu/marks.csv"])
    made["appraisal/noi-vu/marks.csv"] = marks.replace("alpha,1.1.2,1,yes,,,\n", "")
    responses = made.pop("survey/responses.csv")
    folder = small_cycle.write(tmp_path / "c", made)

    parindex("cycle", "open", folder)
    assert [place.steps for place in board().places] == [("…", "–", "–", "0/2", "–")] * 3
    parindex("collect", "nho-2020")
    seen = {place.unit: (place.steps[:3], place.status, place.late, place.refused > 0) for place in board().places}
    assert seen == {
        "alpha": (("✓", "…", "–"), "submitted", False, False),
        "beta": (("…", "–", "–"), "awaited", False, False),
        "gamma": (("✗", "–", "–"), "returned", False, True),
    }
    assert [place.late for place in board("2099-01-16").places] == [False, True, True]
    assert [(line.stage, line.left) for line in board().deadlines if line.closes] == [("self_assessment", 5)]

    parindex("run", "nho-2020")
    assert board().places[0].steps == ("✓", "✓", "3/4", "1/2", "–")
    small_cycle.write(
        folder,
        {
            "inbox/beta/self_assessment.csv": beta,
            "inbox/gamma/self_assessment.csv": small_cycle.files()["inbox/gamma/self_assessment.csv"],
            "appraisal/noi-vu/marks.csv": marks,
        },
    )
    parindex("run", "nho-2020")
    assert [place.steps for place in board().places] == [("✓", "✓", "✓ 4/4", "1/2", "…")] * 3
    small_cycle.write(folder, {"survey/responses.csv": responses})
    assert parindex("run", "nho-2020") == 0, parindex.err
    assert [place.steps for place in board().places] == [("✓", "✓", "✓ 4/4", "✓ 2/2", "v1")] * 3
    assert {name: run.state for name, run in board().runs.items()} == dict.fromkeys(
        ("collect", "validate", "appraise", "survey", "publish"), "done"
    )
    assert parindex("status", "nho-2020") == 0
    for word in ("✓ 4/4", "Đã công bố", "v1", "2099-01-15"):
        assert word in parindex.out


def test_the_board_of_an_unknown_cycle_is_a_wrong_call(installation) -> None:
    assert installation()("status", "nho-2020") == 2


def test_a_calendar_out_of_order_is_said_and_stops_nothing(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["cycle.yaml"] = (
        str(made["cycle.yaml"]) + "calendar: {self_assessment_closes: 2021-02-15, appraisal_1_closes: 2021-01-15}\n"
    )
    assert parindex("cycle", "open", small_cycle.write(tmp_path / "c", made)) == 0
    assert "calendar-order" in parindex.err
