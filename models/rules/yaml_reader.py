"""Reads one YAML mapping by its keys, with a fault at file and line for everything not as it must be."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, overload

from models.rules.cells import read_date
from models.rules.findings import Fault
from models.rules.numbers import read_number
from models.rules.strict_yaml import Node

REQUIRED: Any = object()


class Reader:
    """One mapping. Methods return the value read, the default, or an empty value after telling a fault."""

    def __init__(self, node: Node, path: str, faults: list[Fault]) -> None:
        self._path, self._faults, self._line = path, faults, node.line
        self._given: dict[str, Node] = {}
        if isinstance(node.value, dict):
            self._given = node.value
        else:
            self._tell("yaml-wrong-type", node, "", str(node.value), "key: value")

    def has(self, key: str) -> bool:
        """Whether the key is there and not null."""
        return key in self._given and self._given[key].value is not None

    def names(self) -> list[str]:
        """All keys, as written."""
        return list(self._given)

    def node(self, key: str) -> Node:
        """The node itself; an empty mapping after a fault when it is not there."""
        return self._find(key, REQUIRED) or Node({}, self._line, False)

    def refuse_unknown(self, keys: Sequence[str]) -> None:
        """A fault for every key not among these."""
        for key, node in self._given.items():
            if key not in keys:
                self._tell("yaml-unknown-key", node, key, key, ", ".join(keys))

    def text(self, key: str, default: str = REQUIRED) -> str:
        """Text, quoted or plain."""
        node = self._find(key, default)
        if node is None:
            return "" if default is REQUIRED else default
        if isinstance(node.value, dict | list) or str(node.value).strip() == "":
            self._tell("yaml-wrong-type", node, key, _said(node), "text")
            return ""
        return str(node.value).strip()

    def quoted(self, key: str) -> str:
        """Text that must be quoted: codes and option values (YAML turns 1.10 into 1.1)."""
        node = self._find(key, REQUIRED)
        if node is None:
            return ""
        if not isinstance(node.value, str) or not node.quoted:
            self._tell("yaml-unquoted", node, key, _said(node), f'"{_said(node)}"')
        return "" if isinstance(node.value, dict | list) else str(node.value).strip()

    @overload
    def number(self, key: str) -> str: ...
    @overload
    def number(self, key: str, default: str) -> str: ...
    @overload
    def number(self, key: str, default: None) -> str | None: ...
    def number(self, key: str, default: str | None = REQUIRED) -> str | None:
        """A quoted number as canonical text."""
        node = self._find(key, default)
        if node is None:
            return "" if default is REQUIRED else default
        if not isinstance(node.value, str) or not node.quoted:
            self._tell("yaml-unquoted", node, key, _said(node), f'"{_said(node)}"')
            if isinstance(node.value, dict | list):
                return ""
        try:
            return read_number(str(node.value))
        except ValueError as reason:
            self._tell("number-unreadable", node, key, _said(node), str(reason))
            return ""

    def integer(self, key: str, default: int = REQUIRED) -> int:
        """A plain integer."""
        node = self._find(key, default)
        if node is None:
            return 0 if default is REQUIRED else default
        if isinstance(node.value, bool) or not isinstance(node.value, int):
            self._tell("yaml-wrong-type", node, key, _said(node), "2020")
            return 0
        return node.value

    @overload
    def date(self, key: str) -> str: ...
    @overload
    def date(self, key: str, default: None) -> str | None: ...
    def date(self, key: str, default: str | None = REQUIRED) -> str | None:
        """A date as ISO text, quoted or plain."""
        node = self._find(key, default)
        if node is None:
            return "" if default is REQUIRED else default
        try:
            return read_date(str(node.value))
        except ValueError as reason:
            self._tell("date-unreadable", node, key, _said(node), str(reason))
            return ""

    def choice(self, key: str, allowed: Sequence[str], default: str = REQUIRED) -> str:
        """One of a few words."""
        text = self.text(key, default)
        if text and text not in allowed:
            self._tell("yaml-wrong-type", self._given.get(key), key, text, " | ".join(allowed))
            return allowed[0]
        return text

    def items(self, key: str, default: list[Node] = REQUIRED) -> list[Node]:
        """A list of nodes."""
        node = self._find(key, default)
        if node is None:
            return [] if default is REQUIRED else default
        if not isinstance(node.value, list):
            self._tell("yaml-wrong-type", node, key, _said(node), "- …")
            return []
        return node.value

    def _find(self, key: str, default: Any) -> Node | None:
        node = self._given.get(key)
        if node is not None and node.value is not None:
            return node
        if default is REQUIRED:
            self._tell("yaml-missing-key", node, key, "", "")
        return None

    def _tell(self, check: str, node: Node | None, key: str, found: str, expected: str) -> None:
        line = node.line if node is not None else self._line
        said = f"{key}: {found}" if key and key != found else (key or found)
        self._faults.append(Fault(check, location=f"{self._path}:{line}", found=said, expected=expected))


def _said(node: Node) -> str:
    if isinstance(node.value, dict):
        return "{…}"
    return "[…]" if isinstance(node.value, list) else str(node.value)
