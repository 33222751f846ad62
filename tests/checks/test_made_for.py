"""A form comes back as the one it was made for, or is refused; one that says nothing is taken as it is."""

from __future__ import annotations

import pytest

from checks.made_for import check_form, check_worksheet
from checks.rule_book import severity

NOW, OLD, STRANGE = "a" * 64, "b" * 64, "c" * 64
PINNED = {NOW, OLD}


@pytest.mark.parametrize(
    ("title", "checks"),
    [
        ("", []),
        ("Bản tự chấm", []),
        ("Sở Tư pháp / 2020", []),
        ("ky / don vi / bo", []),
        (f"ky / don vi / bo / {NOW}", []),
        (f"ky / khac / bo / {NOW}", ["form-of-another"]),
        (f"ky-truoc / don vi / bo / {STRANGE}", ["form-of-another-cycle"]),
        (f"ky-truoc / khac / bo / {STRANGE}", ["form-of-another", "form-of-another-cycle"]),
        (f"ky / don vi / bo-cu / {STRANGE}", ["form-of-another-framework"]),
        (f"ky / don vi / bo-cu / {OLD}", ["form-before-migration"]),
    ],
)
def test_a_form_is_known_by_its_title(title: str, checks: list[str]) -> None:
    assert [fault.check for fault in check_form(title, "don vi", "ky", NOW, PINNED)] == checks


def test_a_superseded_framework_within_the_cycle_is_told_and_nothing_else_is_taken() -> None:
    told = {check: severity(fault) for check, fault in _faults().items()}
    assert told == {
        "form-of-another": "refuse",
        "form-of-another-cycle": "refuse",
        "form-of-another-framework": "refuse",
        "form-before-migration": "warn",
        "worksheet-of-another": "refuse",
    }


def _faults() -> dict:
    titles = (f"x / y / z / {NOW}", f"ky / u / b / {STRANGE}", f"ky / u / b / {OLD}")
    found = [fault for title in titles for fault in check_form(title, "u", "ky", NOW, PINNED)]
    return {fault.check: fault for fault in [*found, *check_worksheet("ky / b / marks", "a", "ky")]}


@pytest.mark.parametrize(
    ("title", "count"), [("", 0), ("ky / a / marks", 0), ("ky / b / marks", 1), ("ky-truoc / a / marks", 1)]
)
def test_a_worksheet_is_known_by_its_title(title: str, count: int) -> None:
    assert len(check_worksheet(title, "a", "ky")) == count
