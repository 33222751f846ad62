"""Hà Giang: half a year of files, summed from what it consists of, and used again at the year's end.

Stated by Báo Hà Giang of Sở Nội vụ: 736 files in six months, all on time, of which 66 to leave the province, 104 of
commune officials' pay, 74 changes of grade, 417 appointments, 75 of the policy for talents; 36 procedures
simplified; 6 divisions and 3 units below it; 85 people, each with a computer.
"""

from __future__ import annotations

import csv
from pathlib import Path

CYCLE = "ha-giang"
AGENCY = "so-noi-vu"
FORM = Path(__file__).parents[2] / "deploy" / "examples" / CYCLE / "inbox" / AGENCY / "self_assessment.csv"


def form() -> dict[str, dict[str, str]]:
    """The agency's self-assessment as handed in, by code."""
    with FORM.open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def parts(text: str) -> list[int]:
    """The numbers of a breakdown."""
    return [int(part.rpartition(":")[2]) for part in text.split(";")]


def test_the_form_states_736_files_and_their_five_kinds() -> None:
    row = form()["2.2.1"]
    assert (row["numerator"], row["denominator"]) == ("736", "736")
    assert parts(row["breakdown"]) == [66, 104, 74, 417, 75]
    assert sum(parts(row["breakdown"])) == 736


def test_all_736_on_time_are_the_whole_leaf(told) -> None:
    leaf = told.scores(AGENCY, "leaf")["2.2.1"]
    assert leaf["final"] == leaf["maximum"]


def test_the_year_reuses_the_half_year_as_one_of_its_parts() -> None:
    row = form()["2.2.2"]
    assert parts(row["breakdown"])[0] == 736
    assert sum(parts(row["breakdown"])) == int(row["numerator"])


def test_nothing_is_said_against_the_agencys_sums(told) -> None:
    warned = [row for row in told.rows("findings.csv") if row["check"].startswith("breakdown")]
    assert AGENCY not in {row["unit"] for row in warned}
    assert parts(form()["3.1"]["breakdown"]) == [6, 3]  # divisions, units below


def test_the_other_figures_of_the_agency_stand_as_stated(told) -> None:
    claims = {row["code"]: row for row in told.rows("inputs/claims.csv") if row["unit"] == AGENCY}
    assert claims["2.1"]["value"] == "36"
    assert (claims["3.1"]["numerator"], claims["4.1"]["numerator"]) == ("9", "85")


def test_who_adds_files_received_to_files_on_time_is_warned(told) -> None:
    (finding,) = told.findings("breakdown-sum-differs")
    assert (finding["unit"], finding["code"]) == ("so-tai-chinh", "2.2.2")
    assert finding["found"] == "418 + 377 = 795; 779/841"


def test_the_standing_agency_appraises_everybody_but_itself(told) -> None:
    marks = told.rows("inputs/marks.csv")
    assert {mark["appraiser"] for mark in marks if mark["unit"] == AGENCY} == {"to-giup-viec"}
    assert {mark["appraiser"] for mark in marks if mark["unit"] != AGENCY} == {"co-quan-thuong-truc"}


def test_everything_can_be_recomputed_from_the_export_alone(told) -> None:
    assert told.command(["verify", str(told.export)]) == 0
