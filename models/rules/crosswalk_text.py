"""Reads a crosswalk, law as data: which leaves of a framework mean the same as leaves of an earlier one."""

from __future__ import annotations

from collections import Counter

import pandas as pd

from models.rules.cells import read_code
from models.rules.findings import Fault
from models.rules.frames import CROSSWALK, empty, frame
from models.rules.framework import Framework
from models.rules.strict_yaml import Node, parse
from models.rules.yaml_reader import Reader

TOP = ("framework", "old_framework", "leaves")
LINE = ("code", "was", "same_meaning", "reference")


def read_crosswalk(
    text: str, path: str, framework: Framework, old: Framework | None
) -> tuple[pd.DataFrame, list[Fault]]:
    """The lines as frame CROSSWALK, and every fault with file and line; no lines where one refuses.

    framework: the one the crosswalk lies with. old: the earlier one, None where it is not at hand: its codes are then
    taken as they are, and a fault that refuses nothing says so.
    """
    node, faults = parse(text, path)
    if node is None:
        return empty(CROSSWALK), faults
    given = Reader(node, path, faults)
    given.refuse_unknown(TOP)
    ids = given.text("framework"), given.text("old_framework")
    if ids[0] != framework.id:
        faults.append(
            Fault("crosswalk-of-another", location=f"{path}:{node.line}", found=ids[0], expected=framework.id)
        )
    lines = [_line(part, path, faults) for part in given.items("leaves")]
    rows = [line | {"framework": ids[0], "old_framework": ids[1]} for line in lines]
    faults += _unknown(lines, framework, old) + _twice(lines)
    told = frame(rows, CROSSWALK) if not faults else empty(CROSSWALK)
    unclear = [] if old is not None else [Fault("crosswalk-old-unknown", location=path, found=ids[1])]
    return told, faults + unclear


def old_framework_of(text: str, path: str) -> str:
    """The id of the earlier framework a crosswalk names, "" where it cannot be read."""
    node, _ = parse(text, path)
    given = Reader(node or Node({}, 1, False), path, [])
    return given.text("old_framework", "")


def _line(node: Node, path: str, faults: list[Fault]) -> dict[str, str]:
    """One line; `line` is where it stands."""
    part = Reader(node, path, faults)
    part.refuse_unknown(LINE)
    old = []
    for one in part.items("was"):
        if not isinstance(one.value, str) or not one.quoted:
            faults.append(Fault("yaml-unquoted", location=f"{path}:{one.line}", found=str(one.value)))
        old.append(str(one.value))
    if not old:
        faults.append(Fault("yaml-missing-key", location=f"{path}:{node.line}", found="was"))
    code = part.quoted("code")
    for text in (code, *old):
        try:
            read_code(text)
        except ValueError as reason:
            where = f"{path}:{node.line}"
            faults.append(Fault("code-unreadable", location=where, found=text, expected=str(reason)))
    same = part.choice("same_meaning", ("yes", "no"))
    return {
        "code": code, "old_codes": ";".join(old), "same_meaning": same, "reference": part.text("reference"),
        "line": f"{path}:{node.line}",
    }  # fmt: skip


def _unknown(lines: list[dict[str, str]], framework: Framework, old: Framework | None) -> list[Fault]:
    """Codes that are no leaves of their framework."""
    found = []
    for line in lines:
        if line["code"] not in framework.leaf:
            found.append(Fault("crosswalk-code-unknown", "", line["code"], line["line"], line["code"], framework.id))
        for code in line["old_codes"].split(";"):
            if old is not None and code not in old.leaf:
                found.append(Fault("crosswalk-code-unknown", "", line["code"], line["line"], code, old.id))
    return found


def _twice(lines: list[dict[str, str]]) -> list[Fault]:
    """A leaf that stands in two lines, or an old one that would count twice."""
    codes = Counter(line["code"] for line in lines)
    old = Counter(code for line in lines if line["same_meaning"] == "yes" for code in line["old_codes"].split(";"))
    return [
        Fault("row-duplicate", "", line["code"], line["line"], ", ".join(twice))
        for line in lines
        if (
            twice := [line["code"]] * (codes[line["code"]] > 1)
            + [code for code in line["old_codes"].split(";") if line["same_meaning"] == "yes" and old[code] > 1]
        )
    ]
