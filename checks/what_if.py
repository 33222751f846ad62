"""Checks a what-if file: its words, and that what it changes is there to be changed."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction

import pandas as pd

from checks.corrections import read_body
from checks.inputs import check_inputs
from models.rules.cells import read_code
from models.rules.cycle import Band, CycleInputs
from models.rules.cycle_text import read_bands
from models.rules.findings import Fault
from models.rules.frames import INPUTS, rows_of
from models.rules.insight.what_if import WhatIf
from models.rules.strict_yaml import Node, parse
from models.rules.yaml_reader import Reader

TOP = ("reason", "maxima", "bands", "blocs", "leaf")
LEAF = ("unit", "code", "not_applicable", *INPUTS)


def read_what_if(text: str, path: str, inputs: CycleInputs) -> tuple[WhatIf | None, list[Fault]]:
    """The file as what it changes in this cycle, and every fault with file and line; None when it cannot be read.

    Keys: maxima (a list of framework*, code, maximum), bands (for every bloc) or blocs (key: {bands}), as in
    cycle.yaml, and leaf (unit, code and inputs, or not_applicable: yes; points for a survey or statistics leaf).
    """
    node, faults = parse(text, path)
    if node is None:
        return None, faults
    reader = Reader(node, path, faults)
    reader.refuse_unknown(TOP)
    if not any(reader.has(key) for key in TOP[1:]):
        faults.append(Fault("yaml-missing-key", location=f"{path}:{node.line}", found=" | ".join(TOP[1:])))
    bands: dict[str, tuple[Band, ...]] = {}
    if reader.has("bands"):
        bands = dict.fromkeys([bloc.key for bloc in inputs.settings.blocs], read_bands(reader, path, faults))
    if reader.has("blocs"):
        bands |= dict(_blocs(Reader(reader.node("blocs"), path, faults), path, inputs, faults))
    maxima = dict(_maxima(reader, path, inputs, faults)) if reader.has("maxima") else {}
    leaf = _leaf(reader.node("leaf"), path, inputs, faults) if reader.has("leaf") else {}
    return WhatIf(maxima, bands, leaf), faults


def _blocs(
    listed: Reader, path: str, inputs: CycleInputs, faults: list[Fault]
) -> Iterator[tuple[str, tuple[Band, ...]]]:
    known = [bloc.key for bloc in inputs.settings.blocs]
    for key in listed.names():
        node = listed.node(key)
        if key not in known:
            faults.append(Fault("bloc-unknown", location=f"{path}:{node.line}", found=key, expected=", ".join(known)))
            continue
        part = Reader(node, path, faults)
        part.refuse_unknown(("bands",))
        yield key, read_bands(part, path, faults)


def _maxima(
    reader: Reader, path: str, inputs: CycleInputs, faults: list[Fault]
) -> Iterator[tuple[tuple[str, str], str]]:
    """Where no framework is named, every framework of the cycle that has the leaf."""
    used = dict.fromkeys(bloc.framework for bloc in inputs.settings.blocs)
    seen: set[tuple[str, str]] = set()
    for node in reader.items("maxima"):
        where = f"{path}:{node.line}"
        part = Reader(node, path, faults)
        part.refuse_unknown(("framework", "code", "maximum"))
        code, maximum, named = part.quoted("code"), part.number("maximum"), part.text("framework", "")
        if named and named not in used:
            faults.append(Fault("framework-unknown", location=where, found=named, expected=", ".join(used)))
            continue
        having = [key for key in ([named] if named else used) if code in inputs.frameworks[key].leaf]
        if not having:
            faults.append(Fault("code-unknown", "", _code(code), where, code))
        if maximum and Fraction(maximum) < 0:
            faults.append(Fault("framework-number-outside", "", _code(code), where, f"maximum: {maximum}", "≥ 0"))
            continue
        for key in having:
            if (key, code) in seen:
                faults.append(Fault("row-duplicate", "", _code(code), where))
            seen.add((key, code))
            yield (key, code), maximum or "0"


def _code(text: str) -> str:
    """The code where it can be one: findings order by it."""
    try:
        return read_code(text)
    except ValueError:
        return ""


def _leaf(node: Node, path: str, inputs: CycleInputs, faults: list[Fault]) -> dict[str, str]:
    """One leaf of one unit, with the inputs its rule asks for."""
    before = len(faults)
    where = f"{path}:{node.line}"
    Reader(node, path, faults).refuse_unknown(LEAF)
    body, wrong = read_body(node, path)
    faults += [fault for fault in wrong if fault.check != "yaml-unknown-key"]
    for key in ("unit", "code"):
        if not body.get(key) and len(faults) == before:
            faults.append(Fault("yaml-missing-key", location=where, found=key))
    if len(faults) == before:
        faults += _check_leaf(body, where, inputs)
    return body if len(faults) == before else {}


def _check_leaf(body: dict[str, str], where: str, inputs: CycleInputs) -> list[Fault]:
    unit, code = body["unit"], body["code"]
    blocs = dict(rows_of(inputs.units, "unit", "bloc"))
    if unit not in blocs:
        return [Fault("unit-unknown", unit, _code(code), where, unit)]
    framework = inputs.framework_of(blocs[unit])
    if code not in framework.leaf:
        return [Fault("code-unknown", unit, _code(code), where, code)]
    leaf, given = framework.leaf[code], {name: body.get(name, "") for name in INPUTS}
    if bool(body.get("not_applicable")) == any(given.values()):
        return [Fault("mark-not-one-statement", unit, code, where)]
    if body.get("not_applicable"):
        return []
    if leaf.source == "appraisal":
        row = pd.DataFrame([{"unit": unit, "code": code, "location": where, **given}], dtype="str")
        return check_inputs(framework, row)
    others = [name for name in INPUTS if given[name] and name != "points"]
    if others or not given["points"]:
        return [Fault("input-not-of-rule", unit, code, where, ", ".join(others), "points")]
    if not 0 <= Fraction(given["points"]) <= Fraction(leaf.maximum):
        return [Fault("points-outside", unit, code, where, given["points"], f"0 … {leaf.maximum}")]
    return []
