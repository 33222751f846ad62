"""What a link to a lower cycle gives, exactly, and which links would make cycles feed themselves."""

from __future__ import annotations

from fractions import Fraction

import pytest

from models.rules.cycle_json import settings_as_json, settings_from_json
from models.rules.cycle_text import read_settings
from models.rules.frames import frame
from models.rules.framework import Leaf
from models.rules.lower import Lower, circle, take
from models.rules.next_year import settings_as_yaml, settings_of_next_year

COLUMNS = ("unit", "bloc", "points", "maximum", "index", "classification")
CLASSES = {"xa": ["Tốt", "Khá", "Yếu"], "phuong": ["Tốt"]}
LEAF = Leaf("2.2", "Kết quả cấp xã", "4", "statistics", "none", None)
CYCLE = """\
id: tinh-2020
name: Tỉnh năm 2020
year: 2020
blocs: {huyen: {name: Huyện, framework: x}}
bands: [{name: Tốt, floor: "80"}, {name: Yếu, floor: "0"}]
lower:
  - {cycle: huyen-a-2020, bloc: xa, unit: huyen-a, code: "1.10", take: mean}
  - {cycle: huyen-a-2020, bloc: xa, unit: huyen-a, code: "1.2", take: share, at_least: Khá}
"""


def results(*rows: tuple[str, str, str]):  # type: ignore[no-untyped-def]
    """Units of the bloc xa: points, maximum, class; the shown index is one nobody must compute with."""
    return frame([dict(zip(COLUMNS, ("u", "xa", points, maximum, "1.00", named), strict=True)) for points, maximum, named in rows], COLUMNS)  # fmt: skip


def given(how: str, rows: object, bloc: str = "xa", at_least: str = "") -> tuple[str, Fraction, int]:
    """Points, percent and number of units of one link."""
    found = take(Lower("huyen-a", "2.2", "xa-2020", bloc, how, at_least), LEAF, 5, rows, CLASSES)  # type: ignore[arg-type]
    return found.points, found.percent, found.units


def test_the_mean_is_that_of_points_over_maximum_and_not_of_the_shown_index() -> None:
    assert given("mean", results(("1", "3", ""), ("2", "3", ""), ("1", "3", ""))) == ("1.77778", Fraction(400, 9), 3)


def test_a_tie_in_the_last_decimal_goes_away_from_zero() -> None:
    assert given("mean", results(("0.000125", "100", "")))[0] == "0.00001"  # 4 × 0.00000125 = 0.000005


def test_the_median_of_an_even_number_is_the_mean_of_the_middle_two() -> None:
    assert given("median", results(("90", "100", ""), ("10", "100", ""), ("50", "100", ""), ("20", "100", "")))[1] == 35
    assert given("median", results(("90", "100", ""), ("10", "100", ""), ("20", "100", "")))[1] == 20


def test_the_share_counts_the_class_and_every_better_one() -> None:
    rows = results(("1", "1", "Tốt"), ("1", "1", "Khá"), ("1", "1", "Yếu"))
    assert given("share", rows, at_least="Khá") == ("2.66667", Fraction(200, 3), 3)
    assert given("share", rows, at_least="Tốt")[1] == Fraction(100, 3)


def test_an_index_counts_as_100_at_most_and_points_never_leave_0_to_maximum() -> None:
    assert given("mean", results(("103", "100", ""), ("50", "100", "")))[1] == 75
    assert given("mean", results(("-5", "100", ""))) == ("0.00000", Fraction(-5), 1)


@pytest.mark.parametrize(
    ("how", "bloc", "at_least", "said"),
    [
        ("mean", "so", "", "bloc so: xa, phuong"),
        ("mean", "phuong", "", "0 đơn vị"),
        ("share", "xa", "Giỏi", "Tốt, Khá"),
    ],
)
def test_what_the_version_does_not_have_is_told_with_what_it_has(how: str, bloc: str, at_least: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        given(how, results(("1", "1", "Tốt")), bloc, at_least)


@pytest.mark.parametrize(
    ("feeds", "way"),
    [
        ({"a": ["b"], "b": ["c"]}, []),
        ({"a": ["a"]}, ["a", "a"]),
        ({"a": ["b", "c"], "c": ["d"], "d": ["a"]}, ["a", "c", "d", "a"]),
        ({"a": ["b"], "b": ["c"], "c": ["b"]}, []),  # a circle elsewhere is not this cycle's
        ({"a": ["b", "c"], "b": ["d"], "c": ["d"]}, []),  # two ways down are no circle
    ],
)
def test_a_circle_is_found_with_its_way(feeds: dict[str, list[str]], way: list[str]) -> None:
    assert circle("a", feeds) == way


def test_links_are_kept_as_they_were_written_and_move_a_year_on() -> None:
    settings, faults = read_settings(CYCLE)
    assert settings is not None
    assert not faults
    assert settings.lower[0] == Lower("huyen-a", "1.10", "huyen-a-2020", "xa", "mean")
    assert settings_from_json(settings_as_json(settings)) == settings
    assert read_settings(settings_as_yaml(settings)) == (settings, [])
    assert [link.cycle for link in settings_of_next_year(settings).lower] == ["huyen-a-2021"] * 2


def test_a_cycle_without_links_is_stored_as_it_always_was() -> None:
    settings, _ = read_settings(CYCLE.partition("lower:")[0])
    assert settings is not None
    assert "lower" not in settings_as_json(settings)


@pytest.mark.parametrize(
    ("link", "check"),
    [
        ('{cycle: x, bloc: so, unit: a, code: "2.2", take: best}', "yaml-wrong-type"),
        ('{cycle: x, bloc: so, unit: a, code: "2.2", take: share}', "yaml-missing-key"),
        ('{cycle: x, bloc: so, unit: a, code: "2.2", take: mean, at_least: Khá}', "yaml-unknown-key"),
        ("{cycle: x, bloc: so, unit: a, code: 2.2, take: mean}", "yaml-unquoted"),
        ('{cycle: x, bloc: so, unit: huyen-a, code: "1.2", take: mean}', "row-duplicate"),
    ],
)
def test_a_link_that_cannot_be_read_is_refused_at_its_line(link: str, check: str) -> None:
    _, faults = read_settings(f"{CYCLE}  - {link}\n")
    assert {(fault.check, fault.location) for fault in faults} == {(check, "cycle.yaml:9")}
