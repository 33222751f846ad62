"""At the year's end: what a unit reports for the year is not below what it reported for its first half."""

from __future__ import annotations

from checks.midyear import below_half_year
from models.rules.findings import Fault
from models.rules.frames import frame

COLUMNS = ("unit", "code", "numerator", "denominator", "count", "location")


def row(unit: str, code: str, numerator: str = "", denominator: str = "", count: str = "") -> dict[str, str]:
    """One claim, at a place of its own."""
    said = (unit, code, numerator, denominator, count, f"inbox/{unit}/self_assessment.csv:2")
    return dict(zip(COLUMNS, said, strict=True))


def compared(year: list[dict[str, str]], half: list[dict[str, str]]) -> list[Fault]:
    """The faults of these rows."""
    return below_half_year(frame(year, COLUMNS), frame(half, COLUMNS))


def test_each_figure_that_fell_is_told_with_both_numbers_and_its_place() -> None:
    faults = compared([row("a", "1.1", "9", "1000")], [row("a", "1.1", "10", "1001")])
    assert faults == [
        Fault("year-below-half-year", "a", "1.1", "inbox/a/self_assessment.csv:2", found, expected)
        for found, expected in (
            ("numerator = 9, 6 tháng / half-year 10", "≥ 10"),
            ("denominator = 1000, 6 tháng / half-year 1001", "≥ 1001"),
        )
    ]


def test_what_grew_or_stayed_is_not_told_and_numbers_are_compared_as_numbers() -> None:
    assert compared([row("a", "1.1", "736", "740.5")], [row("a", "1.1", "736", "99")]) == []
    assert compared([row("a", "1.2", count="10")], [row("a", "1.2", count="9")]) == []
    assert len(compared([row("a", "1.2", count="9")], [row("a", "1.2", count="10")])) == 1


def test_another_unit_another_leaf_or_a_figure_only_one_side_has_is_not_compared() -> None:
    half = [row("a", "1.1", "10", "10")]
    assert compared([row("b", "1.1", "1", "1"), row("a", "1.2", "1", "1"), row("a", "1.1")], half) == []
