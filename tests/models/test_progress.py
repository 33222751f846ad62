"""Half-year figures of a bloc: what they sum to, who is lowest and highest, and that nothing is scored."""

from __future__ import annotations

import pytest

from models.rules.frames import CLAIMS, frame
from models.rules.framework_text import read_framework
from models.rules.progress import LeafProgress, figures_by_unit, in_words, progress

LEAF = '      - {{code: "1.{0}", name: {1}, maximum: "2", source: {2}, evidence: none, checked_on: null{3}}}\n'
FRAMEWORK = (
    'id: x\ntitle: x\ndecision: {number: "1", issued_on: 2020-01-01, issuer: x}\nmaximum: "10"\n'
    'fields:\n  - code: "1"\n    name: x\n    maximum: "10"\n    criteria:\n'
    + LEAF.format(1, "share", "appraisal", ", rule: {kind: ratio}")
    + LEAF.format(2, "faults", "appraisal", ', rule: {kind: deduction, per_unit: "1"}')
    + LEAF.format(3, "done", "appraisal", ", rule: {kind: pass_fail}")
    + LEAF.format(4, "size", "appraisal", ', rule: {kind: tiers, tiers: [{at_least: "5", points: "2"}]}')
    + LEAF.format(5, "outside", "statistics", "")
)
GIVEN = [
    {"unit": "a", "code": "1.1", "numerator": "1", "denominator": "3"},
    {"unit": "b", "code": "1.1", "numerator": "5", "denominator": "5"},
    {"unit": "c", "code": "1.1", "numerator": "0", "denominator": "0"},
    {"unit": "a", "code": "1.2", "count": "2"},
    {"unit": "b", "code": "1.2", "count": "1"},
    {"unit": "a", "code": "1.3", "met": "yes"},
    {"unit": "b", "code": "1.3", "met": "no"},
    {"unit": "a", "code": "1.4", "value": "9"},
    {"unit": "b", "code": "1.4", "value": "10"},
    {"unit": "elsewhere", "code": "1.4", "value": "99"},
]


@pytest.fixture(name="leaves", scope="module")
def of_three_units() -> dict[str, LeafProgress]:
    """Every leaf of three units by its name."""
    framework, faults = read_framework({"framework.yaml": FRAMEWORK})
    assert framework is not None, faults
    return {one.leaf.name: one for one in progress(framework, ["a", "b", "c"], figures_by_unit(frame(GIVEN, CLAIMS)))}


def test_a_bloc_is_the_sum_of_its_units_and_a_unit_without_cases_is_neither_lowest_nor_highest(
    leaves: dict[str, LeafProgress],
) -> None:
    one = leaves["share"]
    assert (one.given, one.whole) == (3, "6/8 = 75.0%")
    assert (one.lowest, one.highest) == (("a", "33.3%"), ("b", "100.0%"))


def test_faults_are_summed_done_is_counted_values_stand_alone(leaves: dict[str, LeafProgress]) -> None:
    assert leaves["faults"].whole == "3"
    assert leaves["done"].whole == "1/2 đạt"
    assert (leaves["size"].whole, leaves["size"].lowest, leaves["size"].highest) == ("", ("a", "9"), ("b", "10"))


def test_leaves_units_do_not_score_themselves_are_not_in_it(leaves: dict[str, LeafProgress]) -> None:
    assert list(leaves) == ["share", "faults", "done", "size"]


def test_one_units_figures_are_written_as_people_write_them() -> None:
    assert in_words({"numerator": "736", "denominator": "740"}) == "736/740"
    assert in_words({"met": "no"}) == "chưa đạt"
    assert in_words({"count": "0"}) == "0"
