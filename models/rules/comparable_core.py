"""The comparable core: last year against this one over the leaves alone that mean the same in both frameworks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from models.rules.cycle import CycleInputs
from models.rules.frames import frame, rows_of
from models.rules.marks import POINTS
from models.rules.numbers import round_half_up, show
from models.rules.scoring import Sheet
from models.rules.totals import Standing

CORE = (
    "unit", "comparable", "old_framework", "framework", "leaves", "maximum", "index", "previous_maximum",
    "previous_index", "index_change", "previous_index_reweighted", "index_change_reweighted",
)  # fmt: skip
Worth = tuple[Fraction, Fraction]  # final points, applicable maximum
Pairs = Mapping[str, tuple[str, ...]]  # leaf -> the old leaves that mean the same


@dataclass(frozen=True)
class Core:
    """Sums over the leaves that count in both years; reweighted: last year's shares on this year's maxima."""

    leaves: int
    points: Fraction
    maximum: Fraction
    previous_points: Fraction
    previous_maximum: Fraction
    reweighted: Fraction


def comparable_core(inputs: CycleInputs, lines: Sequence[Standing], sheets: Mapping[str, Sheet]) -> pd.DataFrame:
    """Frame CORE: a row per unit on a framework with a crosswalk, by unit; it changes no figure.

    A unit without comparison (new, merged, or last year on a framework no crosswalk leads to) has comparable=no and
    nothing else: the core of what was another unit is undefined. A leaf counts where it applied in both years.
    Bonus and penalty are no leaves. Source: domain, criteria change so often that years cannot be compared.
    """
    crosswalks = _crosswalks(inputs.crosswalk)
    reached = {new for _, new in crosswalks}
    before = dict(rows_of(inputs.previous, "unit", "framework"))
    past = _scores(inputs.previous_scores)
    rows = []
    for line in sorted(lines, key=lambda line: line.total.unit):
        unit, new = line.total.unit, line.total.framework
        if new not in reached:
            continue
        old = before.get(unit, "") if line.comparable else ""
        pairs = crosswalks.get((old, new), {})
        core = core_of(pairs, past.get(unit, {}), _this_year(sheets[new], unit, pairs)) if pairs else None
        row = {"unit": unit, "framework": new, "comparable": "no" if core is None else "yes"}
        rows.append(row | ({} if core is None else {"old_framework": old, **_shown(core, inputs, new)}))
    return frame(rows, CORE)


def core_of(pairs: Pairs, past: Mapping[str, Worth], now: Mapping[str, Worth]) -> Core | None:
    """The sums of one unit, None where no leaf counts in both years. past, now: leaves that applied."""
    counted = [(code, old) for code, old in pairs.items() if code in now and all(one in past for one in old)]
    if not counted:
        return None
    sums = [Fraction(0)] * 5
    for code, old in counted:
        points, maximum = now[code]
        earlier = sum((past[one][0] for one in old), Fraction(0)), sum((past[one][1] for one in old), Fraction(0))
        for place, value in enumerate((points, maximum, *earlier, maximum * earlier[0] / earlier[1])):
            sums[place] += value
    return Core(len(counted), *sums)


def _crosswalks(lines: pd.DataFrame) -> dict[tuple[str, str], Pairs]:
    """(old framework, framework) -> its pairs of the same meaning."""
    found: dict[tuple[str, str], dict[str, tuple[str, ...]]] = {}
    for new, code, old, old_codes, same in rows_of(
        lines, "framework", "code", "old_framework", "old_codes", "same_meaning"
    ):
        pairs = found.setdefault((old, new), {})
        if same == "yes":
            pairs[code] = tuple(old_codes.split(";"))
    return dict(found)


def _scores(scores: pd.DataFrame) -> dict[str, dict[str, Worth]]:
    """Unit -> leaf -> last year's points and maximum, where the leaf applied."""
    found: dict[str, dict[str, Worth]] = {}
    texts = {*scores["applicable"].tolist(), *scores["final"].tolist()} - {""}
    exact = {text: Fraction(text) for text in texts}  # each different number is read once, they repeat a lot
    for unit, code, applicable, final in rows_of(scores, "unit", "code", "applicable", "final"):
        if final and exact[applicable] > 0:
            found.setdefault(unit, {})[code] = exact[final], exact[applicable]
    return found


def _this_year(sheet: Sheet, unit: str, pairs: Pairs) -> dict[str, Worth]:
    """The unit's points and maxima of these leaves, where they apply."""
    row, scale = sheet.units.get_loc(unit), 10**sheet.framework.leaf_decimals
    states, values = sheet.final.state[row].tolist(), sheet.final.values[row].tolist()
    return {
        leaf.code: (Fraction(int(value), scale), Fraction(leaf.maximum))
        for leaf, state, value in zip(sheet.framework.leaves, states, values, strict=True)
        if state == POINTS and leaf.code in pairs
    }


def _shown(core: Core, inputs: CycleInputs, framework: str) -> dict[str, str]:
    """The figures as they are published; a change is the difference of two indices as shown."""
    shown, places = inputs.settings.decimals, inputs.frameworks[framework].leaf_decimals
    now, before, reweighted = (
        Fraction(round_half_up(points / maximum * 100, shown), 10**shown)
        for points, maximum in (
            (core.points, core.maximum),
            (core.previous_points, core.previous_maximum),
            (core.reweighted, core.maximum),
        )
    )
    return {
        "leaves": str(core.leaves),
        "maximum": show(core.maximum, places),
        "index": show(now, shown),
        "previous_maximum": show(core.previous_maximum, places),
        "previous_index": show(before, shown),
        "index_change": show(now - before, shown),
        "previous_index_reweighted": show(reweighted, shown),
        "index_change_reweighted": show(now - reweighted, shown),
    }
