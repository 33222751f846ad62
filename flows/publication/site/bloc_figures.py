"""A bloc's scores as grids of whole numbers, and what its units' pages compare: each with the bloc, self with final."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from flows.publication.site_input import SiteInput
from models.rules.framework import Framework
from models.rules.numbers import Integers, compact, half_up, magnitude, most_places, roomy, scaled_one, show_scaled

Mask = npt.NDArray[np.bool_]
FINE = 1  # decimals of a difference in percentage points
NUMBERS = ("applicable", "self", "final")


@dataclass(frozen=True)
class BlocFigures:
    """Units × lines of one bloc; points as integers of 10**-decimals, 0 where there are none.

    units, codes: what rows and columns stand for, in published order and by code. said: where a final stands.
    """

    key: str
    name: str
    framework: Framework
    units: Sequence[str]
    codes: Sequence[str]
    decimals: int
    applicable: Integers
    own: Integers
    final: Integers
    said: Mask
    words: dict[int, str] = field(default_factory=dict)

    @cached_property
    def place(self) -> dict[str, int]:
        """The column of a code."""
        return {code: number for number, code in enumerate(self.codes)}

    @cached_property
    def row(self) -> dict[str, int]:
        """The row of a unit."""
        return {unit: number for number, unit in enumerate(self.units)}

    @cached_property
    def field_places(self) -> list[int]:
        """The columns of the fields, in the framework's order."""
        return [self.place[part.code] for part in self.framework.fields]

    @cached_property
    def leaf_places(self) -> list[int]:
        """The columns of the leaves, by code."""
        return [self.place[leaf.code] for leaf in self.framework.leaves]

    @cached_property
    def counted(self) -> Mask:
        """Where a line applies and has points."""
        return self.said & (self.applicable > 0)

    @cached_property
    def sums(self) -> tuple[Integers, Integers]:
        """Points and applicable maximum of the whole bloc, line by line, as Python integers."""
        return tuple(
            np.where(self.counted, grid, 0).astype(object).sum(axis=0) for grid in (self.final, self.applicable)
        )

    def percents(self, places: Sequence[int], decimals: int) -> list[list[str]]:
        """points / applicable maximum in percent of every unit on these lines, half-up; "" where it does not apply."""
        return percents_of(self.final[:, places], self.applicable[:, places], self.counted[:, places], decimals)

    def own_percents(self, places: Sequence[int], decimals: int) -> list[str]:
        """The same of the whole bloc."""
        above, below = (total[places] for total in self.sums)
        return percents_of(above[None, :], below[None, :], np.array([below > 0], dtype=np.bool_), decimals)[0]

    @cached_property
    def against_bloc(self) -> Integers:
        """unit's percent − bloc's percent of every line, in 10**-FINE percentage points; 0 where it does not apply."""
        above, below = self.sums
        part, whole = np.where(self.counted, self.final, 0), np.where(self.counted, self.applicable, 1)
        bound = magnitude(part) * magnitude(below) + magnitude(whole) * magnitude(above)
        large = bound * 100 * 10**FINE
        part, whole = roomy(part, large), roomy(whole, large)
        sums, maxima = (compact([int(one) for one in total]) for total in (above, np.where(below > 0, below, 1)))
        sums, maxima = roomy(sums, large), roomy(maxima, large)
        found = half_up((part * maxima - sums * whole) * (100 * 10**FINE), whole * maxima)
        return np.where(self.counted, found, 0)

    @cached_property
    def appraisal_parts(self) -> tuple[Integers, Integers, Integers]:
        """Per unit and field, over appraisal leaves that apply: applicable maximum, self points, final points."""
        members = self._members("appraisal")
        counted = self.counted[:, self.leaf_places]
        grids = (self.applicable, self.own, self.final)
        return tuple(np.where(counted, grid[:, self.leaf_places], 0) @ members for grid in grids)  # type: ignore[return-value]

    def _members(self, source: str) -> Integers:
        """Leaves × fields: 1 where a leaf of this source belongs to the field."""
        place = {part.code: number for number, part in enumerate(self.framework.fields)}
        made = np.zeros((len(self.framework.leaves), len(place)), dtype=np.int64)
        for number, leaf in enumerate(self.framework.leaves):
            if leaf.source == source:
                made[number, place[self.framework.parents[leaf.code][-1]]] = 1
        return made

    def shown(self, value: int) -> str:
        """Points as text with no more zeros than needed; each different value is put into words once."""
        if value not in self.words:
            text = show_scaled(int(value), self.decimals)
            self.words[value] = text.rstrip("0").rstrip(".") if "." in text else text
        return self.words[value]

    def extremes(self, most: int) -> list[tuple[list[int], list[int]]]:
        """Per unit: positions among the leaves furthest above and below the bloc in points, furthest first."""
        above, below = self.sums
        places = self.leaf_places
        counted, final = self.counted[:, places], self.final[:, places]
        whole = np.where(below[places] > 0, below[places], 1)
        mean = half_up(above[places] * self.applicable[:, places].max(axis=0).astype(object), whole)
        gap = np.where(counted, final - compact([int(one) for one in mean]), 0) if len(self.units) else final
        best = np.argsort(-gap, axis=1, kind="stable")[:, :most].tolist()
        worst = np.argsort(gap, axis=1, kind="stable")[:, :most].tolist()
        return [
            ([one for one in high if gaps[one] > 0], [one for one in low if gaps[one] < 0])
            for high, low, gaps in zip(best, worst, gap, strict=True)
        ]


def percents_of(above: Integers, below: Integers, counted: Mask, decimals: int) -> list[list[str]]:
    scale = 100 * 10**decimals
    large = magnitude(above) * scale if above.dtype != object else 0
    value = half_up(np.where(counted, roomy(above, large), 0) * scale, np.where(counted, below, 1))
    return [
        [show_scaled(int(one), decimals) if says else "" for one, says in zip(values, told, strict=True)]
        for values, told in zip(value.tolist(), counted.tolist(), strict=True)
    ]


def bloc_figures(given: SiteInput) -> Iterator[BlocFigures]:
    """The figures of every bloc that has published units, in the order of the blocs."""
    for key, name in given.shown_blocs:
        results = given.of_bloc(key)
        framework = given.frameworks[results["framework"].iloc[0]]
        mine = given.scores[given.scores["unit"].isin(results["unit"]).to_numpy()]
        yield _grids(key, name, framework, results["unit"].tolist(), mine)


def _grids(key: str, name: str, framework: Framework, units: list[str], scores: pd.DataFrame) -> BlocFigures:
    lines = len(scores) // len(units)
    codes = scores["code"].tolist()[:lines]
    order = scores["unit"].tolist()[::lines]
    assert sorted(order) == sorted(units), "scores hold every line of every unit, unit by unit"
    decimals = max(most_places(set(scores[column].tolist())) for column in NUMBERS)
    place = {unit: number for number, unit in enumerate(order)}
    picked = [place[unit] for unit in units]

    def grid(column: str) -> tuple[Integers, Any]:
        texts = scores[column].tolist()
        known = {text: scaled_one(text, decimals) if text else 0 for text in set(texts)}
        values = compact([known[text] for text in texts]).reshape(len(units), lines)[picked]
        said = np.array([text != "" for text in texts], dtype=np.bool_).reshape(len(units), lines)[picked]
        return values, said

    applicable, (own, _), (final, said) = grid("applicable")[0], grid("self"), grid("final")
    return BlocFigures(key, name, framework, units, codes, decimals, applicable, own, final, said)
