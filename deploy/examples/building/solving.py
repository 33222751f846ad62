"""Finds inputs for the leaves of one field so that the engine's own rules give the points wanted there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from building.figures import BEST, Figures, figures, points
from building.variety import between
from models.rules.formulas import leaf_points
from models.rules.framework import Leaf, Ratio, Tiers

UNEVEN = 380  # how far a leaf's grade strays from its unit's level
HANDFUL = (6, 24)
FINE = 300  # shares a closing leaf is tried with where nearly is enough
HANDS = 60  # ways to stray that are tried, one after the other
LOWEST_SHARE = Fraction(30, 100)
Tries = dict[int, Figures]  # points in whole 10**-decimals -> the first figures that earn them


@dataclass(frozen=True)
class Wanted:
    """The task in one field of one unit: its free leaves shall earn `points`.

    closing: those of the leaves that are moved last. exact: to the last decimal, which takes two of them.
    """

    unit: str
    leaves: Sequence[Leaf]
    closing: Sequence[Leaf]
    points: Fraction
    amounts: Mapping[str, tuple[int, int]]
    decimals: int
    exact: bool = False

    @property
    def whole(self) -> int:
        """The points in whole 10**-decimals."""
        return round(self.points * 10**self.decimals)


def solved(task: Wanted) -> dict[str, Figures]:
    """Figures by code. Raises ValueError when no level of the other leaves lets the closing ones meet the points."""
    tries = [_tries(task, leaf) for leaf in task.closing]
    middle = sum((min(one) + max(one)) // 2 for one in tries)
    for said in _grounds(task, task.whole - middle):
        rest = task.whole - _earned(task, said)
        found = _pair(tries, rest) if task.exact else _nearest(tries, rest)
        if found is not None:
            return said | {leaf.code: one for leaf, one in zip(task.closing, found, strict=True)}
    raise ValueError(f"{task.unit}, {task.leaves[0].code} …: {task.points} is out of reach")


def _at(task: Wanted, level: int, hand: int) -> dict[str, Figures]:
    """Every leaf but the closing ones when the unit works at this level; another hand strays otherwise."""
    said = {}
    for leaf in task.leaves:
        if leaf not in task.closing:
            grade = level + between(-UNEVEN, UNEVEN, "grade", task.unit, leaf.code, hand)
            said[leaf.code] = figures(leaf, grade, amount(task.amounts, leaf.code, task.unit))
    return said


def amount(amounts: Mapping[str, tuple[int, int]], code: str, unit: str) -> int:
    """What this unit's denominator of this leaf is."""
    return between(*amounts.get(code, HANDFUL), "amount", unit, code)


def _earned(task: Wanted, said: Mapping[str, Figures]) -> int:
    worth = (points(leaf, said[leaf.code], task.decimals) for leaf in task.leaves if leaf.code in said)
    return sum(int(one * 10**task.decimals) for one in worth if one is not None)


def _grounds(task: Wanted, wanted: int) -> Iterator[dict[str, Figures]]:
    """The other leaves at the level that earns at least `wanted`, and just before it; hand after hand."""
    for hand in range(HANDS):
        low, high = 0, BEST + UNEVEN
        while low < high:  # points never fall while the level rises
            middle = (low + high) // 2
            if _earned(task, _at(task, middle, hand)) < wanted:
                low = middle + 1
            else:
                high = middle
        yield _at(task, low, hand)
        yield _at(task, max(0, low - 1), hand)


def _tries(task: Wanted, leaf: Leaf) -> Tries:
    """What a closing leaf can earn; exact tasks may choose the denominator too."""
    lines = list(_closing_figures(task, leaf))
    columns = {name: [line[name] for line in lines] for name in lines[0]}
    earned = leaf_points(leaf, columns, task.decimals).values.tolist()
    tries: Tries = {}
    for one, line in zip(earned, lines, strict=True):
        tries.setdefault(one, line)
    return tries


def _closing_figures(task: Wanted, leaf: Leaf) -> Iterator[Figures]:
    rule = leaf.rule
    if isinstance(rule, Tiers):  # a value between two thresholds, two decimals
        low, high = (int(Fraction(tier.at_least) * 100) for tier in (rule.tiers[0], rule.tiers[-1]))
        yield from ({"value": f"{step // 100}.{step % 100:02}"} for step in range(low, high + 1))
        return
    assert isinstance(rule, Ratio)
    least = max(LOWEST_SHARE, Fraction(rule.floor or "0") / 100)
    own = amount(task.amounts, leaf.code, task.unit)
    for below in _denominators(own, task.exact):
        start = -(-least.numerator * below // least.denominator)
        step = 1 if task.exact else max(1, (below - start) // FINE)
        shares = (*range(start, below, step), below)
        yield from ({"numerator": str(above), "denominator": str(below)} for above in shares)


def _denominators(own: int, exact: bool) -> Iterable[int]:
    return range(own, own + max(40, 8_000 // own)) if exact and own < 4_000 else (own,)


def _pair(tries: Sequence[Tries], rest: int) -> list[Figures] | None:
    """Figures of two leaves that earn exactly `rest`."""
    first, second = tries
    for one in sorted(first, reverse=True):
        if rest - one in second:
            return [first[one], second[rest - one]]
    return None


def _nearest(tries: Sequence[Tries], rest: int) -> list[Figures] | None:
    """Figures of all leaves that together come as near to `rest` as one after the other can; None: out of reach."""
    if not tries:
        return []
    if not sum(map(min, tries)) <= rest <= sum(map(max, tries)):
        return None
    found = []
    for place, one in enumerate(tries):
        later = tries[place + 1 :]
        floor, room = sum(map(min, later)), sum(map(max, later))
        fair = [worth for worth in one if floor <= rest - worth <= room] or list(one)
        best = min(fair, key=lambda worth: (abs(2 * (rest - worth) - floor - room), worth))
        found.append(one[best])
        rest -= best
    return found
