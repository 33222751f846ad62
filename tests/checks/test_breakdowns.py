"""What a figure is said to consist of is summed, and compared with that figure."""

from __future__ import annotations

import pytest
import small_cycle

from checks.breakdowns import ROW, check_breakdowns, read_parts
from checks.self_assessments import read_claims
from models.rules.frames import frame
from models.rules.framework_text import read_framework
from models.storage.spreadsheets import read_csv_table

NGHE_AN = {"numerator": "282", "denominator": "375", "breakdown": "mức độ 3: 36; mức độ 2: 339"}


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (NGHE_AN, [("breakdown-of-the-whole", "36 + 339 = 375; 282/375", "282")]),
        ({"numerator": "736", "denominator": "736", "breakdown": "66; 104; 74; 417; 75"}, []),
        ({"numerator": "736", "denominator": "736", "breakdown": "66; 104; 74; 471; 75"}, [("breakdown-sum-differs", "66 + 104 + 74 + 471 + 75 = 790; 736/736", "736")]),
        ({"count": "3", "breakdown": "quý I: 1; quý II: 2"}, []),
        ({"count": "3", "breakdown": "quý I: 1; quý II: 1"}, [("breakdown-sum-differs", "1 + 1 = 2; 3", "3")]),
        ({"value": "2.5", "breakdown": "1,5 ; 1"}, []),
        ({"value": "2.5", "breakdown": "1,25; 1"}, [("breakdown-sum-differs", "1.25 + 1 = 2.25; 2.5", "2.5")]),
        ({"value": "2.5", "breakdown": "1.5 và 1"}, [("breakdown-unreadable", "1.5 và 1", "")]),
        ({"count": "3", "breakdown": "tăng: 4; giảm: -1"}, [("breakdown-unreadable", "tăng: 4; giảm: -1", "")]),
        ({"breakdown": "1; 2"}, [("breakdown-unreadable", "1; 2", "")]),
        ({"numerator": "0", "denominator": "0", "breakdown": "a: 0; b: 0"}, []),
    ],
)  # fmt: skip
def test_parts_are_compared_with_the_figure_they_stand_beside(
    given: dict[str, str], told: list[tuple[str, ...]]
) -> None:
    rows = frame([{"unit": "u", "code": "1", "location": "form:2", **given}], ROW)
    assert [(fault.check, fault.found, fault.expected) for fault in check_breakdowns(rows)] == told


def test_words_may_hold_numbers() -> None:
    assert read_parts("dịch vụ công mức độ 3: 36; mức độ 4: 12;") == ["36", "12"]


def test_a_breakdown_is_a_known_column_and_changes_no_claim() -> None:
    framework, _ = read_framework({"framework.yaml": small_cycle.FRAMEWORK})
    assert framework is not None
    plain = "code,numerator,denominator\n1.1.2,9,12\n"
    with_parts = "code,numerator,denominator,breakdown\n1.1.2,9,12,quý I: 4; quý II: 8\n"
    claims = {}
    for text in (plain, with_parts):
        table, _ = read_csv_table(text.encode(), "inbox/u/self_assessment.csv")
        assert table is not None
        claims[text], faults = read_claims([("u", table)], {"u": framework})
        assert [fault.check for fault in faults] == (["breakdown-of-the-whole"] if text == with_parts else [])
    assert claims[plain].equals(claims[with_parts])
