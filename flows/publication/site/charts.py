"""Charts of the pages: bars of an index or of shares, and the ranks of years; drawn with svg.py, sized in percent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import svg
from markupsafe import Markup

from flows.publication.site.drawing import HOLE, dot, drawing, line, pattern, rect, words
from models.rules.numbers import most_places, scaled_one, show, show_scaled

FULL = 76  # percent of the drawing's width that stands for 100; the rest is for the figure
MOST_BARS = 60  # above it a chart counts units per step of the index
STEP = 5
TALL = 38  # pixels of a bar with its label
PAIR = 54  # of two bars with theirs
RANKS = 150  # pixels from the first rank to the last


@dataclass(frozen=True)
class Bar:
    """One bar: its label, the figure beside it, its length in percent of the width, more where it fits."""

    label: str
    told: str
    width: str
    more: str = ""


def length(percent: str) -> str:
    """The length of a bar for a value in percent (decimal text, "" is none); none below 0, full from 100 on."""
    decimals = most_places([percent])
    full = 100 * 10**decimals
    share = min(max(scaled_one(percent or "0", decimals), 0), full)
    return show_scaled((2 * share * FULL * 100 + full) // (2 * full), 2)


def bar(label: str, told: str, percent: str, more: str = "") -> Bar:
    """A bar for a value in percent."""
    return Bar(label, told, length(percent), more)


def bars(rows: Sequence[Bar], labelled_by: str) -> Markup:
    """Horizontal bars one below the other, each with its label above and its figure at the end of the track."""
    made: list[svg.Element] = []
    for number, one in enumerate(rows):
        top = number * TALL
        made += [
            words("name", 0, top + 14, one.label),
            rect("track", 0, top + 19, f"{FULL}%", 12),
            rect("bar", 0, top + 19, f"{one.width}%", 12),
            words("told", f"{FULL}%", top + 30, one.told, one.more, 6),
        ]
    return drawing("bars", len(rows) * TALL + 2, labelled_by, made)


def index_bars(units: Sequence[tuple[str, str, str]]) -> list[Bar]:
    """One bar per unit; units: (name, index, class) in published order."""
    return [bar(name, index or "–", index, kind) for name, index, kind in units]


def distribution(percents: Sequence[str]) -> list[Bar]:
    """How many values lie in each step of 5 percent, highest step first; values as decimal text."""
    counts: dict[int, int] = {}
    for percent in percents:
        step = min(max(int(Fraction(percent) // STEP) * STEP, 0), 100 - STEP)
        counts[step] = counts.get(step, 0) + 1
    most = max(counts.values(), default=1)
    steps = range(max(counts, default=0), min(counts, default=0) - STEP, -STEP)
    return [
        bar(f"{step} – {'' if step + STEP == 100 else '< '}{step + STEP} %", str(counts.get(step, 0)),
            str(counts.get(step, 0) * 100 // most))
        for step in steps
    ]  # fmt: skip


def share_pattern(labels: Sequence[str], labelled_by: str) -> str:
    """Bars of one framework's fields, drawn once; every unit puts its own lengths and figures in.

    Per label three places for `%`: length of the bar, position of the mark, figure.
    """
    made: list[svg.Element] = []
    for number, label in enumerate(labels):
        top = number * TALL
        made += [
            words("name", 0, top + 14, label.replace(HOLE, "")),
            rect("track", 0, top + 19, f"{FULL}%", 12),
            rect("bar", 0, top + 19, f"{HOLE}%", 12),
            rect("mark", f"{HOLE}%", top + 16, 3, 18),
            words("told", f"{FULL}%", top + 30, HOLE, shift=6),
        ]
    return pattern(drawing("bars", len(labels) * TALL + 2, labelled_by, made))


def pair_pattern(labels: Sequence[str], labelled_by: str) -> str:
    """The same with two bars per field; per label four places for `%`: both lengths, both figures."""
    made: list[svg.Element] = []
    for number, label in enumerate(labels):
        top = number * PAIR
        made += [
            words("name", 0, top + 14, label.replace(HOLE, "")),
            rect("track", 0, top + 19, f"{FULL}%", 24),
            rect("bar own", 0, top + 19, f"{HOLE}%", 12),
            rect("bar", 0, top + 31, f"{HOLE}%", 12),
            words("told", f"{FULL}%", top + 29, HOLE, shift=6),
            words("told", f"{FULL}%", top + 42, HOLE, shift=6),
        ]
    return pattern(drawing("bars", len(labels) * PAIR + 2, labelled_by, made))


@dataclass(frozen=True)
class Year:
    """A year of a unit: rank 0 where it had none; broken: another framework than the year before."""

    year: str
    rank: int
    broken: bool = False


def rank_chart(years: Sequence[Year], last: int, labelled_by: str) -> Markup:
    """Ranks of years from left to right, the first on top; a line is broken where the framework changed, or where a
    rank or a year is missing, and a dashed one stands where it changed. last: the lowest rank that could be.
    """
    across = Fraction(92, max(len(years), 1))
    lowest = max([last, 2, *(one.rank for one in years)])

    def x(number: int) -> str:
        return f"{show(4 + across * number + across / 2, 2)}%"

    def y(rank: int) -> int:
        return 24 + RANKS * (rank - 1) // (lowest - 1)

    made: list[svg.Element] = []
    for rank in (1, lowest):
        made += [line("axis", "4%", y(rank), "96%", y(rank)), words("year", "2%", y(rank) + 4, str(rank))]
    for number, one in enumerate(years):
        if one.broken:
            edge = f"{show(4 + across * number, 2)}%"
            made.append(line("broken", edge, 4, edge, RANKS + 34))
        before = years[number - 1] if number else None
        follows = before and before.year.isdecimal() and one.year == str(int(before.year) + 1)
        if before and follows and before.rank and one.rank and not one.broken:
            made.append(line("trend", x(number - 1), y(before.rank), x(number), y(one.rank)))
    for number, one in enumerate(years):
        if one.rank:
            made += [dot("point", x(number), y(one.rank), 5), words("told", x(number), y(one.rank) - 10, str(one.rank))]
        made.append(words("year", x(number), RANKS + 54, one.year))
    return drawing("ranks", RANKS + 62, labelled_by, made)
