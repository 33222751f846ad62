"""What `parindex framework diff` tells between two decisions."""

from __future__ import annotations

import small_cycle

from flows.publication.rule_words import rule_in_words
from models.rules.framework import Framework
from models.rules.framework_diff import compare, counted
from models.rules.framework_text import read_framework


def framework(*changes: tuple[str, str]) -> Framework:
    """The small framework with words exchanged; each must be there."""
    text = small_cycle.FRAMEWORK
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    found, faults = read_framework({"framework.yaml": text})
    assert found is not None, faults
    return found


def told(*changes: tuple[str, str]) -> list[tuple[str, str, str, str]]:
    return [
        (one.kind, one.code, one.before, one.after) for one in compare(framework(), framework(*changes), rule_in_words)
    ]


def test_a_framework_does_not_differ_from_itself() -> None:
    assert told() == []


def test_every_kind_of_change_is_told_in_words_an_official_reads() -> None:
    assert told(("number: 1/QĐ-UBND", "number: 2/QĐ-UBND"), ('bonus_maximum: "1"\n', "")) == [
        ("decision", "", "1/QĐ-UBND, 2020-12-16, UBND tỉnh", "2/QĐ-UBND, 2020-12-16, UBND tỉnh"),
        ("total", "trần điểm thưởng / bonus_maximum", "1", "–"),
    ]
    assert told(("Ban hành kế hoạch", "Kế hoạch năm"), ("evidence: required", "evidence: optional")) == [
        ("reworded", "1.1.1", "Ban hành kế hoạch", "Kế hoạch năm"),
        ("evidence", "1.1.1", "bắt buộc / required", "không bắt buộc / optional"),
    ]
    assert told(('code: "2.2", name: Thu', 'code: "2.3", name: Thu')) == [
        ("removed", "2.2", "Thu ngân sách · 4", ""),
        ("added", "2.3", "", "Thu ngân sách · 4"),
    ]
    moved = told(
        (
            'code: "1.1.1", name: Ban hành kế hoạch, maximum: "1"',
            'code: "1.1.1", name: Ban hành kế hoạch, maximum: "2"',
        ),
        ('code: "1.1.2", name: Mức hoàn thành, maximum: "2"', 'code: "1.1.2", name: Mức hoàn thành, maximum: "1"'),
    )
    assert moved == [("reweighted", "1.1.1", "1", "2"), ("reweighted", "1.1.2", "2", "1")]
    ((kind, code, before, after),) = told(('floor: "50"', 'floor: "60"'))
    assert (kind, code) == ("rule", "1.1.2")
    assert "50" in before
    assert "60" in after
    assert "(" not in before.partition("(0/0)")[0]  # sentences, not the program's own notation


def test_a_comparison_ends_with_how_much_changed() -> None:
    found = compare(framework(), framework(('code: "2.2", name: Thu', 'code: "2.3", name: Thu')), rule_in_words)
    assert counted(found) == "thêm / added: 1; bỏ / removed: 1"
    assert counted([]) == ""
