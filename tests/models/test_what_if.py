"""What if: other maxima, other bands, one other leaf; what stands stays as it is."""

from __future__ import annotations

import copy
import re
from fractions import Fraction
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_cycle import random_cycle

from checks.what_if import read_what_if
from models.rules.cycle import Band
from models.rules.insight.what_if import WhatIf, simulate
from models.rules.scoring import score
from models.rules.totals import standings, totals


def first_appraised(inputs):
    """A unit, its framework and a leaf that applies to it and has points."""
    for sheet in score(inputs).values():
        for row, unit in enumerate(sheet.units.tolist()):
            for column, leaf in enumerate(sheet.framework.leaves):
                if (
                    sheet.applies[row, column]
                    and leaf.source == "appraisal"
                    and int(sheet.final.values[row, column]) > 0
                ):
                    return (
                        unit,
                        sheet.framework,
                        leaf,
                        Fraction(int(sheet.final.values[row, column]), 10**sheet.framework.leaf_decimals),
                    )
    raise AssertionError("no appraised leaf with points in this cycle")


@settings(max_examples=10)
@given(st.integers(0, 2**62))
def test_nothing_changed_changes_nothing_and_inputs_stay(seed: int) -> None:
    inputs = random_cycle(Random(seed))
    kept = copy.deepcopy(inputs)
    found = simulate(inputs, WhatIf())
    assert not any(one.moved for one in found)
    assert [one.after for one in found] == standings(inputs, totals(inputs, score(inputs)))
    assert inputs.marks.equals(kept.marks)
    assert inputs.frameworks == kept.frameworks
    assert inputs.settings == kept.settings


def test_a_doubled_maximum_doubles_the_leafs_points_and_its_place_in_the_maximum() -> None:
    inputs = random_cycle(Random(11))
    unit, framework, leaf, points = first_appraised(inputs)
    doubled = str(2 * Fraction(leaf.maximum)) if Fraction(leaf.maximum).denominator == 1 else None
    maximum = doubled or format(2 * float(Fraction(leaf.maximum)), "f").rstrip("0")
    found = simulate(inputs, WhatIf(maxima={(framework.id, leaf.code): maximum}))
    one = next(one for one in found if one.after.total.unit == unit)
    assert one.after.total.points - one.before.total.points == points
    assert one.after.total.maximum - one.before.total.maximum == Fraction(leaf.maximum)


def test_other_bands_change_classes_alone() -> None:
    inputs = random_cycle(Random(3))
    bands = (Band("Đạt", "-1000"),)
    found = simulate(inputs, WhatIf(bands={bloc.key: bands for bloc in inputs.settings.blocs}))
    assert {one.after.classification for one in found if one.after.total.index is not None} == {"Đạt"}
    assert all(one.after.total.index == one.before.total.index and one.after.rank == one.before.rank for one in found)


def test_a_leaf_that_does_not_apply_leaves_both_sides() -> None:
    inputs = random_cycle(Random(11))
    unit, _, leaf, points = first_appraised(inputs)
    found = simulate(inputs, WhatIf(leaf={"unit": unit, "code": leaf.code, "not_applicable": "yes"}))
    one = next(one for one in found if one.after.total.unit == unit)
    assert one.before.total.points - one.after.total.points == points
    assert one.before.total.maximum - one.after.total.maximum == Fraction(leaf.maximum)


@pytest.mark.parametrize(
    ("text", "check", "line"),
    [
        ("maxima: []\nfoo: 1\n", "yaml-unknown-key", 2),
        ("reason: x\n", "yaml-missing-key", 1),
        ('maxima:\n  - {code: "99.9", maximum: "2"}\n', "code-unknown", 2),
        ("maxima:\n  - {code: 1.1, maximum: 2}\n", "yaml-unquoted", 2),
        ('maxima:\n  - {code: "1.1", maximum: "-2"}\n', "framework-number-outside", 2),
        ('maxima:\n  - {code: "1.1", maximum: "2", points: "3"}\n', "yaml-unknown-key", 2),
        ('maxima:\n  - {framework: khac, code: "1.1", maximum: "2"}\n', "framework-unknown", 2),
        ("blocs:\n  khong-co: {bands: [{name: A, floor: \"0\"}]}\n", "bloc-unknown", 2),
        ("bands:\n  - {name: A, floor: \"50\"}\n", "bands-lowest", 2),
        ("leaf: {unit: khong-co, code: \"1.1\", met: yes}\n", "unit-unknown", 1),
        ("leaf: {unit: u1, code: \"1.1\", round: 2, met: yes}\n", "yaml-unknown-key", 1),
        ("leaf: {unit: u1, code: \"1.1\", kind: bonus, points: \"1\"}\n", "yaml-unknown-key", 1),
        ("leaf: {unit: u1}\n", "yaml-missing-key", 1),
        ("leaf: &a {unit: u1, code: \"1.1\", met: yes}\n", "yaml-alias-or-tag", 1),
        ("- 1\n", "yaml-wrong-type", 1),
    ],
)  # fmt: skip
def test_what_a_file_must_not_say_is_refused_with_file_and_line(text: str, check: str, line: int) -> None:
    _, faults = read_what_if(text, "gia-dinh.yaml", random_cycle(Random(11)))
    assert (check, f"gia-dinh.yaml:{line}") in {(fault.check, fault.location) for fault in faults}


def test_a_right_file_is_read_as_written() -> None:
    inputs = random_cycle(Random(11))
    unit, framework, leaf, _ = first_appraised(inputs)
    bloc = next(bloc for bloc in inputs.settings.blocs if bloc.framework == framework.id)
    text = (
        f'maxima:\n  - {{framework: "{framework.id}", code: "{leaf.code}", maximum: "3.5"}}\n'
        f'bands:\n  - {{name: B, floor: "0"}}\n'
        f'blocs:\n  "{bloc.key}": {{bands: [{{name: C, floor: "0"}}, {{name: A, floor: "60"}}]}}\n'
        f'leaf: {{unit: "{unit}", code: "{leaf.code}", not_applicable: yes}}\n'
    )
    what, faults = read_what_if(text, "x.yaml", inputs)
    assert faults == []
    assert what.maxima == {(framework.id, leaf.code): "3.5"}
    assert what.bands[bloc.key] == (Band("A", "60"), Band("C", "0"))
    assert all(what.bands[one.key] == (Band("B", "0"),) for one in inputs.settings.blocs if one.key != bloc.key)
    assert {key: what.leaf[key] for key in ("unit", "code", "not_applicable")} == {
        "unit": unit, "code": leaf.code, "not_applicable": "yes",
    }  # fmt: skip


def test_the_example_in_the_docs_has_no_word_the_reader_refuses() -> None:
    page = (Path(__file__).parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")
    (text,) = re.findall(r"```yaml\n(.*?)```", page, re.S)
    what, faults = read_what_if(text, "x.yaml", random_cycle(Random(11)))
    assert what is not None
    assert {fault.check for fault in faults} <= {"code-unknown", "bloc-unknown", "unit-unknown"}  # of another cycle
