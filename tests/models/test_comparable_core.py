"""The comparable core by hand, and the linter of crosswalks."""

from __future__ import annotations

from fractions import Fraction

import pytest
import small_cycle

from models.rules.comparable_core import core_of
from models.rules.crosswalk_text import read_crosswalk
from models.rules.framework_text import read_framework

PAIRS = {"1": ("a",), "2": ("b", "c"), "3": ("d",)}
NOW = {"1": (Fraction(4), Fraction(5)), "2": (Fraction(6), Fraction(10)), "3": (Fraction(1), Fraction(1))}
PAST = {"a": (Fraction(1), Fraction(2)), "b": (Fraction(2), Fraction(4)), "c": (Fraction(4), Fraction(4))}


def test_only_leaves_that_applied_in_both_years_count() -> None:
    core = core_of(PAIRS, PAST, NOW)  # d did not apply last year
    assert core is not None
    assert (core.leaves, core.points, core.maximum) == (2, 10, 15)
    assert (core.previous_points, core.previous_maximum) == (7, 10)
    assert core.reweighted == 5 * Fraction(1, 2) + 10 * Fraction(6, 8)
    assert core_of(PAIRS, {"b": PAST["b"]}, NOW) is None  # one of two old leaves is not enough
    assert core_of({}, PAST, NOW) is None


GOOD = """\
framework: nho
old_framework: cu
leaves:
  - {code: "1.1.1", was: ["1.1"], same_meaning: "yes", reference: Điều 1}
  - {code: "1.2", was: ["1.2", "1.3"], same_meaning: yes, reference: Điều 2}
  - {code: "2.2", was: ["1.2"], same_meaning: "no", reference: cách đo khác}
"""


def linted(text: str, old_is_known: bool = False) -> set[str]:
    framework, _ = read_framework({"framework.yaml": small_cycle.FRAMEWORK})
    assert framework is not None
    rows, faults = read_crosswalk(text, "cu.yaml", framework, framework if old_is_known else None)
    refused = {fault.check for fault in faults} - {"crosswalk-old-unknown"}
    assert (len(rows) == 3) == (not refused)
    return refused


def test_a_good_crosswalk_has_no_fault() -> None:
    assert linted(GOOD) == set()


@pytest.mark.parametrize(
    ("old", "new", "check"),
    [
        ("framework: nho", "framework: khac", "crosswalk-of-another"),
        ('code: "2.2"', 'code: "9.9"', "crosswalk-code-unknown"),
        ('code: "2.2"', 'code: "1.1"', "crosswalk-code-unknown"),  # a criterion is no leaf
        ('code: "2.2"', 'code: "1.2"', "row-duplicate"),
        ('was: ["1.1"]', 'was: ["1.2"]', "row-duplicate"),  # would count twice
        ('was: ["1.1"]', "was: [1.1]", "yaml-unquoted"),
        ('was: ["1.1"]', "was: []", "yaml-missing-key"),
        ('code: "2.2"', "code: 2.2", "yaml-unquoted"),
        ('same_meaning: "no"', "same_meaning: nearly", "yaml-wrong-type"),
        (", reference: Điều 1", "", "yaml-missing-key"),
        ("leaves:", "lines:", "yaml-unknown-key"),
    ],
)
def test_a_faulty_crosswalk_is_refused(old: str, new: str, check: str) -> None:
    assert check in linted(GOOD.replace(old, new, 1))


def test_codes_of_the_earlier_framework_are_checked_where_it_is_at_hand() -> None:
    assert linted(GOOD, old_is_known=True) == {"crosswalk-code-unknown"}
