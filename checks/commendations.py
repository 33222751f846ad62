"""Checks a commendation file: its words, and that whoever is named meets a criterion in the version named."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from models.rules.commendation import Commended, Criterion, Named, Result
from models.rules.findings import Fault, in_both
from models.rules.strict_yaml import Node, parse
from models.rules.yaml_reader import Reader

TOP = ("decision", "decided_by", "version", "criteria", "collectives", "individuals")
WAYS = ("top", "class", "index_at_least")


def read_commendation(text: str, path: str) -> tuple[Commended | None, list[Fault]]:
    """The file as a decision, and every fault with file and line; None where there is a fault."""
    node, faults = parse(text, path)
    if node is None:
        return None, faults
    given = Reader(node, path, faults)
    given.refuse_unknown(TOP)
    decision = Reader(given.node("decision"), path, faults)
    decision.refuse_unknown(("number", "issued_on", "issuer"))
    criteria = [_criterion(part, path, faults) for part in given.items("criteria")]
    named = [_named(part, path, faults, "collective") for part in given.items("collectives", [])]
    named += [_named(part, path, faults, "individual") for part in given.items("individuals", [])]
    if not named or not criteria:
        missing = "collectives, individuals" if criteria else "criteria"
        faults.append(Fault("yaml-missing-key", location=f"{path}:{node.line}", found=missing))
    seen: set[tuple[str, ...]] = set()
    for one in named:
        key = (one.kind, one.unit, one.name, one.position)
        if key in seen:
            faults.append(Fault("row-duplicate", one.unit, "", f"{path}:{one.line}"))
        seen.add(key)
    made = Commended(
        decision.text("number"), decision.date("issued_on"), decision.text("issuer"), given.text("decided_by"),
        given.integer("version"), criteria, named,
    )  # fmt: skip
    return (None if faults else made), faults


def _criterion(node: Node, path: str, faults: list[Fault]) -> Criterion:
    part = Reader(node, path, faults)
    part.refuse_unknown(("bloc", *WAYS))
    ways = [name for name in WAYS if part.has(name)]
    top = part.integer("top", 0)
    if len(ways) != 1 or ("top" in ways and top < 1):
        expected = in_both("đúng một trong top (từ 1), class, index_at_least", "exactly one of them, top from 1")
        faults.append(
            Fault("yaml-wrong-type", location=f"{path}:{node.line}", found=", ".join(ways), expected=expected)
        )
    return Criterion(part.text("bloc"), top, part.text("class", ""), part.number("index_at_least", ""))


def _named(node: Node, path: str, faults: list[Fault], kind: str) -> Named:
    part = Reader(node, path, faults)
    part.refuse_unknown(("unit", "name", "position") if kind == "individual" else ("unit", "name"))
    name = part.text("name") if kind == "individual" else part.text("name", "")
    return Named(kind, part.text("unit"), name, part.text("position", ""), node.line)


def check_commended(
    commended: Commended, results: Mapping[str, Result], blocs: Collection[str], path: str
) -> list[Fault]:
    """Everybody whose unit is not in that version or meets no criterion. results: by unit, the annexes' too."""
    faults = [
        Fault("bloc-unknown", location=path, found=one.bloc, expected=", ".join(blocs))
        for one in commended.criteria
        if one.bloc not in blocs
    ]
    words = "; ".join(one.words for one in commended.criteria)
    for one in commended.named:
        result, where = results.get(one.unit), f"{path}:{one.line}"
        if result is None:
            faults.append(Fault("unit-not-in-version", one.unit, "", where, one.unit, f"version {commended.version}"))
        elif commended.basis(result) is None:
            said = f"{result['rank'] or '–'} · {result['index']} · {result['classification']}"
            faults.append(Fault("criterion-not-met", one.unit, "", where, said, words))
    return faults
