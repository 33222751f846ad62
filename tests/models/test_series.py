"""Years of a unit side by side: where they continue each other and where they must not be read as one line."""

from __future__ import annotations

import pytest

from models.rules.series import breaks

ORDINARY = {"valid_from": "", "predecessors": ""}


def row(year: str, framework: str = "f1") -> dict[str, str]:
    return {"year": year, "framework": framework}


@pytest.mark.parametrize(
    ("before", "now", "unit", "this_year", "reason"),
    [
        (row("2018"), row("2019"), ORDINARY, False, ""),
        (row("2018"), row("2019"), ORDINARY, True, ""),
        (row("2018"), row("2019", "f2"), ORDINARY, False, "framework changed: f1 → f2"),
        (row("2018", ""), row("2019"), ORDINARY, False, ""),  # nobody says that it changed
        (row("2017"), row("2019"), ORDINARY, False, "no figure between: 2017 – 2019"),
        (row("2018"), row("2019"), ORDINARY | {"valid_from": "2019-07-01"}, False, "exists since: 2019-07-01"),
        (row("2018"), row("2019"), ORDINARY | {"valid_from": "2018-07-01"}, False, ""),
        (row("2018"), row("2019"), ORDINARY | {"predecessors": "a;b"}, True, "formed of: a;b"),
        (row("2018"), row("2019"), ORDINARY | {"predecessors": "a;b"}, False, ""),  # merged since
    ],
)
def test_a_series_breaks_where_years_do_not_compare(before, now, unit, this_year: bool, reason: str) -> None:
    found = breaks(before, now, unit, this_year)
    assert len(found) == bool(reason)
    assert reason in "".join(found)


def test_several_reasons_are_all_told() -> None:
    unit = {"valid_from": "2020-01-01", "predecessors": "a;b"}
    assert len(breaks(row("2017"), row("2020", "f2"), unit, True)) == 4
