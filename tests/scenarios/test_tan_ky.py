"""Tân Kỳ, 2020: a district appraises its communes, mostly by survey, and is itself caught by an "of which".

Stated by Báo Nghệ An, 26/10/2020: of 375 procedures 282 are published (75.2%), "of which" 36 on level 3 and 339 on
level 2; results count for the commendation of collectives, individuals and heads; all budget users transact with the Treasury on level 4; Phú Sơn has feedback box, hot line and attendance
machine; Tân Hương and Nghĩa Dũng were inspected unannounced.
"""

from __future__ import annotations

from decimal import Decimal

CYCLE = "tan-ky"
DISTRICT = "ubnd-huyen"


def test_twenty_two_communes_are_ranked_and_the_district_is_not(told) -> None:
    rows = told.rows("results.csv")
    assert [row["rank"] for row in rows if row["bloc"] == "xa"] == [str(rank) for rank in range(1, 23)]
    assert [(row["unit"], row["rank"], row["ranked"]) for row in rows if row["bloc"] == "huyen"] == [
        (DISTRICT, "", "no")
    ]


def test_the_survey_is_the_heaviest_part_of_a_communes_score(told) -> None:
    fields = told.scores("phu-son", "field")
    assert max(fields.values(), key=lambda row: Decimal(row["maximum"]))["maximum"] == "45.00000"
    assert Decimal(told.results()["phu-son"]["survey_points"]) == Decimal(fields["6"]["final"])


def test_282_of_375_procedures_are_75_2_percent(told) -> None:
    leaf = told.scores(DISTRICT, "leaf")["1.1"]
    assert Decimal(leaf["final"]) * 100 / Decimal(leaf["maximum"]) == Decimal("75.2")


def test_the_parts_that_sum_to_all_375_are_warned_of_and_change_nothing(told) -> None:
    (finding,) = told.findings("breakdown-of-the-whole")
    assert (finding["unit"], finding["code"], finding["severity"]) == (DISTRICT, "1.1", "warn")
    assert finding["found"] == "36 + 339 = 375; 282/375"
    assert finding["location"] == "inbox/ubnd-huyen/self_assessment.csv:2"
    (claim,) = [row for row in told.rows("inputs/claims.csv") if (row["unit"], row["code"]) == (DISTRICT, "1.1")]
    assert (claim["numerator"], claim["denominator"]) == ("282", "375")


def test_every_budget_user_transacts_on_level_4(told) -> None:
    leaf = told.scores(DISTRICT, "leaf")["1.2"]
    assert leaf["final"] == leaf["maximum"]


def test_feedback_box_hot_line_and_attendance_machine_of_phu_son_count(told) -> None:
    leaves = told.scores("phu-son", "leaf")
    assert [leaves[code]["final"] for code in ("3.1", "4.1")] == [leaves[code]["maximum"] for code in ("3.1", "4.1")]
    assert {"4.2", "4.3"} <= set(leaves)  # letters answered, calls dealt with


def test_unannounced_inspections_count_where_they_took_place_and_nowhere_else(told) -> None:
    inspected = []
    for unit, row in told.results().items():
        if row["bloc"] == "xa":
            leaf = told.scores(unit, "leaf")["3.3"]
            inspected += [unit] if leaf["final"] else []
            assert row["maximum"] == ("100.00000" if leaf["final"] else "96.00000")
    assert sorted(inspected) == ["nghia-dung", "tan-huong"]


def test_the_results_are_handed_to_emulation_and_commendation_of_collectives_and_heads(told) -> None:
    rows = told.commendations(CYCLE)
    best = [row["unit"] for row in told.rows("results.csv") if row["bloc"] == "xa"][:3]
    assert [row["unit"] for row in rows if row["kind"] == "collective"] == best
    assert [row["unit"] for row in rows if row["kind"] == "individual"] == best  # their heads
    assert {row["criterion"] for row in rows} == {"xa: hạng 1-3 / rank 1-3"}


def test_the_district_is_appraised_from_outside(told) -> None:
    marks = told.rows("inputs/marks.csv")
    assert {mark["appraiser"] for mark in marks if mark["unit"] == DISTRICT} == {"to-cua-tinh"}
    assert "to-cua-tinh" not in {mark["appraiser"] for mark in marks if mark["unit"] != DISTRICT}


def test_everything_can_be_recomputed_from_the_export_alone(told) -> None:
    assert told.command(["verify", str(told.export)]) == 0
