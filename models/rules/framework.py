"""A framework as the rules see it: fields, criteria, leaves and their rules; numbers are canonical text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar, Literal

from models.rules.frames import code_key
from models.rules.numbers import most_places

WhenZero = Literal["full", "zero", "not_applicable"]
Source = Literal["appraisal", "survey", "statistics"]


@dataclass(frozen=True)
class PassFail:
    """Đạt / không đạt: the maximum or 0."""

    kind: ClassVar[str] = "pass_fail"
    inputs: ClassVar[tuple[str, ...]] = ("met",)


@dataclass(frozen=True)
class Option:
    """One choice and its points."""

    value: str
    points: str


@dataclass(frozen=True)
class Choice:
    """One of several options, each with its points."""

    options: tuple[Option, ...]
    kind: ClassVar[str] = "choice"
    inputs: ClassVar[tuple[str, ...]] = ("option",)


@dataclass(frozen=True)
class Tier:
    """From `at_least` on: `points`, or rising from `linear_from` towards `points` at the next threshold."""

    at_least: str
    points: str
    linear_from: str | None = None


@dataclass(frozen=True)
class Tiers:
    """Points of the highest tier reached by a value, or by a ratio in percent; tiers in rising order."""

    tiers: tuple[Tier, ...]
    measure: Literal["value", "ratio"] = "value"
    when_zero: WhenZero = "zero"
    kind: ClassVar[str] = "tiers"

    @property
    def inputs(self) -> tuple[str, ...]:
        return ("value",) if self.measure == "value" else ("numerator", "denominator")


@dataclass(frozen=True)
class Ratio:
    """Maximum times a ratio capped at 1; 0 below `floor` (in percent)."""

    floor: str | None = None
    when_zero: WhenZero = "zero"
    kind: ClassVar[str] = "ratio"
    inputs: ClassVar[tuple[str, ...]] = ("numerator", "denominator")


@dataclass(frozen=True)
class Deduction:
    """Maximum minus `per_unit` for each counted fault, not below `minimum` (which may be negative)."""

    per_unit: str
    minimum: str = "0"
    kind: ClassVar[str] = "deduction"
    inputs: ClassVar[tuple[str, ...]] = ("count",)


@dataclass(frozen=True)
class Judgement:
    """Points as given, between 0 and the maximum."""

    kind: ClassVar[str] = "judgement"
    inputs: ClassVar[tuple[str, ...]] = ("points",)


@dataclass(frozen=True)
class Survey:
    """Mean option percent per group, weighted over groups."""

    questions: tuple[str, ...]
    options: Mapping[str, str]
    group_weights: Mapping[str, str]
    minimum_valid: Mapping[str, int] = field(default_factory=dict)
    on_shortfall: Literal["not_applicable", "reweight"] = "not_applicable"
    kind: ClassVar[str] = "survey"
    inputs: ClassVar[tuple[str, ...]] = ()

    def least_valid(self, group: str) -> int:
        """Valid respondents this group needs; 1 unless the framework says otherwise."""
        return max(1, self.minimum_valid.get(group, 1))


Rule = PassFail | Choice | Tiers | Ratio | Deduction | Judgement | Survey


@dataclass(frozen=True)
class Leaf:
    """What carries points: a sub-criterion, or a criterion that has none."""

    code: str
    name: str
    maximum: str
    source: Source
    evidence: Literal["required", "optional", "none"]
    rule: Rule | None
    checked_on: str | None = None
    reference: str = ""


@dataclass(frozen=True)
class Criterion:
    """A criterion; `leaves` holds its sub-criteria, or the criterion itself where `is_leaf`."""

    code: str
    name: str
    maximum: str
    leaves: tuple[Leaf, ...]
    is_leaf: bool


@dataclass(frozen=True)
class ReformField:
    """A field (lĩnh vực) with its criteria."""

    code: str
    name: str
    maximum: str
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Decision:
    """The decision a framework was issued by."""

    number: str
    issued_on: str
    issuer: str


@dataclass(frozen=True)
class Framework:
    """One dated decision for one level of unit."""

    id: str
    title: str
    decision: Decision
    maximum: str
    fields: tuple[ReformField, ...]
    leaf_decimals: int = 5
    bonus_maximum: str | None = None
    penalty_maximum: str | None = None

    @cached_property
    def leaves(self) -> tuple[Leaf, ...]:
        """All leaves, ordered by code."""
        found = [leaf for part in self.fields for criterion in part.criteria for leaf in criterion.leaves]
        return tuple(sorted(found, key=lambda leaf: code_key(leaf.code)))

    @cached_property
    def leaf_codes(self) -> tuple[str, ...]:
        """Codes of all leaves, in their order."""
        return tuple(leaf.code for leaf in self.leaves)

    @cached_property
    def leaf(self) -> Mapping[str, Leaf]:
        """Leaves by code."""
        return {leaf.code: leaf for leaf in self.leaves}

    @cached_property
    def parents(self) -> Mapping[str, tuple[str, ...]]:
        """Leaf code -> its own code, its criterion's (if another) and its field's: most specific first."""
        return {
            leaf.code: tuple(dict.fromkeys((leaf.code, criterion.code, part.code)))
            for part in self.fields
            for criterion in part.criteria
            for leaf in criterion.leaves
        }

    @cached_property
    def codes(self) -> frozenset[str]:
        """Every code of the framework, at any level."""
        return frozenset(code for chain in self.parents.values() for code in chain)

    @cached_property
    def decimals(self) -> int:
        """Decimals that hold every leaf's points and every maximum exactly."""
        return max(self.leaf_decimals, most_places(leaf.maximum for leaf in self.leaves))

    @property
    def unchecked(self) -> tuple[Leaf, ...]:
        """Leaves nobody compared with the decision's annex."""
        return tuple(leaf for leaf in self.leaves if leaf.checked_on is None)

    def under(self, code: str) -> Iterator[Leaf]:
        """The leaves at or below a code."""
        return (leaf for leaf in self.leaves if code in self.parents[leaf.code])
