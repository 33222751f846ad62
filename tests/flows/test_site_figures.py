"""What the site's pages reckon themselves: a unit against its bloc, self against appraised, classes, places, years."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction
from html import unescape

import pytest
from published import published, published_whole, whole_site

from flows.publication.site.bloc_figures import BlocFigures, bloc_figures
from flows.publication.site.charts import Year, rank_chart
from flows.publication.site.fields import heat
from flows.publication.site.history import Histories, breaks, chart
from flows.publication.site.rows import units
from flows.publication.site.units import distance
from flows.publication.site_input import SiteInput
from models.rules.frames import rows_of
from models.rules.numbers import plain, show

SEEDS = range(6)


def cells(row: str) -> list[str]:
    """The texts of a table's row."""
    return [
        unescape(re.sub("<a class=.e.*?</a>|<[^>]+>", "", one)) for one in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row)
    ]


def section(page: str, name: str) -> list[list[str]]:
    """The rows of the table under the heading with this id."""
    body = page.partition(f'id="{name}"')[2].partition("<tbody>")[2].partition("</tbody>")[0]
    return [cells(row) for row in re.findall(r"<tr[^>]*>.*?</tr>", body)]


def plainly(given: SiteInput, bloc: BlocFigures) -> dict[tuple[str, str], tuple[Fraction, Fraction]]:
    """(points, applicable maximum) of every line that counts, straight from scores.csv."""
    mine = given.scores[given.scores["unit"].isin(bloc.units).to_numpy()]
    told = rows_of(mine, "unit", "code", "applicable", "final")
    return {(u, c): (Fraction(f), Fraction(a)) for u, c, a, f in told if f and Fraction(a)}


@pytest.mark.parametrize("seed", SEEDS)
def test_a_unit_is_compared_with_the_points_of_its_whole_bloc(seed: int) -> None:
    given = published(seed)
    for bloc in bloc_figures(given):
        plain = plainly(given, bloc)
        for place, code in enumerate(bloc.codes):
            pairs = [pair for (_, one), pair in plain.items() if one == code]
            above, below = (sum((pair[n] for pair in pairs), Fraction(0)) for n in (0, 1))
            assert bloc.own_percents([place], 2) == [show(above / below * 100, 2) if below else ""]
            for row, unit in enumerate(bloc.units):
                if (unit, code) not in plain:
                    assert bloc.against_bloc[row, place] == 0
                    continue
                points, most = plain[unit, code]
                assert bloc.percents([place], 2)[row] == [show(points / most * 100, 2)]
                gap = (points / most - above / below) * 100
                assert show(Fraction(int(bloc.against_bloc[row, place]), 10), 1) == show(gap, 1)


@pytest.mark.parametrize("seed", SEEDS)
def test_self_and_appraised_points_of_the_fields_sum_to_the_published_ones(seed: int) -> None:
    given = published(seed)
    records = {str(row["unit"]): row for row in units(given)}
    site = whole_site(given)
    for unit, row in records.items():
        page = site[f"unit/{unit}.html"].decode()
        told = [[Fraction(one) if one != "–" else Fraction(0) for one in line[1:]] for line in section(page, "pairs")]
        most, own, appraised, gap, other, final = (sum(column, Fraction(0)) for column in zip(*told, strict=True))
        assert own == Fraction(str(row["self_points"]))
        assert appraised == Fraction(str(row["appraised_points"]))
        assert gap == appraised - own
        assert other == Fraction(str(row["survey_points"])) + Fraction(str(row["statistics_points"]))
        assert final == appraised + other
        assert most >= 0


@pytest.mark.parametrize("seed", SEEDS)
def test_strengths_stand_above_the_bloc_and_weaknesses_below(seed: int) -> None:
    given = published(seed)
    site = whole_site(given)
    for bloc in bloc_figures(given):
        plain = plainly(given, bloc)
        for unit in bloc.units:
            page = site[f"unit/{unit}.html"].decode()
            high, low = (
                re.findall(r"<li>(\S+) .*?: \S+ / \S+ · ", part)
                for part in re.findall("<ul>(.*?)</ul>", page.partition('class="two"')[2], re.S)[:2]
            )
            for codes, sign in ((high, 1), (low, -1)):
                for code in codes:
                    pairs = [pair for (_, one), pair in plain.items() if one == code]
                    mean = sum((one[0] for one in pairs), Fraction(0)) / sum((one[1] for one in pairs), Fraction(0))
                    points, most = plain[unit, code]
                    assert (points / most - mean) * sign > 0
            assert not set(high) & set(low)


@pytest.mark.parametrize("seed", SEEDS)
def test_a_field_page_ranks_units_by_share_and_gives_no_place_to_the_unranked(seed: int) -> None:
    given = published(seed)
    site, ranked = whole_site(given), dict(rows_of(given.results, "name", "rank"))
    for bloc in bloc_figures(given):
        for part in bloc.framework.fields:
            rows = section(site[f"field/{bloc.key}-{part.code}.html"].decode(), "units")
            assert {row[1] for row in rows} == set(given.of_bloc(bloc.key)["name"])
            shares = [
                Fraction(points) / Fraction(most)
                for _, _, _, both, _ in rows
                for points, most in [both.split(" / ")]
                if points != "–"
            ]
            assert shares == sorted(shares, reverse=True)
            placed = [(int(row[0]), share) for row, share in zip(rows, shares, strict=False) if row[0] != "–"]
            for order, share in placed:
                assert order == 1 + sum(other > share for _, other in placed)
            assert all(ranked[row[1]] for row in rows if row[0] != "–")


def test_the_distance_is_to_the_next_class_in_index_and_in_points() -> None:
    given = published(0)
    framework = given.used[0]
    bands = [("Tốt", "80"), ("Khá", "65.5"), ("Yếu", "0")]
    row = {"index": "60.00", "classification": "Yếu", "points": "48.00000", "maximum": "80.00000"}
    told = distance(row, bands, framework)
    assert "5.5 điểm phần trăm chỉ số, tức 4.4 điểm, để đạt xếp loại Khá (từ 65.5)" in told
    assert "cao nhất" in distance(row | {"classification": "Tốt"}, bands, framework)
    assert "Yếu (từ 10)" in distance(row | {"classification": ""}, [("Tốt", "80"), ("Yếu", "10")], framework)
    assert distance(row, (), framework) == ""


def test_heat_steps_include_their_floor() -> None:
    assert [heat(text) for text in ("100.00", "90.00", "89.99", "65", "50.0", "49.99", "0", "-0.50", "")] == [
        "h4", "h4", "h3", "h2", "h1", "h0", "h0", "h0", "",
    ]  # fmt: skip


def test_years_end_with_this_one_and_say_where_the_framework_changed() -> None:
    given = published_whole(0)
    first = units(given)[0]
    years = Histories(given).of(first)
    assert [one.year for one in years[:2]] == ["2017", "2018"]
    assert (years[-1].year, years[-1].index, years[-1].rank) == (str(given.year), first["index"], first["rank"])
    assert not breaks(years, 1)
    known = [
        number for number in range(1, len(years)) if years[number].framework not in ("", years[number - 1].framework)
    ]
    assert [number for number in range(len(years)) if breaks(years, number)] == [
        number for number in known if years[number - 1].framework
    ]
    page = whole_site(given)[f"unit/{first['unit']}.html"].decode()
    told = [row[:3] for row in section(page, "ranks")]
    assert told == [[one.year, one.index or "–", one.rank or "–"] for one in years]


def test_a_year_of_last_years_results_is_not_told_twice() -> None:
    given = next(one for one in map(published, range(30)) if (one.results["comparable"] == "yes").any())
    given = replace(given, history=given.history.iloc[:0])
    row = next(one for one in units(given) if one["comparable"] == "yes")
    assert [one.year for one in Histories(given).of(row)] == [str(given.year - 1), str(given.year)]
    history = published_whole(0).history.iloc[:1].assign(unit=row["unit"], year=str(given.year - 1))
    told = Histories(replace(given, history=history)).of(row)
    assert [(one.year, one.index) for one in told] == [
        (str(given.year - 1), row["previous_index"]), (str(given.year), row["index"]),
    ]  # fmt: skip


def test_a_line_of_ranks_is_broken_by_another_framework_and_by_a_missing_rank_or_year() -> None:
    whole = [Year("2018", 3), Year("2019", 1), Year("2020", 2)]
    assert rank_chart(whole, 10, "x").count('class="trend"') == 2
    assert rank_chart([whole[0], Year("2019", 0), whole[2]], 10, "x").count('class="trend"') == 0
    broken = rank_chart([whole[0], whole[1], Year("2020", 2, True)], 10, "x")
    assert (broken.count('class="trend"'), broken.count('class="broken"')) == (1, 1)
    assert rank_chart([whole[0], whole[2]], 10, "x").count('class="trend"') == 0
    assert chart([], 3) == ""


def test_very_large_points_are_compared_as_exactly_as_small_ones() -> None:
    given = published(0)

    def scaled(frame, factor: Fraction):
        made = frame.copy()
        for name in ("maximum", "applicable", "self", "first_mark", "second_mark", "final"):
            made[name] = [plain(Fraction(text) * factor) if text else "" for text in frame[name].tolist()]
        return made

    for factor in (Fraction(10) ** 13, Fraction(1, 10**8)):
        other = replace(given, scores=scaled(given.scores, factor))
        for one, same in zip(bloc_figures(given), bloc_figures(other), strict=True):
            places = list(range(len(one.codes)))
            assert one.percents(places, 3) == same.percents(places, 3)
            assert one.own_percents(places, 3) == same.own_percents(places, 3)
            assert one.against_bloc.tolist() == same.against_bloc.tolist()
            assert len(one.extremes(3)) == len(same.extremes(3))
