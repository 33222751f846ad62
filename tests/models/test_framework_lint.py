"""The linter: every fault of a framework in one run, each with file, line and code."""

from __future__ import annotations

import pytest
import small_cycle

from models.rules.framework_text import read_framework

GOOD = small_cycle.FRAMEWORK
LINES = GOOD.splitlines()


def line_of(piece: str) -> int:
    """Where a piece stands, counted from 1."""
    return next(number for number, line in enumerate(LINES, start=1) if piece in line)


def found(text: str) -> list[tuple[str, str, str]]:
    _, faults = read_framework({"framework.yaml": text})
    return [(fault.check, fault.location, fault.code) for fault in faults if fault.check != "leaf-unchecked"]


def test_a_sound_framework_has_no_fault_and_says_what_was_never_compared() -> None:
    framework, faults = read_framework({"framework.yaml": GOOD})
    assert framework is not None
    assert [(fault.check, fault.code) for fault in faults] == [("leaf-unchecked", "1.1.1")]
    assert framework.maximum == "20"


CASES = [
    # what is written, what instead, the check, where it is told, for which code
    ('maximum: "20"', 'maximum: "21"', "framework-sum-differs", 'maximum: "20"', ""),
    ('    maximum: "8"', '    maximum: "9"', "framework-sum-differs", '    maximum: "8"', "1"),
    ('        maximum: "5"', '        maximum: "5.5"', "framework-sum-differs", '        maximum: "5"', "1.1"),
    ('code: "1.1.10"', "code: 1.1.10", "yaml-unquoted", "1.1.10", ""),
    ('code: "1.1.10"', 'code: "1.1.2"', "framework-code-duplicate", "1.1.10", "1.1.2"),
    ('code: "1.2"', 'code: "1..2"', "code-unreadable", 'code: "1.2"', "1..2"),
    ("kind: pass_fail", "kind: pass", "framework-rule-unknown", "1.1.1", "1.1.1"),
    ("rule: {kind: judgement}", "note: x", "framework-rule-unfit", 'code: "1.2"', "1.2"),
    ('floor: "50"', 'floor: "150"', "framework-number-outside", "1.1.2", "1.1.2"),
    ('per_unit: "0.5"', 'per_unit: "0.0"', "framework-number-outside", "1.1.10", "1.1.10"),
    ('per_unit: "0.5"', 'per_unit: "-1"', "framework-number-outside", "1.1.10", "1.1.10"),
    ('dan: "2", lanh_dao: "1"', 'dan: "-2", lanh_dao: "1"', "framework-weights", "group_weights", "2.1.1"),
    ('dan: "2", lanh_dao: "1"', 'dan: "0", lanh_dao: "0.00"', "framework-weights", "group_weights", "2.1.1"),
    ("minimum_valid: {dan: 2}", "minimum_valid: {khac: 2}", "framework-minimum-valid", "group_weights", "2.1.1"),
    ('questions: ["q1"]', 'questions: ["q1", "q1"]', "framework-question-duplicate", "group_weights", "2.1.1"),
    ('A: "100"', 'A: "101"', "framework-number-outside", "group_weights", "2.1.1"),
    ("issued_on: 2020-12-16", "issued_on: 16.12.2020", "date-unreadable", "decision", ""),
    ("decision: {number", "decisions: {number", "yaml-missing-key", "", ""),
    ("source: statistics", "source: thong_ke", "yaml-wrong-type", "2.2", ""),
    ("evidence: optional", "evidences: optional", "yaml-unknown-key", "1.1.2", ""),
]


@pytest.mark.parametrize(("old", "new", "check", "where", "code"), CASES)
def test_each_fault_is_told_at_its_line(old: str, new: str, check: str, where: str, code: str) -> None:
    assert old in GOOD
    told = found(GOOD.replace(old, new, 1))
    location = f"framework.yaml:{line_of(where)}" if where else "framework.yaml"
    assert [one for one in told if one[0] == check and one[1].startswith(location)], told
    if code:
        assert (check, code) in {(one[0], one[2]) for one in told}


def test_all_faults_come_in_one_run() -> None:
    text = GOOD
    for old, new in (('floor: "50"', 'floor: "150"'), ("kind: pass_fail", "kind: pass"), ('maximum: "20"', 'maximum: "21"'),
                     ('A: "100"', 'A: "101"'), ('code: "1.1.10"', "code: 1.1.10")):  # fmt: skip
        text = text.replace(old, new, 1)
    checks = {check for check, _, _ in found(text)}
    assert checks >= {
        "framework-number-outside",
        "framework-rule-unknown",
        "framework-sum-differs",
        "yaml-unquoted",
    }


TIERS = """\
id: t
title: T
decision: {number: 1/QĐ, issued_on: 2020-01-01, issuer: UBND}
maximum: "1"
fields:
  - code: "1"
    name: Một
    maximum: "1"
    criteria:
      - code: "1.1"
        name: Mức
        maximum: "1"
        source: appraisal
        evidence: none
        checked_on: 2020-01-01
        rule: RULE
"""


@pytest.mark.parametrize(
    ("rule", "check"),
    [
        ('{kind: tiers, tiers: [{at_least: "50", points: "0.5"}, {at_least: "80", points: "1"}]}', ""),
        ('{kind: tiers, tiers: [{at_least: "80", points: "1"}, {at_least: "50", points: "0.5"}]}', ""),
        ('{kind: tiers, tiers: [{at_least: "50", points: "0.5"}, {at_least: "90", points: "1"}, {at_least: "80", points: "1"}]}', "framework-tiers-unsorted"),
        ('{kind: tiers, tiers: [{at_least: "50", points: "1"}, {at_least: "80", points: "0.5"}]}', "framework-tiers-fall"),
        ('{kind: tiers, tiers: [{at_least: "50", points: "1"}, {at_least: "80", points: "1.0"}]}', "framework-tiers-fall"),
        ('{kind: tiers, tiers: [{at_least: "50", points: "1", linear_from: "0.5"}, {at_least: "80", points: "1"}]}', ""),
        ('{kind: tiers, tiers: [{at_least: "50", points: "2"}]}', "framework-points-outside"),
        ('{kind: tiers, tiers: [{at_least: "50", points: "0.5"}]}', "framework-maximum-unreachable"),
        ('{kind: choice, options: [{value: "a", points: "1"}, {value: "a", points: "0"}]}', "framework-option-duplicate"),
        ('{kind: choice, options: [{value: a, points: "1"}]}', "yaml-unquoted"),
        ('{kind: choice, options: [{value: "a", points: "-1"}]}', "framework-points-outside"),
    ],
)  # fmt: skip
def test_tiers_and_choices_rise_to_the_maximum_and_no_further(rule: str, check: str) -> None:
    checks = [name for name, _, _ in found(TIERS.replace("RULE", rule))]
    assert (check in checks) if check else checks == []


def test_faults_in_a_field_file_name_that_file() -> None:
    head = TIERS[: TIERS.index("  - code")] + "  - file: mot.yaml\n"
    field = 'code: "1"\nname: Một\nmaximum: "1"\ncriteria:\n  - {code: "1.1", name: x, maximum: "2", source: appraisal, evidence: none, checked_on: null, rule: {kind: pass}}\n'
    _, faults = read_framework({"framework.yaml": head, "mot.yaml": field})
    assert {fault.location.partition(":")[0] for fault in faults} >= {"mot.yaml"}
