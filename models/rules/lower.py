"""A cascade: results of a lower cycle as statistics of a higher one, exact, and which cycle feeds which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from models.rules.frames import rows_of
from models.rules.framework import Leaf
from models.rules.numbers import round_half_up, show_scaled

TAKES = ("mean", "median", "share")  # a new way is a new name; one in use is never changed


@dataclass(frozen=True)
class Lower:
    """One link of cycle.yaml: leaf `code` of `unit` here is taken from a bloc of another, lower cycle.

    take: mean or median of the units' indices, or the share of units whose class is `at_least` or better.
    """

    unit: str
    code: str
    cycle: str
    bloc: str
    take: str
    at_least: str = ""


@dataclass(frozen=True)
class Taken:
    """What a link gives: points (text, the leaf's decimals), the percent behind them, and of how many units."""

    points: str
    percent: Fraction
    units: int


def take(link: Lower, leaf: Leaf, decimals: int, results: pd.DataFrame, classes: Mapping[str, Sequence[str]]) -> Taken:
    """Points of a leaf from a published version of the lower cycle: maximum × percent / 100, rounded half-up once.

    results: its results.csv (frame RESULTS), which has the published units alone, so that whoever holds the export
    can do it again. classes: of each bloc, best first. A percent outside 0 … 100 counts as the nearer end. Raises
    ValueError where the version has no such bloc, class, or no unit in the bloc.
    """
    if link.bloc not in classes:
        raise ValueError(f"bloc {link.bloc}: {', '.join(classes)}")
    rows = results[(results["bloc"] == link.bloc).to_numpy()]
    if not len(rows):
        raise ValueError(f"bloc {link.bloc}: 0 đơn vị / units")
    percent = _share(link, rows, classes[link.bloc]) if link.take == "share" else _middle(link, rows)
    within = min(Fraction(100), max(Fraction(0), percent))
    points = round_half_up(Fraction(leaf.maximum) * within / 100, decimals)
    return Taken(show_scaled(points, decimals), percent, len(rows))


def _middle(link: Lower, rows: pd.DataFrame) -> Fraction:
    """Mean or median of the indices, each exact: points / maximum × 100, at most 100 (contract, Unit)."""
    indices = sorted(
        min(Fraction(100), Fraction(points) / Fraction(maximum) * 100)
        for points, maximum in rows_of(rows, "points", "maximum")
    )
    count = len(indices)
    if link.take == "mean":
        return sum(indices, Fraction(0)) / count
    return (indices[(count - 1) // 2] + indices[count // 2]) / 2


def _share(link: Lower, rows: pd.DataFrame, classes: Sequence[str]) -> Fraction:
    """Percent of the units in this class or a better one."""
    if link.at_least not in classes:
        raise ValueError(f"at_least {link.at_least}: {', '.join(classes)}")
    good = classes[: classes.index(link.at_least) + 1]
    return Fraction(100 * int(rows["classification"].isin(good).sum()), len(rows))


def circle(start: str, feeds: Mapping[str, Sequence[str]]) -> list[str]:
    """The way from a cycle down through those that feed it and back to itself; empty where there is none."""
    seen: set[str] = set()
    ways = [[start, below] for below in feeds.get(start, ())]
    while ways:
        way = ways.pop()
        if way[-1] == start:
            return way
        if way[-1] not in seen:
            seen.add(way[-1])
            ways += [[*way, below] for below in feeds.get(way[-1], ())]
    return []
