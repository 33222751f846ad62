"""Thái Nguyên, 2017: the last of nineteen departments rises to rank 11, with three of nine fields at full points.

Stated by an article of 2018 on Ban Dân tộc tỉnh Thái Nguyên: rank 19 in 2016 and 11 of 19 in 2017, up 8, more than
anybody; nine contents assessed, three at the maximum (institutions, the apparatus, public finance); 2 of 2
procedures brought to level 3.
"""

from __future__ import annotations

CYCLE = "thai-nguyen-2017"
RISEN = "ban-dan-toc"


def test_nineteen_departments_are_ranked_on_nine_fields(told) -> None:
    assert [row["rank"] for row in told.rows("results.csv")] == [str(rank) for rank in range(1, 20)]
    assert list(told.scores(RISEN, "field")) == [str(number) for number in range(1, 10)]


def test_ban_dan_toc_rises_from_19_to_11(told) -> None:
    row = told.results()[RISEN]
    assert (row["name"], row["previous_rank"], row["rank"], row["rank_change"]) == ("Ban Dân tộc", "19", "11", "8")
    assert row["comparable"] == "yes"


def test_nobody_else_rises_by_as_much(told) -> None:
    others = [int(row["rank_change"]) for unit, row in told.results().items() if unit != RISEN]
    assert len(others) == 18
    assert max(others) < 8


def test_three_of_the_nine_fields_of_ban_dan_toc_are_full(told) -> None:
    fields = told.scores(RISEN, "field")
    full = [code for code, row in fields.items() if row["final"] == row["applicable"] == row["maximum"]]
    assert full == ["2", "5", "7"]  # institutions, the apparatus, public finance


def test_two_of_two_procedures_on_level_3_are_the_whole_leaf(told) -> None:
    (claim,) = [row for row in told.rows("inputs/claims.csv") if (row["unit"], row["code"]) == (RISEN, "8.2")]
    assert (claim["numerator"], claim["denominator"]) == ("2", "2")
    leaf = told.scores(RISEN, "leaf")["8.2"]
    assert leaf["final"] == leaf["maximum"]


def test_the_publication_says_that_no_leaf_was_compared_with_an_annex(told) -> None:
    assert [row["severity"] for row in told.findings("leaf-unchecked")] == ["info"]


def test_everything_can_be_recomputed_from_the_export_alone(told) -> None:
    assert told.command(["verify", str(told.export)]) == 0
