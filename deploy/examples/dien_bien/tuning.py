"""Finds inputs for every leaf of a unit so that the engine's rules give the index wanted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from building.figures import BEST, Figures, figures, points
from building.variety import between, one_in

from dien_bien import circumstances
from dien_bien.amounts import amount_of
from dien_bien.province import DECIMALS, HUYEN, SO, Unit
from models.rules.framework import Framework, Leaf, Ratio, Tiers
from models.rules.numbers import show

# Ratios with large denominators close the gap; the last one counts million đồng and closes it exactly.
TUNED = {SO: ("7.2.3", "7.1.2", "3.4.1", "6.2.1"), HUYEN: ("7.2.1", "7.1.2", "3.4.1", "6.2")}
UNEVEN = 380  # how far a leaf's grade strays from its unit's level
LOWEST_SHARE, HIGHEST_SHARE = Fraction(22, 100), Fraction(99, 100)


@dataclass(frozen=True)
class Fixed:
    """What a unit has besides appraisal: survey, statistics, bonus less penalty; maxima of the first two."""

    points: Fraction
    maximum: Fraction


def outcomes(unit: Unit, framework: Framework, fixed: Fixed) -> dict[str, Figures]:
    """Final inputs by code, of every appraisal leaf that is not out. Raises ValueError: out of reach."""
    search = _Search(unit, framework, fixed)
    low, high = 0, BEST + UNEVEN
    while low < high:  # the index never falls while the level rises
        middle = (low + high) // 2
        if search.index(search.at(middle, Fraction(1, 2))) < Fraction(unit.index):
            low = middle + 1
        else:
            high = middle
    return search.closed(search.at(low, Fraction(1, 2)))


class _Search:
    def __init__(self, unit: Unit, framework: Framework, fixed: Fixed) -> None:
        self.unit, self.framework, self.fixed = unit, framework, fixed
        self.leaves = [
            leaf
            for leaf in framework.leaves
            if leaf.source == "appraisal" and not circumstances.out(unit.code, leaf.code)
        ]
        self.tuned = [code for code in TUNED[unit.bloc] if self._tunable(code)]

    def _tunable(self, code: str) -> bool:
        known = (self.unit.code, code) not in circumstances.NOTHING_HAPPENED
        return known and any(leaf.code == code for leaf in self.leaves)

    def at(self, level: int, part: Fraction) -> dict[str, Figures]:
        """Every leaf's figures when the unit works at this level; tuned leaves at `part` of their range."""
        return {
            leaf.code: self.share(leaf, part) if leaf.code in self.tuned else self.plain(leaf, level)
            for leaf in self.leaves
        }

    def plain(self, leaf: Leaf, level: int) -> Figures:
        unit, code = self.unit.code, leaf.code
        if (unit, code) in circumstances.CLAIMED_OUT_IN_VAIN:
            return {"numerator": "0", "denominator": "12"}
        if (unit, code) in circumstances.NOTHING_HAPPENED or nothing_to_do(unit, leaf):
            return {"numerator": "0", "denominator": "0"}
        grade = level + between(-UNEVEN, UNEVEN, "grade", unit, code)
        return figures(leaf, grade, amount_of(self.framework.id, code, unit))

    def share(self, leaf: Leaf, part: Fraction) -> Figures:
        amount = amount_of(self.framework.id, leaf.code, self.unit.code)
        low, high = span(leaf)
        return {"numerator": str(int((low + (high - low) * part) * amount)), "denominator": str(amount)}

    def index(self, said: Mapping[str, Figures]) -> Fraction:
        above, below = self.sums(said)
        return above / below * 100

    def sums(self, said: Mapping[str, Figures]) -> tuple[Fraction, Fraction]:
        """Points and maximum of the unit, leaves at 0 of 0 that do not apply left out."""
        above, below = self.fixed.points, self.fixed.maximum
        for leaf in self.leaves:
            worth = points(leaf, said[leaf.code], self.framework.leaf_decimals)
            if worth is not None:
                above, below = above + worth, below + Fraction(leaf.maximum)
        return above, below

    def closed(self, said: dict[str, Figures]) -> dict[str, Figures]:
        """The same with the tuned leaves moved until the index shows exactly what is wanted."""
        wanted = Fraction(self.unit.index)
        spans = {code: span(self.framework.leaf[code]) for code in self.tuned}
        maxima = {code: Fraction(self.framework.leaf[code].maximum) for code in self.tuned}
        above, below = self.sums(said)
        room = sum((high - low) * maxima[code] for code, (low, high) in spans.items())
        part = Fraction(1, 2) + (wanted / 100 * below - above) / room
        if not 0 <= part <= 1:
            raise ValueError(f"{self.unit.code}: {self.unit.index} is out of reach by {float(part):.2f}")
        said |= {code: self.share(self.framework.leaf[code], part) for code in self.tuned}
        last = self.tuned[-1]
        above, below = self.sums(said)
        amount = int(said[last]["denominator"])
        missing = (wanted / 100 * below - above) / maxima[last] * amount
        count = int(said[last]["numerator"]) + round(missing)
        said[last] = {"numerator": str(count), "denominator": str(amount)}
        met = show(self.index(said), DECIMALS) == show(wanted, DECIMALS)
        if not met or not spans[last][0] * amount <= count <= amount:
            raise ValueError(f"{self.unit.code}: {show(self.index(said), DECIMALS + 2)} instead of {wanted}")
        return said


def span(leaf: Leaf) -> tuple[Fraction, Fraction]:
    """The shares a tuned leaf may take: above its floor, below the whole."""
    assert isinstance(leaf.rule, Ratio)
    return max(LOWEST_SHARE, Fraction(leaf.rule.floor or "0") / 100 + Fraction(1, 100)), HIGHEST_SHARE


def nothing_to_do(unit: str, leaf: Leaf) -> bool:
    """No late files, no audit findings: about one in four such leaves is 0 of 0 and takes the maximum."""
    return (
        isinstance(leaf.rule, Ratio | Tiers) and leaf.rule.when_zero == "full" and one_in(4, "nothing", unit, leaf.code)
    )
