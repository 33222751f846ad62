"""Who stands apart: outliers within a bloc this year, and jumps against last year with the warning they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.rules.cycle import CycleInputs
from models.rules.frames import rows_of
from models.rules.scoring import Sheet
from models.rules.totals import Standing

FEWEST = 5  # in a smaller bloc nobody can stand apart
REACH = 3 * Fraction("1.4826")  # three standard deviations, where the median deviation stands for one (Hampel)
QUARTER = 4  # a move by a quarter of the bloc or more is a jump of rank …
LEAST_RANKS = 3  # … unless it is one or two places in a small bloc

OTHER_FRAMEWORK = (
    "bộ tiêu chí khác năm trước: chỉ để tham khảo / another framework than last year: read with care"
)
UNKNOWN_FRAMEWORK = (
    "không rõ bộ tiêu chí năm trước: chỉ để tham khảo / last year's framework is not known: read with care"
)


@dataclass(frozen=True)
class Apart:
    """One unit that stands apart. what: index, rank_change, index_change, or a field's code; median: of its bloc.

    warning: "" where the comparison needs none.
    """

    unit: str
    bloc: str
    what: str
    value: Fraction
    median: Fraction
    warning: str = ""


def outliers(inputs: CycleInputs, sheets: Mapping[str, Sheet], lines: Sequence[Standing]) -> list[Apart]:
    """Units whose index, or percent in one field, lies far from their bloc's median."""
    percents = _field_percents(sheets)
    found: list[Apart] = []
    for bloc in inputs.settings.blocs:
        members = [line for line in lines if line.total.bloc == bloc.key]
        known = {line.total.unit: line.total.index for line in members if line.total.index is not None}
        found += _far(bloc.key, "index", known)
        for part in inputs.frameworks[bloc.framework].fields:
            there = {
                line.total.unit: percents[line.total.unit, part.code]
                for line in members
                if (line.total.unit, part.code) in percents
            }
            found += _far(bloc.key, part.code, there)
    return found


def jumps(inputs: CycleInputs, lines: Sequence[Standing]) -> list[Apart]:
    """Comparable units that moved far: in the index against their bloc, in rank by a quarter of it or more.

    Where a unit cannot be compared with last year it is in no list; across two frameworks, or where last year's is
    not known, each row carries a warning. Source: contract, Compared.
    """
    before = dict(rows_of(inputs.previous, "unit", "framework"))
    found: list[Apart] = []
    for bloc in inputs.settings.blocs:
        members = [line for line in lines if line.total.bloc == bloc.key and line.comparable]
        warning = {line.total.unit: _warning(before.get(line.total.unit, ""), line.total.framework) for line in members}
        changes = {line.total.unit: line.index_change for line in members if line.index_change is not None}
        moves = {line.total.unit: Fraction(line.rank_change) for line in members if line.rank_change is not None}
        ranked = sum(line.total.bloc == bloc.key and line.rank is not None for line in lines)
        far = list(_far(bloc.key, "index_change", changes))
        middle = median(list(moves.values())) if moves else Fraction(0)
        far += [
            Apart(unit, bloc.key, "rank_change", move, middle)
            for unit, move in moves.items()
            if abs(move) >= LEAST_RANKS and abs(move) * QUARTER >= ranked
        ]
        found += [Apart(one.unit, one.bloc, one.what, one.value, one.median, warning[one.unit]) for one in far]
    return found


def _warning(before: str, now: str) -> str:
    if before == now:
        return ""
    return OTHER_FRAMEWORK if before else UNKNOWN_FRAMEWORK


def _far(bloc: str, what: str, values: Mapping[str, Fraction]) -> Iterator[Apart]:
    """Those farther than REACH median deviations from the median; none where half the bloc is equal."""
    if len(values) < FEWEST:
        return
    middle = median(list(values.values()))
    spread = median([abs(value - middle) for value in values.values()])
    for unit, value in values.items():
        if spread and abs(value - middle) > REACH * spread:
            yield Apart(unit, bloc, what, value, middle)


def median(values: list[Fraction]) -> Fraction:
    """The middle one; of an even number the mean of the two."""
    ordered = sorted(values)
    half = len(ordered) // 2
    return ordered[half] if len(ordered) % 2 else (ordered[half - 1] + ordered[half]) / 2


def _field_percents(sheets: Mapping[str, Sheet]) -> dict[tuple[str, str], Fraction]:
    """Points in percent of what applies, by unit and field."""
    found = {}
    for sheet in sheets.values():
        framework = sheet.framework
        scale = 100 * 10 ** (framework.decimals - framework.leaf_decimals)
        points = np.where(sheet.applies, sheet.final.values, 0).astype(object)
        for part in framework.fields:
            columns = [n for n, leaf in enumerate(framework.leaves) if part.code in framework.parents[leaf.code]]
            got = points[:, columns].sum(axis=1).tolist()
            full = (sheet.applies[:, columns].astype(object) @ sheet.maxima[columns]).tolist()
            for unit, above, below in zip(sheet.units.tolist(), got, full, strict=True):
                if below:
                    found[unit, part.code] = Fraction(int(above) * scale, int(below))
    return found
