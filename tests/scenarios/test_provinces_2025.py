"""Provinces, 2025: sixty-three have become thirty-four, and a merged province is not compared with what it was.

Lineage: the merger of 2025, 63 to 34. Stated too: 1187/QĐ-BNV of 15/10/2025 is the set for the 34. No index is real.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

CYCLE = "provinces-2025"
MERGED = {  # name -> codes of the provinces it was formed of
    "An Giang": "an-giang;kien-giang",
    "Bắc Ninh": "bac-giang;bac-ninh",
    "Cà Mau": "bac-lieu;ca-mau",
    "Cần Thơ": "can-tho;hau-giang;soc-trang",
    "Đà Nẵng": "da-nang;quang-nam",
    "Đắk Lắk": "dak-lak;phu-yen",
    "Đồng Nai": "binh-phuoc;dong-nai",
    "Đồng Tháp": "dong-thap;tien-giang",
    "Gia Lai": "binh-dinh;gia-lai",
    "Hải Phòng": "hai-duong;hai-phong",
    "TP. Hồ Chí Minh": "ba-ria-vung-tau;binh-duong;ho-chi-minh",
    "Hưng Yên": "hung-yen;thai-binh",
    "Khánh Hòa": "khanh-hoa;ninh-thuan",
    "Lâm Đồng": "binh-thuan;dak-nong;lam-dong",
    "Lào Cai": "lao-cai;yen-bai",
    "Ninh Bình": "ha-nam;nam-dinh;ninh-binh",
    "Phú Thọ": "hoa-binh;phu-tho;vinh-phuc",
    "Quảng Ngãi": "kon-tum;quang-ngai",
    "Quảng Trị": "quang-binh;quang-tri",
    "Tây Ninh": "long-an;tay-ninh",
    "Thái Nguyên": "bac-kan;thai-nguyen",
    "Tuyên Quang": "ha-giang;tuyen-quang",
    "Vĩnh Long": "ben-tre;tra-vinh;vinh-long",
}
ALONE = "cao-bang dien-bien ha-noi ha-tinh hue lai-chau lang-son nghe-an quang-ninh son-la thanh-hoa"  # hue: Thừa Thiên Huế, renamed


def test_thirty_four_provinces_are_ranked(told) -> None:
    assert sorted(int(row["rank"]) for row in told.rows("results.csv")) == list(range(1, 35))


def test_every_one_of_the_sixty_three_is_found_once_among_the_predecessors(told) -> None:
    before = [code for row in told.rows("inputs/units.csv") for code in (row["predecessors"] or row["unit"]).split(";")]
    assert len(before) == len(set(before)) == 63


def test_the_predecessors_are_those_of_the_merger(told) -> None:
    rows = told.rows("inputs/units.csv")
    assert {row["name"]: row["predecessors"] for row in rows if row["predecessors"]} == MERGED
    assert sorted(row["unit"] for row in rows if not row["predecessors"]) == ALONE.split()
    assert (len(MERGED), len(ALONE.split())) == (23, 11)


def test_a_merged_province_is_not_compared_even_under_a_name_that_stood_before(told) -> None:
    merged = [row for row in told.rows("results.csv") if row["name"] in MERGED]
    assert {row["comparable"] for row in merged} == {"no"}
    for column in ("previous_index", "index_change", "previous_rank", "rank_change"):
        assert {row[column] for row in merged} == {""}
    before = {row["unit"] for row in told.rows("inputs/previous.csv")}
    assert {row["unit"] for row in merged} <= before  # the name alone would have found a row


def test_the_others_are_compared_with_a_warning_for_last_year_stood_on_another_framework(told) -> None:
    compared = [unit for unit, row in told.results().items() if row["comparable"] == "yes"]
    assert sorted(compared) == ALONE.split()
    for row in (told.results()[unit] for unit in compared):
        assert row["index_change"]
        assert row["previous_rank"]
        assert row["rank_change"] == ""  # one of 63 then, one of 34 now: another bloc
    warned = told.findings("other-framework-than-last-year")
    assert sorted(row["unit"] for row in warned) == ALONE.split()
    assert {row["severity"] for row in warned} == {"warn"}


def test_the_comparable_core_is_made_of_the_leaves_of_the_same_meaning_in_both_sets(told) -> None:
    rows = {row["unit"]: row for row in told.rows("core.csv")}
    lines = [row for row in told.rows("inputs/crosswalk.csv") if row["same_meaning"] == "yes"]
    core = {row["code"] for row in lines}
    for unit in ALONE.split():
        leaves = [row for code, row in told.scores(unit, "leaf").items() if code in core]
        final, maximum = (sum(Decimal(row[name]) for row in leaves) for name in ("final", "applicable"))
        assert (rows[unit]["comparable"], rows[unit]["leaves"]) == ("yes", str(len(core)))
        assert rows[unit]["index"] == str((final * 100 / maximum).quantize(Decimal("0.01"), ROUND_HALF_UP))
        change = Decimal(rows[unit]["index"]) - Decimal(rows[unit]["previous_index"])
        assert Decimal(rows[unit]["index_change"]) == change
    assert {row["old_framework"] for row in lines} == {"provinces-2948"}


def test_the_core_of_a_merged_province_is_undefined(told) -> None:
    merged = [row for row in told.rows("core.csv") if row["unit"] not in ALONE.split()]
    assert len(merged) == 23
    for row in merged:
        assert row.pop("unit")
        assert row.pop("framework") == "provinces-2025"
        assert row.pop("comparable") == "no"
        assert set(row.values()) == {""}


def test_a_series_breaks_at_the_gap_at_the_other_set_and_at_the_merger(told) -> None:
    rows = told.rows("series.csv")
    assert {row["unit"] for row in rows} == set(told.results())
    for unit in told.results():
        years = [row for row in rows if row["unit"] == unit]
        assert [row["year"] for row in years] == ["2017", "2018", "2019", "2020", "2021", "2024", "2025"]
        assert [row["year"] for row in years if row["break"] == "yes"] == ["2024", "2025"]
        assert "no figure between: 2021 – 2024" in years[-2]["reason"]
        assert "framework changed: provinces-2948 → provinces-2025" in years[-1]["reason"]
        assert ("formed of" in years[-1]["reason"]) == (unit not in ALONE.split())


def test_readers_are_told_that_the_core_is_all_that_compares(told) -> None:
    assert "core.csv so hai năm".encode() in told.files["site/index.html"]


def test_satisfaction_and_economy_are_statistics_that_nobody_scores(told) -> None:
    leaves = told.scores("hue", "leaf")
    assert [leaves[code]["source"] for code in ("8.1", "8.3")] == ["statistics", "statistics"]
    assert [leaves[code]["self"] for code in ("8.1", "8.3")] == ["", ""]


def test_the_framework_is_that_of_the_decision_for_the_thirty_four(told) -> None:
    assert b'"1187/Q\xc4\x90-BNV"' in told.files["inputs/frameworks/provinces-2025.json"]


def test_everything_can_be_recomputed_from_the_export_alone(told) -> None:
    assert told.command(["verify", str(told.export)]) == 0
