"""Half-year figures of a bloc leaf by leaf: who gave them, what they sum to, who is behind. No points are computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from models.rules.frames import INPUTS, rows_of
from models.rules.framework import Framework, Leaf
from models.rules.numbers import plain, show

Figures = Mapping[str, str]


@dataclass(frozen=True)
class LeafProgress:
    """One leaf over a bloc: how many units gave figures, the whole bloc's figure, the lowest and highest unit's.

    lowest, highest: (unit, percent or value), None where figures are neither.
    """

    leaf: Leaf
    given: int
    whole: str
    lowest: tuple[str, str] | None = None
    highest: tuple[str, str] | None = None


def figures_by_unit(claims: pd.DataFrame) -> dict[str, dict[str, Figures]]:
    """unit -> leaf -> the inputs given. claims: unit, code and INPUTS (canonical text)."""
    found: dict[str, dict[str, Figures]] = {}
    for unit, code, *said in rows_of(claims, "unit", "code", *INPUTS):
        figures = {name: text for name, text in zip(INPUTS, said, strict=True) if text}
        if figures:
            found.setdefault(unit, {})[code] = figures
    return found


def progress(
    framework: Framework, units: Sequence[str], figures: Mapping[str, Mapping[str, Figures]]
) -> list[LeafProgress]:
    """Every appraisal leaf of a framework over these units, in the framework's order."""
    return [
        _leaf(leaf, {unit: figures[unit][leaf.code] for unit in units if leaf.code in figures.get(unit, {})})
        for leaf in framework.leaves
        if leaf.source == "appraisal"
    ]


def _leaf(leaf: Leaf, given: Mapping[str, Figures]) -> LeafProgress:
    shares = {
        unit: Fraction(said["numerator"]) / Fraction(said["denominator"])
        for unit, said in given.items()
        if said.get("denominator", "0") != "0" and "numerator" in said
    }
    if not shares:
        values = {unit: Fraction(said["value"]) for unit, said in given.items() if "value" in said}
        ends = [(unit, plain(values[unit])) for unit in _ends(values)]
        return LeafProgress(leaf, len(given), _counted(given), *ends)
    ends = [(unit, _percent(shares[unit])) for unit in _ends(shares)]
    top, bottom = (_sum(given, name) for name in ("numerator", "denominator"))
    whole = f"{plain(top)}/{plain(bottom)} = {_percent(top / bottom)}" if bottom else ""
    return LeafProgress(leaf, len(given), whole, *ends)


def _ends(figures: Mapping[str, Fraction]) -> tuple[str, ...]:
    """The lowest and the highest unit; among equals by code."""
    ordered = sorted(figures, key=lambda unit: (figures[unit], unit))
    return (ordered[0], ordered[-1]) if ordered else ()


def _counted(given: Mapping[str, Figures]) -> str:
    """What is no share: faults counted are summed, "met" is counted; values and options are not added up."""
    if any("count" in said for said in given.values()):
        return plain(_sum(given, "count"))
    if any("met" in said for said in given.values()):
        return f"{sum(said.get('met') == 'yes' for said in given.values())}/{len(given)} đạt"
    return ""


def _sum(given: Mapping[str, Figures], name: str) -> Fraction:
    return sum((Fraction(said[name]) for said in given.values() if name in said), Fraction(0))


def _percent(share: Fraction) -> str:
    return f"{show(share * 100, 1)}%"


def in_words(said: Figures) -> str:
    """One unit's figures of one leaf, as short as people write them."""
    if "numerator" in said and "denominator" in said:
        return f"{said['numerator']}/{said['denominator']}"
    if "met" in said:
        return {"yes": "đạt", "no": "chưa đạt"}[said["met"]]
    return next((said[name] for name in ("count", "value", "option", "points") if name in said), "")
