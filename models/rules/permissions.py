"""Who may mark which leaf of which unit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from models.rules.frames import rows_of
from models.rules.framework import Framework


@dataclass(frozen=True)
class Responsibility:
    """Those answerable for one leaf: by the most specific code that names anyone, and those who may step in."""

    appraisers: frozenset[str]
    fallbacks: frozenset[str]


@dataclass(frozen=True)
class Permissions:
    """Permissions of one framework's leaves. responsibilities: frame RESPONSIBILITIES."""

    framework: Framework
    responsibilities: pd.DataFrame

    @cached_property
    def unit_of(self) -> Mapping[str, str]:
        """The ranked unit each appraiser belongs to, "" for none."""
        return dict(rows_of(self.responsibilities, "appraiser", "unit"))

    @cached_property
    def leaves(self) -> Mapping[str, Responsibility]:
        """By leaf code. Source: contract, Who may mark (the more specific code decides)."""
        regular: dict[str, set[str]] = {}
        stand_in: dict[str, set[str]] = {}
        for row in self.responsibilities.to_dict("records"):
            into = stand_in if row["fallback"] == "yes" else regular
            into.setdefault(row["code"], set()).add(row["appraiser"])
        found = {}
        for code, chain in self.framework.parents.items():
            deciding = next((regular[part] for part in chain if part in regular), set())
            steps_in = set().union(*(stand_in.get(part, set()) for part in chain))
            found[code] = Responsibility(frozenset(deciding), frozenset(steps_in))
        return found

    def may_mark(self, appraiser: str, unit: str, code: str) -> bool:
        """Nobody marks their own unit; a fallback marks where all other responsible appraisers belong to it."""
        if self.unit_of.get(appraiser, "") == unit:
            return False
        answerable = self.leaves[code]
        if appraiser in answerable.appraisers:
            return True
        others = answerable.appraisers - {appraiser}
        return appraiser in answerable.fallbacks and all(self.unit_of[other] == unit for other in others)

    def who_may_mark(self, unit: str, code: str) -> list[str]:
        """Everyone who may mark this leaf of this unit, by code."""
        answerable = self.leaves[code]
        return sorted(who for who in answerable.appraisers | answerable.fallbacks if self.may_mark(who, unit, code))
