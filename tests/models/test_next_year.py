"""A year is copied into the next one: dates and names move, mergers end, and cycle.yaml reads as it was written."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from models.rules.cycle_text import read_settings
from models.rules.frames import HISTORY, PREVIOUS, REGISTERED, frame
from models.rules.next_year import (
    history_from,
    previous_from,
    settings_as_yaml,
    settings_of_next_year,
    units_of_next_year,
)

EXAMPLES = sorted((Path(__file__).parents[2] / "deploy" / "examples").glob("*/cycle.yaml"))


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.parent.name)
def test_settings_written_as_yaml_read_as_they_were(path: Path) -> None:
    settings, faults = read_settings(path.read_text(encoding="utf-8"))
    assert settings is not None
    assert not faults
    assert read_settings(settings_as_yaml(settings)) == (settings, [])
    awkward = replace(settings, name='Kỳ "thử": \\ 100%, #1', calendar={"opens": "2024-02-29"})
    assert read_settings(settings_as_yaml(awkward)) == (awkward, [])
    assert settings_of_next_year(awkward).calendar == {"opens": "2025-02-28"}


def test_the_year_in_id_and_name_moves_with_it() -> None:
    settings, _ = read_settings(EXAMPLES[0].read_text(encoding="utf-8"))
    assert settings is not None
    after = settings_of_next_year(settings)
    assert (after.id, after.name, after.year) == ("dien-bien-2021", "Chỉ số CCHC tỉnh Điện Biên năm 2021", 2021)
    assert {name: date[:4] for name, date in after.calendar.items()} == {
        name: str(int(date[:4]) + 1) for name, date in settings.calendar.items()
    }
    assert after.blocs == settings.blocs
    assert settings_of_next_year(settings, "khac").id == "khac"
    assert settings_of_next_year(replace(settings, id="tan-ky")).id == "tan-ky-2021"


def test_a_unit_that_ended_is_left_out_and_a_merger_is_over() -> None:
    rows = [
        {"unit": "a", "predecessors": "x;y"},
        {"unit": "b", "valid_to": "2020-12-31"},
        {"unit": "c", "valid_to": "2021-06-30"},
    ]
    units = frame([{name: row.get(name, "") for name in REGISTERED} for row in rows], REGISTERED).assign(
        status="published"
    )
    after = units_of_next_year(units, 2021)
    assert after["unit"].tolist() == ["a", "c"]
    assert after["predecessors"].tolist() == ["", ""]
    assert after["valid_from"].tolist() == ["2020-01-01", ""]  # where its series breaks
    assert list(after.columns) == list(REGISTERED)


def test_the_closed_annex_is_part_of_what_the_next_year_is_compared_with() -> None:
    one = {"unit": "b", "bloc": "so", "index": "80.00", "rank": "1", "framework": "f"}
    closed = one | {"unit": "a", "rank": ""}
    found = previous_from([frame([one], PREVIOUS).assign(name="B"), frame([closed], PREVIOUS)])
    assert found.to_dict("records") == [closed, one]


def test_last_year_becomes_an_earlier_year_and_its_own_file_wins() -> None:
    told = [{"unit": "a", "year": "2018", "index": "70"}, {"unit": "a", "year": "2019", "index": "71", "source": "bc"}]
    before = [{"unit": "a", "index": "72", "framework": "f", "rank": "3"}, {"unit": "b", "index": ""}]
    found = history_from(frame(told, HISTORY), frame(before, PREVIOUS), 2020, "nho-2020")
    assert [(row["unit"], row["year"], row["index"], row["framework"]) for row in found.to_dict("records")] == [
        ("a", "2018", "70", ""),
        ("a", "2019", "72", "f"),
    ]
    assert found["source"].tolist() == ["", "nho-2020: previous/results.csv"]
    assert not len(history_from(frame([], HISTORY), frame([], PREVIOUS), 2020, "nho-2020"))
