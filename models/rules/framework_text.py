"""Reads framework.yaml and its field files: builds the framework and reports every fault with file and line."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from models.rules.cells import read_code
from models.rules.findings import Fault
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
from models.rules.numbers import places, show
from models.rules.strict_yaml import Node, parse
from models.rules.yaml_reader import Reader

HEAD = ("id", "title", "decision", "maximum", "leaf_decimals", "bonus_maximum", "penalty_maximum", "fields")
LEAF = ("source", "rule", "evidence", "checked_on", "reference")
RULE_KEYS: Mapping[str, tuple[str, ...]] = {
    "pass_fail": (),
    "choice": ("options",),
    "tiers": ("measure", "tiers", "when_zero"),
    "ratio": ("floor", "when_zero"),
    "deduction": ("per_unit", "minimum"),
    "judgement": (),
    "survey": ("questions", "options", "group_weights", "minimum_valid", "on_shortfall"),
}
WHEN_ZERO = ("full", "zero", "not_applicable")


@dataclass
class Place:
    """Where something was written, for faults found after reading."""

    path: str
    line: int

    def fault(self, check: str, code: str = "", found: str = "", expected: str = "") -> Fault:
        """A fault at this place."""
        return Fault(check, "", code, f"{self.path}:{self.line}", found, expected)


def read_framework(documents: Mapping[str, str]) -> tuple[Framework | None, list[Fault]]:
    """A framework from its files' text by path: framework.yaml alone, or with one file per field.

    Returns the framework (None when its structure cannot be read) and every fault; a framework with a fault
    that refuses must not be used. Source: contract, framework.yaml.
    """
    return _Reading().framework(documents)


class _Reading:
    """One reading of one framework; collects faults and remembers where each code stood."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.at: dict[str, Place] = {}

    def framework(self, documents: Mapping[str, str]) -> tuple[Framework | None, list[Fault]]:
        head_path = next((path for path in documents if path.rpartition("/")[2] == "framework.yaml"), None)
        head_path = head_path or (next(iter(documents)) if len(documents) == 1 else None)
        if head_path is None:
            return None, [Fault("framework-file-missing", location=", ".join(documents) or "framework.yaml")]
        head, found = parse(documents[head_path], head_path)
        self.faults += found
        if head is None:
            return None, self.faults
        reader = Reader(head, head_path, self.faults)
        reader.refuse_unknown(HEAD)
        fields = self.fields(reader, head_path, {p: t for p, t in documents.items() if p != head_path})
        decision = Reader(reader.node("decision"), head_path, self.faults)
        decision.refuse_unknown(("number", "issued_on", "issuer"))
        framework = Framework(
            id=reader.text("id"),
            title=reader.text("title"),
            decision=Decision(decision.text("number"), decision.date("issued_on"), decision.text("issuer")),
            maximum=reader.number("maximum"),
            fields=tuple(fields),
            leaf_decimals=reader.integer("leaf_decimals", 5),
            bonus_maximum=reader.number("bonus_maximum", None),
            penalty_maximum=reader.number("penalty_maximum", None),
        )
        place = Place(head_path, head.line)
        if not 0 <= framework.leaf_decimals <= 10:
            self.faults.append(
                place.fault(
                    "framework-number-outside",
                    found=f"leaf_decimals: {framework.leaf_decimals}",
                    expected="0 … 10",
                )
            )
        for name in ("bonus_maximum", "penalty_maximum"):
            if (getattr(framework, name) or "0").startswith("-"):
                self.faults.append(
                    place.fault(
                        "framework-number-outside",
                        found=f"{name}: {getattr(framework, name)}",
                        expected="≥ 0",
                    )
                )
        if not fields:
            self.faults.append(place.fault("yaml-missing-key", found="fields"))
        self.check_sum(_maximum_of(reader, head, head_path), "", framework.maximum, [part.maximum for part in fields])
        return framework, self.faults

    def fields(self, reader: Reader, head_path: str, others: Mapping[str, str]) -> list[ReformField]:
        """Fields from the head file, or one per other file."""
        parts = [(node, head_path) for node in reader.items("fields", [])]
        for path in sorted(others):
            node, found = parse(others[path], path)
            self.faults += found
            if node is not None:
                parts.append((node, path))
        if reader.has("fields") and others:
            self.faults.append(Fault("framework-fields-twice", location=head_path, found=", ".join(sorted(others))))
        made = [self.field(node, path) for node, path in parts]
        from models.rules.frames import code_key

        return sorted(made, key=lambda part: code_key(part.code))

    def field(self, node: Node, path: str) -> ReformField:
        reader = Reader(node, path, self.faults)
        reader.refuse_unknown(("code", "name", "maximum", "criteria"))
        code, maximum = self.coded(reader, node, path)
        criteria = [self.criterion(part, path) for part in reader.items("criteria")]
        self.check_sum(_maximum_of(reader, node, path), code, maximum, [one.maximum for one in criteria])
        return ReformField(code, reader.text("name"), maximum, tuple(criteria))

    def criterion(self, node: Node, path: str) -> Criterion:
        reader = Reader(node, path, self.faults)
        if not reader.has("sub_criteria"):
            leaf = self.leaf(node, path)
            return Criterion(leaf.code, leaf.name, leaf.maximum, (leaf,), True)
        reader.refuse_unknown(("code", "name", "maximum", "sub_criteria"))
        code, maximum = self.coded(reader, node, path)
        leaves = [self.leaf(part, path) for part in reader.items("sub_criteria")]
        self.check_sum(_maximum_of(reader, node, path), code, maximum, [one.maximum for one in leaves])
        return Criterion(code, reader.text("name"), maximum, tuple(leaves), False)

    def coded(self, reader: Reader, node: Node, path: str) -> tuple[str, str]:
        """Code and maximum of any level; a code stands once."""
        code, place = reader.quoted("code"), Place(path, node.line)
        if code:
            try:
                read_code(code)
            except ValueError as reason:
                self.faults.append(place.fault("code-unreadable", code, code, str(reason)))
            if code in self.at:
                first = self.at[code]
                self.faults.append(place.fault("framework-code-duplicate", code, code, f"{first.path}:{first.line}"))
            self.at[code] = place
        maximum = reader.number("maximum")
        if maximum and (maximum.startswith("-") or maximum == "0"):
            self.faults.append(place.fault("framework-number-outside", code, f"maximum: {maximum}", "> 0"))
        return code, maximum

    def leaf(self, node: Node, path: str) -> Leaf:
        reader = Reader(node, path, self.faults)
        reader.refuse_unknown(("code", "name", "maximum", *LEAF))
        code, maximum = self.coded(reader, node, path)
        source = reader.choice("source", ("appraisal", "survey", "statistics"))
        rule = self.rule(reader.node("rule"), path, code, maximum) if reader.has("rule") else None
        checked = reader.date("checked_on", None)
        leaf = Leaf(
            code=code,
            name=reader.text("name"),
            maximum=maximum,
            source=source,  # type: ignore[arg-type]  # one of the three, or a fault was told
            evidence=reader.choice("evidence", ("required", "optional", "none"), "none"),  # type: ignore[arg-type]
            rule=rule,
            checked_on=checked,
            reference=reader.text("reference", ""),
        )
        place = Place(path, node.line)
        fits = {
            "appraisal": rule is not None and not isinstance(rule, Survey),
            "survey": isinstance(rule, Survey),
            "statistics": rule is None or isinstance(rule, Judgement),
        }
        if source in fits and not fits[source] and (rule is not None or not reader.has("rule")):
            self.faults.append(place.fault("framework-rule-unfit", code, f"{source}: {rule.kind if rule else '–'}"))
        if checked is None:
            self.faults.append(place.fault("leaf-unchecked", code, leaf.name))
        return leaf

    def check_sum(self, place: Place, code: str, maximum: str, parts: Sequence[str]) -> None:
        """A level's maximum is the sum of the maxima below it."""
        if not maximum or not parts or not all(parts):
            return
        total = sum((Fraction(part) for part in parts), Fraction(0))
        if total != Fraction(maximum):
            shown, fine = " + ".join(parts), max(map(places, parts))
            self.faults.append(place.fault("framework-sum-differs", code, f"{maximum} ≠ {shown} = {show(total, fine)}"))

    def rule(self, node: Node, path: str, code: str, maximum: str) -> Rule | None:
        reader = Reader(node, path, self.faults)
        kind = reader.text("kind")
        place = Place(path, node.line)
        if kind not in RULE_KEYS:
            if kind:
                self.faults.append(place.fault("framework-rule-unknown", code, kind, ", ".join(RULE_KEYS)))
            return None
        reader.refuse_unknown(("kind", *RULE_KEYS[kind]))
        build: Mapping[str, Callable[[], Rule]] = {
            "pass_fail": lambda: PassFail(),
            "judgement": lambda: Judgement(),
            "choice": lambda: self.choice(reader, path, place, code, maximum),
            "tiers": lambda: self.tiers(reader, path, place, code, maximum),
            "ratio": lambda: self.ratio(reader, place, code),
            "deduction": lambda: self.deduction(reader, place, code, maximum),
            "survey": lambda: self.survey(reader, path, place, code),
        }
        return build[kind]()

    def within(self, place: Place, code: str, name: str, number: str, maximum: str) -> None:
        """Points a rule gives lie between 0 and the leaf's maximum."""
        if number and maximum and not 0 <= Fraction(number) <= Fraction(maximum):
            self.faults.append(place.fault("framework-points-outside", code, f"{name}: {number}", f"0 … {maximum}"))

    def choice(self, reader: Reader, path: str, place: Place, code: str, maximum: str) -> Choice:
        options: list[Option] = []
        for node in reader.items("options"):
            part = Reader(node, path, self.faults)
            part.refuse_unknown(("value", "points"))
            option = Option(part.quoted("value"), part.number("points"))
            here = Place(path, node.line)
            self.within(here, code, option.value, option.points, maximum)
            if option.value in [one.value for one in options]:
                self.faults.append(here.fault("framework-option-duplicate", code, option.value))
            options.append(option)
        self.reaches(place, code, maximum, [one.points for one in options])
        return Choice(tuple(options))

    def reaches(self, place: Place, code: str, maximum: str, points: Sequence[str]) -> None:
        """A leaf whose best result stays below its maximum is worth a word."""
        if maximum and points and all(points) and max(map(Fraction, points)) < Fraction(maximum):
            self.faults.append(place.fault("framework-maximum-unreachable", code, ", ".join(points), maximum))

    def tiers(self, reader: Reader, path: str, place: Place, code: str, maximum: str) -> Tiers:
        tiers = []
        for node in reader.items("tiers"):
            part = Reader(node, path, self.faults)
            part.refuse_unknown(("at_least", "points", "linear_from"))
            tier = Tier(part.number("at_least"), part.number("points"), part.number("linear_from", None))
            here = Place(path, node.line)
            self.within(here, code, "points", tier.points, maximum)
            if tier.linear_from is not None:
                self.within(here, code, "linear_from", tier.linear_from, tier.points or maximum)
            tiers.append(tier)
        if all(tier.at_least and tier.points for tier in tiers) and tiers:
            tiers = self.risen(tiers, place, code)
            self.reaches(place, code, maximum, [tier.points for tier in tiers])
        return Tiers(
            tuple(tiers),
            reader.choice("measure", ("value", "ratio"), "value"),  # type: ignore[arg-type]
            reader.choice("when_zero", WHEN_ZERO, "zero"),  # type: ignore[arg-type]
        )

    def risen(self, tiers: list[Tier], place: Place, code: str) -> list[Tier]:
        """Tiers from lowest to highest; written in one direction, points rising with the threshold."""
        steps = [Fraction(tier.at_least) for tier in tiers]
        rising, falling = steps == sorted(set(steps)), steps == sorted(set(steps), reverse=True)
        if not rising and not falling:
            self.faults.append(
                place.fault("framework-tiers-unsorted", code, ", ".join(tier.at_least for tier in tiers))
            )
        tiers = sorted(tiers, key=lambda tier: Fraction(tier.at_least))
        # A sloping tier may end at the next one's points; two flat ones with the same points are one tier.
        if any(
            Fraction(above.points) < Fraction(tier.points)
            or (Fraction(above.points) == Fraction(tier.points) and tier.linear_from is None)
            for tier, above in pairwise(tiers)
        ):
            self.faults.append(place.fault("framework-tiers-fall", code, ", ".join(tier.points for tier in tiers)))
        if tiers[-1].linear_from is not None:
            self.faults.append(place.fault("framework-tier-linear-last", code, tiers[-1].at_least))
        return tiers

    def ratio(self, reader: Reader, place: Place, code: str) -> Ratio:
        floor = reader.number("floor", None)
        if floor and not 0 <= Fraction(floor) <= 100:
            self.faults.append(place.fault("framework-number-outside", code, f"floor: {floor}", "0 … 100"))
        return Ratio(floor, reader.choice("when_zero", WHEN_ZERO, "zero"))  # type: ignore[arg-type]

    def deduction(self, reader: Reader, place: Place, code: str, maximum: str) -> Deduction:
        rule = Deduction(reader.number("per_unit"), reader.number("minimum", "0"))
        if rule.per_unit and Fraction(rule.per_unit) <= 0:
            self.faults.append(place.fault("framework-number-outside", code, f"per_unit: {rule.per_unit}", "> 0"))
        if rule.minimum and maximum and Fraction(rule.minimum) > Fraction(maximum):
            self.faults.append(
                place.fault("framework-number-outside", code, f"minimum: {rule.minimum}", f"≤ {maximum}")
            )
        return rule

    def survey(self, reader: Reader, path: str, place: Place, code: str) -> Survey:
        questions = [str(node.value) for node in reader.items("questions")]
        if len(set(questions)) < len(questions):
            self.faults.append(place.fault("framework-question-duplicate", code, ", ".join(questions)))
        if not questions:
            self.faults.append(place.fault("yaml-missing-key", code, "questions"))
        options = Reader(reader.node("options"), path, self.faults)
        percents = {key: options.number(key) for key in options.names()}
        weights_of = Reader(reader.node("group_weights"), path, self.faults)
        weights = {key: weights_of.number(key) for key in weights_of.names()}
        for key, percent in percents.items():
            if percent and not 0 <= Fraction(percent) <= 100:
                self.faults.append(place.fault("framework-number-outside", code, f"{key}: {percent}", "0 … 100"))
        if any(weight.startswith("-") for weight in weights.values()):
            self.faults.append(place.fault("framework-weights", code, str(weights), "≥ 0"))
        elif all(weights.values()) and not any(map(Fraction, weights.values())):
            self.faults.append(place.fault("framework-weights", code, str(weights), "Σ > 0"))
        least: dict[str, int] = {}
        if reader.has("minimum_valid"):
            given = Reader(reader.node("minimum_valid"), path, self.faults)
            least = {key: given.integer(key) for key in given.names()}
            for key in [key for key in least if key not in weights or least[key] < 1]:
                self.faults.append(
                    place.fault("framework-minimum-valid", code, f"{key}: {least[key]}", ", ".join(weights))
                )
        shortfall = reader.choice("on_shortfall", ("not_applicable", "reweight"), "not_applicable")
        return Survey(tuple(questions), percents, weights, least, shortfall)  # type: ignore[arg-type]


def _maximum_of(reader: Reader, node: Node, path: str) -> Place:
    """Where a level's maximum is written, else where the level begins."""
    return Place(path, reader.node("maximum").line if reader.has("maximum") else node.line)
