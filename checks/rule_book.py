"""The rule book: every check by its stable id, and findings made from faults with its sentences."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Literal

import pandas as pd
import yaml

from models.rules.findings import Fault
from models.rules.frames import code_key, empty
from models.rules.frames import frame as text_frame
from models.rules.steps import STEPS

FINDINGS = ("unit", "step", "severity", "code", "check", "location", "found", "expected", "advice")
_NONE = empty(FINDINGS)
MOST_FOUND = 300  # characters of a foreign cell that a finding quotes


@dataclass(frozen=True)
class Check:
    """One check. `vi`/`en`: what it demands or tells; `do_vi`/`do_en`: what to do; `why`: rule or article behind it."""

    id: str
    severity: Literal["refuse", "warn", "info"]
    vi: str
    en: str
    do_vi: str
    do_en: str
    why: str


@cache
def rule_book() -> Mapping[str, Check]:
    """All checks by id, in the order of the book."""
    text = resources.files("checks").joinpath("rule_book.yaml").read_text(encoding="utf-8")
    return {entry["id"]: Check(**entry) for entry in yaml.safe_load(text)}


def severity(fault: Fault) -> str:
    """refuse, warn or info. KeyError for a check the book does not know: that is a bug."""
    return rule_book()[fault.check].severity


def refusing(faults: Iterable[Fault]) -> list[Fault]:
    """Only the faults that refuse."""
    return [fault for fault in faults if severity(fault) == "refuse"]


def findings(faults: Iterable[Fault], step: str) -> pd.DataFrame:
    """Faults in the words of the book, one row each, in a fixed order. Columns FINDINGS (str)."""
    rows = []
    for fault in set(faults):
        check = rule_book()[fault.check]
        vi, en = (f": {text}" if text else "" for text in fault.expected_in())
        rows.append(
            {
                "unit": fault.unit,
                "step": step,
                "severity": check.severity,
                "code": fault.code,
                "check": check.id,
                "location": fault.location,
                "found": fault.found[:MOST_FOUND],
                "expected": f"{check.vi}{vi} / {check.en}{en}",
                "advice": f"{check.do_vi} / {check.do_en}",
            }
        )
    return text_frame(sorted(rows, key=_place), FINDINGS) if rows else _NONE


def ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Findings in the one order they are always written: unit, step, code, then the rest."""
    records: list[dict[str, str]] = frame.to_dict("records")  # type: ignore[assignment]  # all its columns are text
    return text_frame(sorted(records, key=_place), list(frame.columns))


def _place(row: Mapping[str, str]) -> tuple[object, ...]:
    step = STEPS.index(row["step"]) if row["step"] in STEPS else len(STEPS)
    return (
        row["unit"], step, code_key(row["code"]), row["check"], _line(row["location"]), row["found"], row["expected"],
    )  # fmt: skip


def _line(location: str) -> tuple[str, int]:
    """A location in reading order: line 9 before line 10."""
    head, mark, number = location.rpartition("!R" if "!R" in location else ":")
    return (head, int(number)) if mark and number.isdecimal() else (location, 0)
