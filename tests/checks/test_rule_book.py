"""The rule book knows every check the code tells of, and tells everything in both languages."""

import re
from pathlib import Path

from checks.columns import CHECK_OF
from checks.rule_book import findings, rule_book
from flows.publish_results import BROKEN
from models.rules.findings import Fault, in_both
from models.storage.documents import _AS_DOCUMENT

ROOT = Path(__file__).parents[2]
SOURCES = [path for room in ("models", "checks", "flows") for path in sorted((ROOT / room).rglob("*.py"))]


def told() -> set[str]:
    text = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES)
    found = set(
        re.findall(
            r'(?:Fault|Expectation|fault|each|tell|_tell|_each)\(\s*(?:[\w\[\]~&| .()]+,\s*)?"([a-z0-9]+(?:-[a-z0-9]+)+)"',
            text,
        )
    )
    found |= set(re.findall(r'"((?:document|form)-[a-z-]+)"', text))
    return found | set(CHECK_OF.values()) | BROKEN | set(_AS_DOCUMENT.values())


def test_every_check_the_code_tells_of_stands_in_the_book() -> None:
    missing = told() - set(rule_book())
    assert len(told()) > 60
    assert not missing


def test_every_check_speaks_vietnamese_and_english_and_gives_its_reason() -> None:
    for check in rule_book().values():
        assert check.severity in ("refuse", "warn", "info")
        assert all((check.vi, check.en, check.do_vi, check.do_en, check.why)), check.id


def test_what_was_expected_is_said_in_the_language_of_its_sentence() -> None:
    two = Fault("number-unreadable", "alpha", "1.1", "a.csv:2", "x", in_both("số từ 0 trở lên", "a number, 0 or more"))
    one = Fault("option-unknown", "alpha", "1.2", "a.csv:3", "z", "a | b")
    first, second = findings([two, one], "collect")["expected"].tolist()
    assert first.split(" / ")[0].endswith(": số từ 0 trở lên")
    assert first.endswith(": a number, 0 or more")
    assert (second.count(": a | b /"), second.endswith(": a | b")) == (1, True)
