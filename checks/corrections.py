"""Checks a correction file: its words, and that each correction fits the unit's framework."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd

from checks.columns import INPUT_COLUMNS
from checks.inputs import check_inputs
from checks.shared_files import read_positive
from models.actions.correct import Decided
from models.rules.cells import read_flag
from models.rules.corrections import apply_corrections
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.frames import INPUTS, rows_of
from models.rules.scoring import score
from models.rules.strict_yaml import Node, parse

TOP = ("decision", "decided_by", "reason", "corrections")
KEYS = ("unit", "code", "round", "agree", "not_applicable", "reason", "kind", "points", "exempt", *INPUTS)


def read_correction(text: str, path: str) -> tuple[Decided | None, list[Fault]]:
    """The file as a decision with its corrections (canonical text), and every fault with file and line."""
    node, faults = parse(text, path)
    if node is None or not isinstance(node.value, dict):
        return None, faults or [Fault("yaml-wrong-type", location=f"{path}:1", expected="decision: …")]
    given = node.value
    faults = [
        *faults,
        *(
            Fault("yaml-unknown-key", location=f"{path}:{part.line}", found=key)
            for key, part in given.items()
            if key not in TOP
        ),
    ]
    faults += [
        Fault("yaml-missing-key", location=f"{path}:{node.line}", found=key)
        for key in TOP
        if not _text(given.get(key)) and key != "corrections"
    ]
    listed = given.get("corrections")
    if listed is None or not isinstance(listed.value, list) or not listed.value:
        return None, [*faults, Fault("yaml-missing-key", location=f"{path}:{node.line}", found="corrections")]
    bodies, seen = [], set()
    for part in listed.value:
        body, wrong = read_body(part, path)
        faults += wrong
        key = (body.get("unit"), body.get("code"), body.get("exempt"), body.get("kind"))
        if key in seen and not body.get("kind"):
            faults.append(Fault("row-duplicate", body.get("unit", ""), body.get("code", ""), f"{path}:{part.line}"))
        seen.add(key)
        bodies.append(body | {"line": str(part.line)})
    if faults:
        return None, faults
    return Decided(_text(given["decision"]), _text(given["decided_by"]), _text(given["reason"]), bodies), []


def _text(node: Node | None) -> str:
    return "" if node is None or node.value is None else str(node.value).strip()


def read_body(part: Node, path: str) -> tuple[dict[str, str], list[Fault]]:
    """One correction as canonical text, and its faults; whether it fits the cycle is `check_correction`'s."""
    where = f"{path}:{part.line}"
    if not isinstance(part.value, dict):
        return {}, [Fault("yaml-wrong-type", location=where, expected="{unit: …, code: …}")]
    faults = [Fault("yaml-unknown-key", location=where, found=key) for key in part.value if key not in KEYS]
    readers = {column.name: column.read for column in INPUT_COLUMNS} | {
        "agree": read_flag, "not_applicable": read_flag, "exempt": read_flag,
    }  # fmt: skip
    faults += [
        Fault(
            "yaml-unquoted", location=f"{path}:{node.line}", found=f"{key}: {_text(node)}", expected=f'"{_text(node)}"'
        )
        for key, node in part.value.items()
        if key in ("code", "points", "option") and node.value is not None and not node.quoted
    ]
    body = {}
    for key, node in part.value.items():
        text = _text(node)
        try:
            body[key] = readers[key](text) if key in readers and text else text
        except ValueError as reason:
            faults.append(Fault("cell-unreadable", location=where, found=f"{key}: {text}", expected=str(reason)))
    if body.get("exempt") == "no":
        faults.append(Fault("cell-unreadable", location=where, found="exempt: no", expected="exempt: yes"))
    for flag in ("agree", "not_applicable", "exempt"):
        if body.get(flag) == "no":
            del body[flag]
    return body, faults


def check_correction(decided: Decided, inputs: CycleInputs, path: str) -> list[Fault]:
    """Faults of corrections against units, codes, rules and the one-statement rule."""
    blocs = dict(rows_of(inputs.units, "unit", "bloc"))
    faults: list[Fault] = []
    for body in decided.corrections:
        unit, code, where = body.get("unit", ""), body.get("code", ""), f"{path}:{body['line']}"
        if unit not in blocs:
            faults.append(Fault("unit-unknown", unit, code, where, unit))
            continue
        framework = inputs.framework_of(blocs[unit])
        if body.get("kind"):
            faults += _check_adjustment(body, unit, where)
        elif body.get("exempt"):
            if code not in framework.codes:
                faults.append(Fault("code-unknown", unit, code, where, code))
        elif code not in framework.leaf:
            faults.append(Fault("code-unknown", unit, code, where, code))
        elif framework.leaf[code].source != "appraisal":
            faults.append(Fault("code-not-appraised", unit, code, where, code))
        else:
            faults += _check_mark(body, inputs, where)
    return faults


def check_outcome(decided: Decided, inputs: CycleInputs, path: str) -> list[Fault]:
    """What would stop the next publication once these corrections are in force and does not stop it now.

    A decision that takes every leaf from a unit must be refused before it is on record: records are never undone.
    """
    number = max((int(text) for text in inputs.corrections["number"].tolist()), default=0) + 1
    records = [(number, decided.decision, decided.decided_by, decided.reason, body) for body in decided.corrections]
    before = {problem for sheet in score(inputs).values() for problem in sheet.problems}
    after = [problem for sheet in score(apply_corrections(inputs, records)).values() for problem in sheet.problems]
    lines = {body["unit"]: body["line"] for body in decided.corrections}
    return [
        replace(problem, location=f"{path}:{lines[problem.unit]}" if problem.unit in lines else path)
        for problem in after
        if problem not in before
    ]


def _check_adjustment(body: Mapping[str, str], unit: str, where: str) -> list[Fault]:
    try:
        read_positive(body.get("points", ""))
    except ValueError as reason:
        return [Fault("number-unreadable", unit, "", where, body.get("points", ""), str(reason))]
    if body["kind"] not in ("bonus", "penalty"):
        return [Fault("cell-unreadable", unit, "", where, body["kind"], "bonus | penalty")]
    return []


def _check_mark(body: Mapping[str, str], inputs: CycleInputs, where: str) -> list[Fault]:
    unit, code = body["unit"], body["code"]
    if body.get("round", "2") != "2":
        return [Fault("cell-unreadable", unit, code, where, f"round: {body['round']}", "2")]
    given = {name: body.get(name, "") for name in INPUTS}
    said = [bool(body.get("agree")), bool(body.get("not_applicable")), any(given.values())]
    if sum(said) != 1:
        return [Fault("mark-not-one-statement", unit, code, where)]
    if not said[2]:
        return []
    row = pd.DataFrame([{"unit": unit, "code": code, "location": where, **given}], dtype="str")
    blocs = dict(rows_of(inputs.units, "unit", "bloc"))
    return check_inputs(inputs.framework_of(blocs[unit]), row)
