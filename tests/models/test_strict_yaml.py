"""YAML as people write it: what would be read otherwise than meant is told with its line, never guessed."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.rules.strict_yaml import MOST_CHARACTERS, MOST_DEPTH, Node, parse


def faults(text: str) -> list[tuple[str, str, str]]:
    return [(fault.check, fault.location, fault.found) for fault in parse(text, "f.yaml")[1]]


def value(text: str) -> object:
    node, found = parse(text, "f.yaml")
    assert node is not None
    assert found == []
    return plain(node)


def plain(node: Node) -> object:
    if isinstance(node.value, dict):
        return {key: plain(one) for key, one in node.value.items()}
    if isinstance(node.value, list):
        return [plain(one) for one in node.value]
    return node.value


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("code: 1.10", {"code": "1.10"}),  # 1.1 to most readers
        ("code: '1.10'", {"code": "1.10"}),
        ("n: 5\nm: -3", {"n": 5, "m": -3}),
        ("n: 007", {"n": 7}),
        ("day: 2020-12-16", {"day": "2020-12-16"}),  # no date object
        ("yes: no\non: off", {"yes": "no", "on": "off"}),  # no truth values
        ("a: 1_000\nb: 1e3\nc: 0x10\nd: .inf", {"a": "1_000", "b": "1e3", "c": "0x10", "d": ".inf"}),
        ("a: ~\nb:\nc: null\nd: 'null'", {"a": None, "b": None, "c": None, "d": "null"}),
        ("a: 12345678901234567890", {"a": "12345678901234567890"}),
        ("a: |\n  hai\n  dòng\n", {"a": "hai\ndòng\n"}),
        ("\ufeffa: 1", {"a": 1}),
        ("a: 1\r\nb: 2\r\n", {"a": 1, "b": 2}),
        ("- Sở Tư pháp\n- 'đ'", ["Sở Tư pháp", "đ"]),
    ],
)
def test_scalars_stay_what_was_written(text: str, read: object) -> None:
    assert value(text) == read


def test_every_value_knows_its_line_and_whether_it_was_quoted() -> None:
    node, _ = parse('a:\n  b: "1.10"\n  c: 1.10\n', "f.yaml")
    assert node is not None
    inner = node.value["a"].value  # type: ignore[index]
    assert (inner["b"].line, inner["b"].quoted) == (2, True)
    assert (inner["c"].line, inner["c"].quoted) == (3, False)


@pytest.mark.parametrize(
    ("text", "check", "line", "found"),
    [
        ("a: 1\nb: 2\na: 3", "yaml-duplicate-key", 3, "a"),
        ("a: {x: 1, x: 2}", "yaml-duplicate-key", 1, "x"),
        ("a: &k 1\nb: *k", "yaml-alias-or-tag", 1, "&k"),
        ("a: !!python/object/apply:os.system [ls]", "yaml-alias-or-tag", 1, "tag:yaml.org,2002:python/object/apply:os.system"),
        ("a: {}\nb:\n  <<: {c: 1}", "yaml-alias-or-tag", 3, "<<"),
        ("{[1, 2]: 3}", "yaml-wrong-type", 1, "key"),
        ("a: 1\n\tb: 2", "yaml-unreadable", 2, "found a tab character that violates indentation"),
        ("a: [1, 2", "yaml-unreadable", 2, "did not find expected ',' or ']'"),
    ],
)  # fmt: skip
def test_what_would_mislead_is_told_with_its_line(text: str, check: str, line: int, found: str) -> None:
    assert (check, f"f.yaml:{line}", found) in faults(text)


@pytest.mark.parametrize(("text", "documents"), [("", 0), ("# chỉ có chú thích\n", 0), ("a: 1\n---\nb: 2\n", 2)])
def test_exactly_one_document(text: str, documents: int) -> None:
    assert faults(text) == [("yaml-unreadable", "f.yaml", f"{documents} documents")]


def test_bombs_are_refused_before_they_grow() -> None:
    laughs = "a: &a [x, x]\n" + "".join(
        f"{n}: &{n} [*{p}, *{p}]\n" for p, n in zip("abcdefgh", "bcdefghi", strict=True)
    )
    assert {check for check, _, _ in faults(laughs)} == {"yaml-alias-or-tag"}
    assert faults("[" * (MOST_DEPTH + 2) + "]" * (MOST_DEPTH + 2)) == [("yaml-unreadable", "f.yaml:1", "depth")]
    assert faults("[" * 200_000)[0][0] == "yaml-unreadable"
    assert faults("x" * (MOST_CHARACTERS + 1))[0][0] == "yaml-unreadable"


PIECES = st.sampled_from(["a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ",", '"', "'", "&x ", "*x", "!", "|", ">", "?", "#",
                          "---", "\t", "1.10", "\x85", "\ufeff", "đ", "%", "@", "\0", "\ud800"])  # fmt: skip


@settings(max_examples=400)
@given(st.lists(PIECES, max_size=40).map("".join) | st.text(max_size=60))
def test_any_text_gives_a_document_or_faults(text: str) -> None:
    node, found = parse(text, "f.yaml")
    assert (node is None) <= bool(found)
    for fault in found:
        assert fault.location.startswith("f.yaml")
