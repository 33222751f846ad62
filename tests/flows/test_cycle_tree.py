"""The tree of cycles: highest level first, each below what it feeds, and what nobody registered yet stands in it."""

from __future__ import annotations

import datetime as dt

from flows.cycle_tree import Known, as_tree, known_row

THEN = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


def known(*cycles: tuple[str, tuple[str, ...]]) -> dict[str, Known]:
    """Cycles with those that feed them."""
    return {one: Known(one, one, "2026", THEN, units=3, came=1, lower=lower) for one, lower in cycles}


def test_three_levels_are_set_in_one_below_the_other() -> None:
    found = as_tree(
        known(("a-commune", ()), ("b-province", ("a-commune", "not-yet")), ("c-nation", ("b-province",)), ("d", ()))
    )
    assert [(one.id, depth) for one, depth in found] == [
        ("c-nation", 0), ("b-province", 1), ("a-commune", 2), ("not-yet", 2), ("d", 0),
    ]  # fmt: skip


def test_a_cycle_that_feeds_two_stands_below_both() -> None:
    found = as_tree(known(("low", ()), ("one", ("low",)), ("two", ("low",))))
    assert [one.id for one, _ in found] == ["one", "low", "two", "low"]


def test_where_a_cycle_stands_is_said_in_both_languages() -> None:
    (one,) = known(("a", ())).values()
    assert one.state == "đã nộp / came in 1/3"
    assert Known("a", "", version=2, opened_at=THEN).state == "đã công bố / published v2"
    assert known_row(Known("a", ""), 2)[:4] == ("   └─ a", "", "", "chưa đăng ký / not registered")
