"""The first command a newcomer runs."""

from __future__ import annotations


def test_the_demo_publishes_its_ranking_and_changes_nothing_the_second_time(installation) -> None:
    parindex = installation()
    assert parindex("demo") == 0, parindex.err
    for figure in ("92.510", "83.663", "77.030", "56.167"):
        assert figure in parindex.out
    for bloc in ("Sở, ban, ngành", "Huyện, thị xã, thành phố"):
        assert f"Ranking · {bloc} · v1" in parindex.out
    assert "version 1, new 1" in parindex.out
    assert parindex("demo") == 0, parindex.err
    assert "version 1, new 0" in parindex.out


def test_every_packaged_cycle_is_listed_with_one_line_in_both_languages(installation) -> None:
    parindex = installation()
    assert parindex("demo", "--list") == 0, parindex.err
    lines = [line.split(maxsplit=1) for line in parindex.out.splitlines()]
    assert [name for name, _ in lines] == [
        "dien-bien-2020",
        "ha-giang",
        "ministries-2020",
        "nghe-an",
        "provinces-2025",
        "tan-ky",
        "thai-nguyen-2017",
    ]
    assert all("Kỳ đánh giá mẫu" in title and "Example cycle" in title for _, title in lines)


def test_a_cycle_that_is_not_packaged_is_a_wrong_call(installation) -> None:
    parindex = installation()
    assert parindex("demo", "khong-co") == 2
    assert "tan-ky" in parindex.err
