"""The closed analyses as files: small groups told of by nobody, names never markup, the same bytes every time."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from judged_cycle import computed, cycle, surveyed
from random_cycle import random_cycle

from flows.publication.analysis import analysis_files
from flows.publication.analysis_tables import TABLES, analysed, analysis_tables
from models.rules.cycle import CycleInputs
from models.rules.frames import PREVIOUS, frame


def tables(inputs: CycleInputs):
    sheets, lines = computed(inputs)
    return analysis_tables(analysed(inputs, sheets, lines))


def files(inputs: CycleInputs) -> dict[str, bytes]:
    sheets, lines = computed(inputs)
    return analysis_files(inputs, sheets, lines, 1)


def survey_rows(counts: dict[str, dict[str, int]]) -> list[tuple[str, str, str]]:
    weights = dict.fromkeys(counts, "1")
    rows = tables(surveyed(counts, weights))["survey"].to_dict("records")
    return [(row["group"], row["valid"], row["percent"]) for row in rows]


def test_groups_are_told_where_all_of_them_are_large_enough() -> None:
    assert survey_rows({"dan": {"A": 5}, "lanh_dao": {"B": 3, "D": 2}}) == [
        ("", "10", "68.00"), ("dan", "5", "100.00"), ("lanh_dao", "5", "36.00"),
    ]  # fmt: skip


def test_one_small_group_hides_every_group_of_its_leaf() -> None:
    assert survey_rows({"dan": {"A": 50}, "lanh_dao": {"B": 4}}) == [("", "54", "80.00")]


def test_of_fewer_than_five_people_nothing_is_told_but_that_they_are_fewer() -> None:
    assert survey_rows({"dan": {"A": 2}, "lanh_dao": {"B": 2}}) == [("", "<5", "")]


@settings(max_examples=15)
@given(st.integers(0, 2**62))
def test_no_small_group_of_a_random_cycle_is_told(seed: int) -> None:
    inputs = random_cycle(Random(seed))
    sheets, lines = computed(inputs)
    if any(sheet.problems for sheet in sheets.values()):
        return
    small = {
        (row["unit"], row["code"]) for row in inputs.survey_valid.to_dict("records") if int(row["valid"]) < 5
    }  # fmt: skip
    for row in analysis_tables(analysed(inputs, sheets, lines))["survey"].to_dict("records"):
        if (row["unit"], row["code"]) in small:
            assert row["group"] == ""
        assert row["percent"] == "" or int(row["valid"]) >= 5


def test_every_table_has_its_columns_and_figures_read_as_numbers() -> None:
    made = tables(cycle({"a": (4, 3, 8), "b": (1, 6, 10)}, {"a": (4, 6, 10), "b": (2, 6, 7)}))
    assert {name: tuple(table.columns) for name, table in made.items()} == TABLES
    assert made["gaps_by_unit"]["gap"].map(Fraction).tolist() == [-2, 5]  # b ranks first
    assert made["floors"]["to_next_floor"].tolist() == ["", "5.00"]


def test_a_name_never_becomes_markup_nor_a_formula() -> None:
    inputs = cycle({"a": (4, 3, 8), "b": (1, 6, 10)})
    made = files(replace(inputs, units=inputs.units.assign(name=["<script>x</script>", "=1+1"])))
    page = made["analysis/index.html"].decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page
    assert b"'=1+1" in made["analysis/gaps_by_unit.csv"]


def test_the_page_fetches_nothing_says_it_is_closed_and_warns_across_frameworks() -> None:
    inputs = cycle({"a": (4, 6, 10), "b": (4, 5, 10), "c": (4, 4, 10), "d": (4, 3, 10)})
    previous = [{"unit": u, "index": i, "rank": r, "framework": "bo-cu"} for u, i, r in
                (("a", "70", "4"), ("b", "96", "1"), ("c", "90", "2"), ("d", "85", "3"))]  # fmt: skip
    page = files(replace(inputs, previous=frame(previous, PREVIOUS)))["analysis/index.html"].decode()
    assert "http" not in page.replace("http://www.w3.org", "")
    assert "Phụ lục kín" in page
    assert "bộ tiêu chí khác năm trước" in page


def test_the_same_figures_give_the_same_files() -> None:
    one, other = (random_cycle(Random(7)) for _ in range(2))
    shuffled = replace(other, marks=other.marks.iloc[::-1], survey_counts=other.survey_counts.iloc[::-1])
    assert files(one) == files(other) == files(shuffled)
