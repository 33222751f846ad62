"""A framework as canonical JSON and back: how it is stored, hashed and exported."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from models.rules.framework import (
    Choice,
    Criterion,
    Decision,
    Deduction,
    Framework,
    Judgement,
    Leaf,
    Option,
    PassFail,
    Ratio,
    ReformField,
    Rule,
    Survey,
    Tier,
    Tiers,
)

Json = dict[str, Any]


def dump(framework: Framework) -> str:
    """Canonical JSON text: the keys of framework.yaml, defaults filled in, numbers as strings."""
    return canonical_json(as_json(framework))


def digest(framework: Framework) -> str:
    """SHA-256 of its canonical text."""
    return hashlib.sha256(dump(framework).encode()).hexdigest()


def digests(frameworks: Mapping[str, Framework]) -> dict[str, str]:
    """SHA-256 of each framework's canonical text, by the same keys; frameworks that many keys share are read once."""
    different = {id(one): one for one in frameworks.values()}
    found = {key: digest(one) for key, one in different.items()}
    return {key: found[id(one)] for key, one in frameworks.items()}


def canonical_json(value: object) -> str:
    """The one way JSON files of an export are written."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, indent=1) + "\n"


def as_json(framework: Framework) -> Json:
    """The framework as plain JSON values; what is absent has no key."""
    return _given(
        id=framework.id,
        title=framework.title,
        decision={
            "number": framework.decision.number,
            "issued_on": framework.decision.issued_on,
            "issuer": framework.decision.issuer,
        },
        maximum=framework.maximum,
        leaf_decimals=framework.leaf_decimals,
        bonus_maximum=framework.bonus_maximum,
        penalty_maximum=framework.penalty_maximum,
        fields=[_field(part) for part in framework.fields],
    )


def _given(**values: Any) -> Json:
    return {key: value for key, value in values.items() if value is not None}


def _field(part: ReformField) -> Json:
    return {
        "code": part.code,
        "name": part.name,
        "maximum": part.maximum,
        "criteria": [_criterion(criterion) for criterion in part.criteria],
    }


def _criterion(criterion: Criterion) -> Json:
    if criterion.is_leaf:
        return _leaf(criterion.leaves[0])
    return {
        "code": criterion.code,
        "name": criterion.name,
        "maximum": criterion.maximum,
        "sub_criteria": [_leaf(leaf) for leaf in criterion.leaves],
    }


def _leaf(leaf: Leaf) -> Json:
    made = _given(
        code=leaf.code,
        name=leaf.name,
        maximum=leaf.maximum,
        source=leaf.source,
        evidence=leaf.evidence,
        reference=leaf.reference,
        rule=None if leaf.rule is None else _rule(leaf.rule),
    )
    return made | {"checked_on": leaf.checked_on}


def _rule(rule: Rule) -> Json:
    own: Json = {}
    match rule:
        case Choice():
            own = {"options": [{"value": one.value, "points": one.points} for one in rule.options]}
        case Tiers():
            own = {
                "measure": rule.measure,
                "when_zero": rule.when_zero,
                "tiers": [
                    _given(at_least=tier.at_least, points=tier.points, linear_from=tier.linear_from)
                    for tier in rule.tiers
                ],
            }
        case Ratio():
            own = _given(floor=rule.floor, when_zero=rule.when_zero)
        case Deduction():
            own = {"per_unit": rule.per_unit, "minimum": rule.minimum}
        case Survey():
            own = {
                "questions": list(rule.questions),
                "options": dict(rule.options),
                "group_weights": dict(rule.group_weights),
                "minimum_valid": dict(rule.minimum_valid),
                "on_shortfall": rule.on_shortfall,
            }
    return {"kind": rule.kind} | own


def load(text: str) -> Framework:
    """A framework from the JSON `dump` wrote; not for foreign text, which goes through the linter."""
    return from_json(json.loads(text))


def from_json(given: Mapping[str, Any]) -> Framework:
    """A framework from plain values of the shape `as_json` makes; KeyError where a key is missing."""
    return Framework(
        id=given["id"],
        title=given["title"],
        decision=Decision(**given["decision"]),
        maximum=given["maximum"],
        fields=tuple(_read_field(part) for part in given["fields"]),
        leaf_decimals=given.get("leaf_decimals", 5),
        bonus_maximum=given.get("bonus_maximum"),
        penalty_maximum=given.get("penalty_maximum"),
    )


def _read_field(given: Mapping[str, Any]) -> ReformField:
    criteria = tuple(_read_criterion(criterion) for criterion in given["criteria"])
    return ReformField(given["code"], given["name"], given["maximum"], criteria)


def _read_criterion(given: Mapping[str, Any]) -> Criterion:
    parts = given.get("sub_criteria")
    leaves = (_read_leaf(given),) if parts is None else tuple(_read_leaf(leaf) for leaf in parts)
    return Criterion(given["code"], given["name"], given["maximum"], leaves, parts is None)


def _read_leaf(given: Mapping[str, Any]) -> Leaf:
    return Leaf(
        code=given["code"],
        name=given["name"],
        maximum=given["maximum"],
        source=given["source"],
        evidence=given["evidence"],
        rule=read_rule(given["rule"]) if given.get("rule") else None,
        checked_on=given.get("checked_on"),
        reference=given.get("reference") or "",
    )


def read_rule(given: Mapping[str, Any]) -> Rule:
    """A rule from plain values; KeyError for a kind nobody knows."""
    own = {key: value for key, value in given.items() if key != "kind"}
    match given["kind"]:
        case "choice":
            return Choice(tuple(Option(**option) for option in own["options"]))
        case "tiers":
            return Tiers(**own | {"tiers": tuple(Tier(**tier) for tier in own["tiers"])})
        case "survey":
            return Survey(**own | {"questions": tuple(own["questions"])})
        case "ratio":
            return Ratio(**own)
        case "deduction":
            return Deduction(**own)
        case "pass_fail":
            return PassFail()
        case "judgement":
            return Judgement()
        case kind:
            raise KeyError(kind)
