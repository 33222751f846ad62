"""Who stands apart: outliers within a bloc this year, and jumps against last year with the warning they need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from models.rules.cycle import CycleInputs
from models.rules.frames import rows_of
from models.rules.numbers import half_up, magnitude, roomy, round_half_up, row_sums
from models.rules.scoring import Sheet
from models.rules.totals import Standing

FEWEST = 5  # in a smaller bloc nobody can stand apart
REACH = 44_478  # in ten thousandths: 3 × 1.4826, three standard deviations told by the median deviation (Hampel)
PLACES = 6  # decimals of percents that are compared here
QUARTER = 4  # a move by a quarter of the bloc or more is a jump of rank …
LEAST_RANKS = 3  # … unless it is one or two places in a small bloc

OTHER_FRAMEWORK = "bộ tiêu chí khác năm trước: chỉ để tham khảo / another framework than last year: read with care"
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
        known = _rounded({line.total.unit: line.total.index for line in members})
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
        changes = _rounded({line.total.unit: line.index_change for line in members})
        moves = {line.total.unit: line.rank_change for line in members if line.rank_change is not None}
        ranked = sum(line.total.bloc == bloc.key and line.rank is not None for line in lines)
        far = list(_far(bloc.key, "index_change", changes))
        middle = Fraction(doubled_median(list(moves.values())), 2) if moves else Fraction(0)
        far += [
            Apart(unit, bloc.key, "rank_change", Fraction(move), middle)
            for unit, move in moves.items()
            if abs(move) >= LEAST_RANKS and abs(move) * QUARTER >= ranked
        ]
        found += [Apart(one.unit, one.bloc, one.what, one.value, one.median, warning[one.unit]) for one in far]
    return found


def _warning(before: str, now: str) -> str:
    if before == now:
        return ""
    return OTHER_FRAMEWORK if before else UNKNOWN_FRAMEWORK


def _rounded(values: Mapping[str, Fraction | None]) -> dict[str, int]:
    """Percents in whole 10**-PLACES, those that are known."""
    return {unit: round_half_up(value, PLACES) for unit, value in values.items() if value is not None}


def _far(bloc: str, what: str, values: Mapping[str, int]) -> Iterator[Apart]:
    """Those farther than REACH median deviations from the median; none where half the bloc is equal."""
    if len(values) < FEWEST:
        return
    middle = doubled_median(list(values.values()))
    away = {unit: abs(2 * value - middle) for unit, value in values.items()}
    spread = doubled_median(list(away.values()))
    for unit, distance in away.items():
        if spread and 2 * distance * 10_000 > REACH * spread:
            scale = 10**PLACES
            yield Apart(unit, bloc, what, Fraction(values[unit], scale), Fraction(middle, 2 * scale))


def doubled_median(values: list[int]) -> int:
    """Twice the middle one, or of an even number the sum of the two."""
    ordered = sorted(values)
    return ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]


def _field_percents(sheets: Mapping[str, Sheet]) -> dict[tuple[str, str], int]:
    """Points in percent of what applies, in whole 10**-PLACES, by unit and field."""
    found: dict[tuple[str, str], int] = {}
    for sheet in sheets.values():
        framework = sheet.framework
        scale = 100 * 10 ** (framework.decimals - framework.leaf_decimals + PLACES)
        points = np.where(sheet.applies, sheet.final.values, 0)
        for part in framework.fields:
            columns = [n for n, leaf in enumerate(framework.leaves) if part.code in framework.parents[leaf.code]]
            full = sheet.applicable(columns)
            there = np.asarray(full > 0, dtype=np.bool_)
            sums = row_sums(points[there][:, columns])
            percents = half_up(roomy(sums, max(1, magnitude(sums)) * scale) * scale, full[there])
            units = sheet.units[there].tolist()
            found |= {(unit, part.code): int(value) for unit, value in zip(units, percents.tolist(), strict=True)}
    return found
