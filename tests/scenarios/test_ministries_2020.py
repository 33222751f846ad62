"""Ministries, 2020: seventeen are ranked, one has an index and no rank, one stands in the closed annex alone.

Published figures: the index of 2020 of Bộ Giao thông vận tải with its seven fields and their ranks among 17
(1149/QĐ-BNV). That Ủy ban Dân tộc is not published with the bloc since 2018, and that it commended 6 collectives and
16 individuals: report on its reform 2011-2020, 30 July.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest

CYCLE = "ministries-2020"
TRANSPORT = "bo-gtvt"
# field, maximum, points, percent as published, rank among 17
FIELDS = [
    ("1", "9.00000", "8.78740", "98", 7),
    ("2", "16.50000", "13.75474", "83", 5),
    ("3", "17.00000", "15.17095", "89", 11),
    ("4", "12.50000", "9.59166", "77", 13),
    ("5", "16.00000", "12.81666", "80", 17),
    ("6", "12.50000", "11.65307", "93", 6),
    ("7", "16.50000", "14.15839", "86", 15),
]


def test_nineteen_bodies_hand_in_and_the_year_ends_with_a_version(told) -> None:
    assert "collect: accepted 19, refused 0" in told.said
    assert "publish: version 1, new 1, units 18" in told.said


def test_seventeen_are_ranked_from_1_to_17(told) -> None:
    ranked = [row["rank"] for row in told.rows("results.csv") if row["ranked"] == "yes"]
    assert ranked == [str(rank) for rank in range(1, 18)]


def test_transport_is_published_with_85_9329_on_rank_11_of_17(told) -> None:
    row = told.results()[TRANSPORT]
    assert (row["name"], row["points"], row["maximum"]) == ("Bộ Giao thông vận tải", "85.93287", "100.00000")
    assert (row["index"], row["rank"]) == ("85.9329", "11")


@pytest.mark.parametrize(("code", "maximum", "points", "percent", "rank"), FIELDS)
def test_each_field_of_transport_is_the_published_sum(
    told, code: str, maximum: str, points: str, percent: str, rank: int
) -> None:
    row = told.scores(TRANSPORT, "field")[code]
    assert (row["maximum"], row["applicable"], row["final"]) == (maximum, maximum, points)
    share = Decimal(row["final"]) * 100 / Decimal(row["applicable"])
    assert str(share.quantize(Decimal(1), ROUND_HALF_UP)) == percent


@pytest.mark.parametrize(("code", "maximum", "points", "percent", "rank"), FIELDS)
def test_each_field_of_transport_has_the_published_rank(
    told, code: str, maximum: str, points: str, percent: str, rank: int
) -> None:
    ranked = [unit for unit, row in told.results().items() if row["ranked"] == "yes"]
    shares = {}
    for unit in ranked:
        row = told.scores(unit, "field")[code]
        shares[unit] = Decimal(row["final"]) / Decimal(row["applicable"])
    assert 1 + sum(share > shares[TRANSPORT] for share in shares.values()) == rank
    assert len(shares) == 17


def test_the_published_figures_are_appraised_ones_and_not_what_transport_gave_itself(told) -> None:
    row = told.results()[TRANSPORT]
    assert Decimal(row["self_points"]) > Decimal(row["appraised_points"])


def test_the_government_inspectorate_has_an_index_and_no_rank_and_stands_last(told) -> None:
    last = told.rows("results.csv")[-1]
    assert (last["name"], last["ranked"], last["rank"]) == ("Thanh tra Chính phủ", "no", "")
    assert last["index"]
    assert last["classification"]


def test_the_committee_for_ethnic_minorities_is_scored_in_its_own_closed_annex_and_named_nowhere_else(told) -> None:
    (row,) = told.rows("annex/uy-ban-dan-toc/results.csv")
    assert (row["name"], row["ranked"], row["rank"]) == ("Ủy ban Dân tộc", "no", "")
    assert row["index"]
    open_files = {path: data for path, data in told.files.items() if not path.startswith("annex/")}
    assert not [path for path, data in open_files.items() if "Ủy ban Dân tộc".encode() in data or b"ubdt" in data]


def test_the_committee_has_a_series_of_ten_years_that_breaks_where_frameworks_changed(told) -> None:
    rows = told.rows("annex/uy-ban-dan-toc/series.csv")
    assert [(row["unit"], row["year"]) for row in rows] == [("ubdt", str(year)) for year in range(2011, 2021)]
    assert [row["year"] for row in rows if row["break"] == "yes"] == ["2012", "2014", "2017", "2020"]
    assert {row["reason"].split(":")[0] for row in rows if row["break"] == "yes"} == {
        "đổi bộ tiêu chí / framework changed"
    }
    assert [row["year"] for row in rows if not row["rank"]] == ["2018", "2019", "2020"]  # out of the ranking since 2018
    assert {row["source"] for row in rows[:-1]} == {"Số liệu minh hoạ"}  # no source states an index of the Committee


def test_every_published_ministry_has_its_own_series_to_2020(told) -> None:
    last = {row["unit"]: row for row in told.rows("series.csv") if row["year"] == "2020"}
    assert {unit: row["index"] for unit, row in last.items()} == {
        unit: row["index"] for unit, row in told.results().items()
    }


def test_6_collectives_and_16_individuals_of_the_committee_are_commended_by_recorded_decision(told) -> None:
    rows = told.commendations(CYCLE)
    assert [row["kind"] for row in rows] == ["collective"] * 6 + ["individual"] * 16
    assert {row["unit_name"] for row in rows} == {"Ủy ban Dân tộc"}
    (result,) = told.rows("annex/uy-ban-dan-toc/results.csv")
    assert {(row["version"], row["index"], row["meets_newest"]) for row in rows} == {("1", result["index"], "yes")}
    assert {(row["decision"], row["decided_by"]) for row in rows} == {
        ("01/QĐ-MINH-HOA", "Bộ trưởng, Chủ nhiệm Ủy ban Dân tộc")
    }
    assert "6 tập thể / collectives, 16 cá nhân / individuals" in " ".join(told.said.split())


def test_nobody_commended_is_named_in_what_is_published(told) -> None:
    assert not [path for path, data in told.files.items() if "Cá nhân 01".encode() in data]


def test_no_ministry_appraises_itself(told) -> None:
    belongs = {row["appraiser"]: row["unit"] for row in told.rows("inputs/responsibilities.csv")}
    marks = told.rows("inputs/marks.csv")
    assert len(marks) > 1000
    assert not [mark for mark in marks if belongs[mark["appraiser"]] == mark["unit"]]
    assert {mark["unit"] for mark in marks if mark["appraiser"] == "to-giup-viec"} >= set(belongs.values()) - {""}


def test_everything_can_be_recomputed_from_the_export_alone(told) -> None:
    assert told.command(["verify", str(told.export)]) == 0
