"""How firmly a unit holds its rank and class: under survey sampling error, and if a single leaf had gone otherwise."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.rules.cycle import CycleSettings
from models.rules.insight.survey_error import Z
from models.rules.numbers import Integers, magnitude, roomy, round_half_up, show, sortable
from models.rules.scoring import Sheet
from models.rules.totals import Standing

FULL = Fraction(100)


@dataclass(frozen=True)
class Flip:
    """The rank and index a unit would have had with one leaf turned over; code "" where no leaf changes anything."""

    rank: int
    index: Fraction
    code: str


@dataclass(frozen=True)
class Robustness:
    """One ranked unit. low, high: its index under survey error (95 %); best, worst: its rank under that of all units.

    up, down: the single leaf that would have moved it most, given in full or not at all, all else as it is.
    band: units of one band, counted from 1 in each bloc, cannot be told from the band's first.
    looks_equal: another unit of the bloc shows the same index.
    """

    line: Standing
    low: Fraction
    high: Fraction
    best: int
    worst: int
    up: Flip
    down: Flip
    band: int
    looks_equal: bool


@dataclass(frozen=True)
class Floors:
    """Distance, in percentage points of what classes are measured on, to the own floor and to the next class's."""

    above_own: Fraction | None
    next_class: str
    to_next: Fraction | None


def robustness(
    settings: CycleSettings, sheets: Mapping[str, Sheet], lines: Sequence[Standing], errors: Mapping[str, Fraction]
) -> list[Robustness]:
    """Every ranked unit in published order. errors: standard error of points by unit; absent is 0."""
    found: list[Robustness] = []
    turned = _turned(sheets)
    for bloc in settings.blocs:
        ranked = [line for line in lines if line.total.bloc == bloc.key and line.rank is not None]
        found += _bloc(settings, ranked, errors, turned)
    return found


def _bloc(
    settings: CycleSettings,
    lines: list[Standing],
    errors: Mapping[str, Fraction],
    turned: Mapping[str, tuple[Fraction, str, Fraction, str]],
) -> list[Robustness]:
    """lines: the ranked units of one bloc, best first."""
    spans = [_span(line, errors.get(line.total.unit, Fraction(0))) for line in lines]
    lows, highs = (sorted(map(sortable, ends)) for ends in zip(*spans, strict=True)) if spans else ([], [])
    indices = sorted(sortable(_index(line)) for line in lines)
    shown = [show(_index(line), settings.decimals) for line in lines]
    bands, times = tie_bands(spans), Counter(shown)
    made = []
    for line, (low, high), text, band in zip(lines, spans, shown, bands, strict=True):
        best, worst = 1 + _above(lows, high), 1 + _above(highs, low) - (high > low)
        gain, gained, loss, lost = turned[line.total.unit]
        up, down = _moved(line, gain), _moved(line, -loss)
        made.append(
            Robustness(
                line, low, high, best, worst,
                Flip(1 + _above(indices, up), up, gained),
                Flip(1 + _above(indices, down) - (down < _index(line)), down, lost),
                band, times[text] > 1,
            )
        )  # fmt: skip
    return made


def _index(line: Standing) -> Fraction:
    assert line.total.index is not None  # a ranked unit has one
    return line.total.index


def _above(values: list[tuple[int, Fraction]], limit: Fraction) -> int:
    """How many sorted values are greater."""
    return len(values) - bisect_right(values, sortable(limit))


def _span(line: Standing, error: Fraction) -> tuple[Fraction, Fraction]:
    """The index under the survey's sampling error, 95 %; capped like the index."""
    total, wide = line.total, Z * error
    low, high = ((total.points + step) / total.maximum * 100 for step in (-wide, wide))
    return min(low, FULL), min(high, FULL)


def _moved(line: Standing, points: Fraction) -> Fraction:
    return min((line.total.points + points) / line.total.maximum * 100, FULL)


def tie_bands(spans: Sequence[tuple[Fraction, Fraction]]) -> list[int]:
    """Numbers of bands: a unit whose interval does not reach that of the band's first begins the next one."""
    bands: list[int] = []
    floor = Fraction(0)
    for low, high in spans:
        if not bands or high < floor:
            bands.append(bands[-1] + 1 if bands else 1)
            floor = low
        else:
            bands.append(bands[-1])
    return bands


def _turned(sheets: Mapping[str, Sheet]) -> dict[str, tuple[Fraction, str, Fraction, str]]:
    """By unit: the most points one leaf would add, and its code; the most one would take, and its code."""
    found = {}
    for sheet in sheets.values():
        framework, codes = sheet.framework, [leaf.code for leaf in sheet.framework.leaves]
        fine = 10**framework.decimals
        scale = 10 ** (framework.decimals - framework.leaf_decimals)
        has, maxima = sheet.final.values, sheet.maxima[None, :]
        bound = magnitude(maxima) + max(1, magnitude(has)) * scale
        has = roomy(has, bound) * scale
        gain = np.where(sheet.applies, roomy(maxima, bound) - has, 0)
        loss = np.where(sheet.applies, has, 0)
        most = [_largest(grid) for grid in (gain, loss)]
        for row, unit in enumerate(sheet.units.tolist()):
            (more, at), (less, of) = ((values[row], places[row]) for values, places in most)
            found[unit] = (
                Fraction(int(more), fine),
                codes[at] if more else "",
                Fraction(int(less), fine),
                codes[of] if less else "",
            )
    return found


def _largest(grid: Integers) -> tuple[list[int], list[int]]:
    """Per row the largest value, at least 0, and the first place where it stands."""
    places = grid.argmax(axis=1)
    values = np.maximum(grid[np.arange(len(grid)), places], 0)
    return values.tolist(), places.tolist()


def floors(settings: CycleSettings, line: Standing) -> Floors:
    """How far a unit is from the floors around it, measured as its class is (exactly, or as shown)."""
    total = line.total
    if total.index is None:
        return Floors(None, "", None)
    shown = Fraction(round_half_up(total.index, settings.decimals), 10**settings.decimals)
    measured = shown if settings.classify_on == "shown" else total.index
    bands = settings.bloc(total.bloc).bands
    own = [band.least for band in bands if band.least <= measured]
    higher = [band for band in bands if band.least > measured]
    above = measured - own[0] if own else None
    if not higher:
        return Floors(above, "", None)
    return Floors(above, higher[-1].name, higher[-1].least - measured)
