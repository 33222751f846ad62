"""YAML read safely: no duplicate keys, aliases or tags; every value keeps its line and whether it was quoted."""

from __future__ import annotations

import re
from dataclasses import dataclass

import yaml

from models.rules.findings import Fault

MOST_CHARACTERS, MOST_DEPTH = 2_000_000, 20
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_EMPTY = ("", "~", "null", "Null", "NULL")


@dataclass(frozen=True)
class Node:
    """One value: mapping, list, text, integer or nothing; where it starts, and whether it was quoted."""

    value: dict[str, Node] | list[Node] | str | int | None
    line: int
    quoted: bool


def parse(text: str, path: str) -> tuple[Node | None, list[Fault]]:
    """The one document of a YAML text, and every fault. None when the text is not YAML at all.

    Plain integers are int, plain null is None, every other plain scalar stays text as written.
    """
    if len(text) > MOST_CHARACTERS:
        return None, [Fault("yaml-unreadable", location=path, found=f"{len(text)}", expected=f"≤ {MOST_CHARACTERS}")]
    faults: list[Fault] = []
    try:
        events = _events(text)
    except _TooDeep as error:
        where = f"{path}:{error.line}"
        return None, [Fault("yaml-unreadable", location=where, found="depth", expected=f"≤ {MOST_DEPTH}")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = mark.line + 1 if mark is not None else 1
        said = getattr(error, "problem", None) or str(error)
        return None, [Fault("yaml-unreadable", location=f"{path}:{line}", found=str(said))]
    except (ValueError, RecursionError) as error:
        return None, [Fault("yaml-unreadable", location=path, found=str(error)[:200])]
    documents = sum(isinstance(event, yaml.DocumentStartEvent) for event in events)
    if documents != 1:
        return None, [Fault("yaml-unreadable", location=path, found=f"{documents} documents", expected="1")]
    return _Walk(path, faults, events).document(), faults


class _TooDeep(Exception):
    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def _events(text: str) -> list[yaml.Event]:
    """Every event, given up at the first that lies too deep: reading on would take minutes."""
    events, depth = [], 0
    for event in yaml.parse(text, Loader=yaml.CSafeLoader):
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > MOST_DEPTH:
            raise _TooDeep(event.start_mark.line + 1 if event.start_mark else 1)
        events.append(event)
    return events


class _Walk:
    def __init__(self, path: str, faults: list[Fault], events: list[yaml.Event]) -> None:
        self.path, self.faults, self.events, self.at = path, faults, events, 0

    def next(self) -> yaml.Event:
        self.at += 1
        return self.events[self.at - 1]

    def document(self) -> Node:
        while not isinstance(self.next(), yaml.DocumentStartEvent):
            pass
        return self.node(self.next())

    def tell(self, check: str, line: int, found: str) -> None:
        self.faults.append(Fault(check, location=f"{self.path}:{line}", found=found))

    def node(self, event: yaml.Event) -> Node:
        assert event.start_mark is not None  # the parser marks every event
        line = event.start_mark.line + 1
        if isinstance(event, yaml.AliasEvent):
            self.tell("yaml-alias-or-tag", line, f"*{event.anchor}")
            return Node(None, line, False)
        if getattr(event, "anchor", None) is not None:
            self.tell("yaml-alias-or-tag", line, f"&{event.anchor}")  # type: ignore[attr-defined]
        if getattr(event, "tag", None) is not None:
            self.tell("yaml-alias-or-tag", line, str(event.tag))  # type: ignore[attr-defined]
        if isinstance(event, yaml.MappingStartEvent):
            return Node(self.mapping(), line, False)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node(self.sequence(), line, False)
        assert isinstance(event, yaml.ScalarEvent)
        return _scalar(event, line)

    def mapping(self) -> dict[str, Node]:
        found: dict[str, Node] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            key = self.node(event)
            value = self.node(self.next())
            if isinstance(key.value, dict | list):
                self.tell("yaml-wrong-type", key.line, "key")
                continue
            name = "" if key.value is None else str(key.value)
            if name == "<<" and not key.quoted:
                self.tell("yaml-alias-or-tag", key.line, "<<")
            if name in found:
                self.tell("yaml-duplicate-key", key.line, name)
                continue
            found[name] = value
        return found

    def sequence(self) -> list[Node]:
        found = []
        while not isinstance(event := self.next(), yaml.SequenceEndEvent):
            found.append(self.node(event))
        return found


def _scalar(event: yaml.ScalarEvent, line: int) -> Node:
    if event.style in ("'", '"', "|", ">"):
        return Node(event.value, line, True)
    if event.value in _EMPTY:
        return Node(None, line, False)
    if _INTEGER.fullmatch(event.value):
        return Node(int(event.value), line, False)
    return Node(event.value, line, False)
