"""Commendations drawn from published results: whom a decision names, by which criterion, and who meets it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

Result = Mapping[str, str]  # one row of results.csv


@dataclass(frozen=True)
class Criterion:
    """What a unit must have reached in its bloc; exactly one of top, classification and index_at_least is given."""

    bloc: str
    top: int = 0
    classification: str = ""
    index_at_least: str = ""

    def met_by(self, result: Result) -> bool:
        """Whether this published result meets it; a unit without a rank is never among the top."""
        if result["bloc"] != self.bloc:
            return False
        if self.top:
            return bool(result["rank"]) and int(result["rank"]) <= self.top
        if self.classification:
            return result["classification"] == self.classification
        return bool(result["index"]) and Fraction(result["index"]) >= Fraction(self.index_at_least)

    @property
    def words(self) -> str:
        """In Vietnamese and English."""
        if self.top:
            return f"{self.bloc}: hạng 1-{self.top} / rank 1-{self.top}"
        if self.classification:
            return f"{self.bloc}: xếp loại / class {self.classification}"
        return f"{self.bloc}: chỉ số từ / index at least {self.index_at_least}"


@dataclass(frozen=True)
class Named:
    """One that is commended: a unit itself (no name), a collective inside it, or a person of it."""

    kind: str  # collective | individual
    unit: str
    name: str = ""
    position: str = ""
    line: int = 0


@dataclass(frozen=True)
class Commended:
    """A decision to commend, drawn from one published version; each of `named` has a unit that meets a criterion."""

    decision: str
    issued_on: str
    issuer: str
    decided_by: str
    version: int
    criteria: Sequence[Criterion]
    named: Sequence[Named]

    def basis(self, result: Result) -> Criterion | None:
        """The first criterion a published result meets."""
        return next((one for one in self.criteria if one.met_by(result)), None)

    def counted(self) -> dict[str, dict[str, int]]:
        """unit -> how many collectives and how many individuals; no name of anybody."""
        found: dict[str, dict[str, int]] = {}
        for one in self.named:
            counts = found.setdefault(one.unit, {"collective": 0, "individual": 0})
            counts[one.kind] += 1
        return found

    def body(self) -> dict[str, list[dict[str, str | int]]]:
        """Criteria and who is named, as they are stored."""
        return {
            "criteria": [
                {"bloc": one.bloc, "top": one.top, "class": one.classification, "index_at_least": one.index_at_least}
                for one in self.criteria
            ],
            "named": [
                {"kind": one.kind, "unit": one.unit, "name": one.name, "position": one.position} for one in self.named
            ],
        }


def from_body(body: Mapping[str, Sequence[Mapping[str, str]]]) -> tuple[list[Criterion], list[Named]]:
    """What `Commended.body` wrote."""
    criteria = [
        Criterion(one["bloc"], int(one["top"]), one["class"], one["index_at_least"]) for one in body["criteria"]
    ]
    return criteria, [Named(one["kind"], one["unit"], one["name"], one["position"]) for one in body["named"]]
