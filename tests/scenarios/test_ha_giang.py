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


HALF = FORM.with_name("midyear.csv")


def half() -> dict[str, dict[str, str]]:
    """The agency's half-year form as handed in, by code."""
    with HALF.open(encoding="utf-8", newline="") as file:
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


def test_in_the_middle_of_the_year_the_agency_reports_736_files_with_their_five_kinds(told) -> None:
    row = half()["2.2.1"]
    assert (row["numerator"], row["denominator"]) == ("736", "736")
    assert sum(parts(row["breakdown"])) == 736
    assert "midyear: accepted 4, refused 0, unchanged 0" in told.said
    assert "so-khdt chưa báo cáo 6 tháng" in told.said


def test_the_half_year_report_tells_the_bloc_the_lowest_and_the_highest(told) -> None:
    page = (told.export.parent / "home" / "cycles" / CYCLE / "midyear" / "midyear.html").read_text(encoding="utf-8")
    assert "2014/2164 = 93.1%" in page
    assert "Sở Công Thương: 60.0%" in page
    assert "Sở Nội vụ: 100.0%" in page
    assert "Sở Kế hoạch và Đầu tư, Sở Thông tin và Truyền thông" in page  # have not reported


def test_the_agencys_half_year_figures_grow_into_those_of_the_year() -> None:
    before, after = half(), form()
    pairs = [(before[code][name], after[code][name]) for code in before for name in ("numerator", "denominator")]
    assert all(int(early) <= int(late) for early, late in pairs if early)


def test_who_reports_less_for_the_year_than_for_its_half_is_warned(told) -> None:
    (finding,) = told.findings("year-below-half-year")
    assert (finding["unit"], finding["code"], finding["severity"]) == ("so-cong-thuong", "2.2.2", "warn")
    assert finding["found"] == "numerator = 929, 6 tháng / half-year 941"
    assert finding["location"] == "inbox/so-cong-thuong/self_assessment.csv:7"


def test_nothing_is_scored_by_the_half_year(told) -> None:
    claims = {row["code"]: row for row in told.rows("inputs/claims.csv") if row["unit"] == AGENCY}
    assert claims["2.2.2"]["numerator"] == "1514"
    assert not [path for path in told.files if "midyear" in path]


def test_everything_can_be_recomputed_from_the_export_alone(told) -> None:
    assert told.command(["verify", str(told.export)]) == 0
