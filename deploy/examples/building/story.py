"""What an example tells: how good each unit is, and every figure a source states."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from building.figures import Figures
from building.variety import between
from models.rules.framework import Framework

Key = tuple[str, str]  # unit, code of a leaf
STRAY = 3


@dataclass(frozen=True)
class Story:
    """One example beyond the hand-written files of its folder.

    aims: unit -> field -> percent of what applies there; met exactly by the units in `exact`, nearly by others.
    facts: figures a source states; the unit claims them and the appraisers agree. breakdowns: what they consist of.
    out: leaves that do not apply, with the unit's reason.
    tuned: framework -> leaves whose share closes a field. amounts: leaf -> least and most its denominator counts.
    midyear: unit -> leaf -> what it reported for the first half year. heads: group -> respondents per unit.
    below: leaves a lower cycle gives, which get no row in statistics.csv.
    signs: unit -> what stands in its document numbers.
    """

    aims: Mapping[str, Mapping[str, Fraction]]
    tuned: Mapping[str, tuple[str, ...]]
    heads: Mapping[str, int]
    signs: Mapping[str, str]
    statistics_source: str = ""
    exact: frozenset[str] = frozenset()
    facts: Mapping[Key, Figures] = field(default_factory=dict)
    breakdowns: Mapping[Key, str] = field(default_factory=dict)
    out: Mapping[Key, str] = field(default_factory=dict)
    amounts: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    midyear: Mapping[str, Mapping[str, Figures]] = field(default_factory=dict)
    below: frozenset[Key] = frozenset()


def around(framework: Framework, unit: str, index: str) -> dict[str, Fraction]:
    """Aims of a unit whose fields stray some points around one index, so that all together make it."""
    stray = {one.code: Fraction(between(-STRAY, STRAY, "field", unit, one.code)) for one in framework.fields}
    maxima = {one.code: Fraction(one.maximum) for one in framework.fields}
    shift = sum(stray[code] * maxima[code] for code in maxima) / sum(maxima.values())
    return {code: min(Fraction(100), Fraction(index) + stray[code] - shift) for code in stray}
