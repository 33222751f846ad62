"""Whether the figures given for a leaf are those its rule asks for; the same for claims, marks and corrections."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.rules.findings import Fault
from models.rules.formulas import Mask
from models.rules.frames import INPUTS, rows_of
from models.rules.framework import Choice, Framework, Judgement, Leaf, Ratio, Tiers
from models.rules.marks import OUT, POINTS, evaluate
from models.rules.numbers import show_scaled
from models.rules.scoring import given_points

FIGURES = tuple(name for name in INPUTS if name != "points")
Places = npt.NDArray[np.int64]


def check_inputs(framework: Framework, rows: pd.DataFrame) -> list[Fault]:
    """Faults of rows that carry inputs.

    rows: unit, code, location and INPUTS (canonical text); every code is an appraisal leaf of the framework.
    A row with no input at all is not looked at here. Claimed points are compared after leaf rounding.
    """
    cells = _Cells.of(rows)
    given = has_inputs(rows).to_numpy()
    faults: list[Fault] = []
    sound = given.copy()
    for code, found in rows.groupby("code", sort=False, observed=True).indices.items():
        places = np.asarray(found, dtype=np.int64)
        told, wrong = _check_leaf(framework.leaf[str(code)], cells, places[given[places]])
        faults += told
        sound[wrong] = False
    return faults + _compare_claimed(framework, rows[sound])


def has_inputs(rows: pd.DataFrame) -> pd.Series:
    """Rows in which any input (claimed points included) is given."""
    given = np.zeros(len(rows), dtype=np.bool_)
    for name in INPUTS:
        given |= (rows[name] != "").to_numpy()
    return pd.Series(given, index=rows.index)


@dataclass(frozen=True)
class _Cells:
    """The rows as plain arrays: leaf after leaf is looked at, and frames are slow at small slices."""

    unit: npt.NDArray[np.object_]
    code: npt.NDArray[np.object_]
    location: npt.NDArray[np.object_]
    inputs: dict[str, npt.NDArray[np.object_]]

    @classmethod
    def of(cls, rows: pd.DataFrame) -> _Cells:
        inputs = {name: rows[name].to_numpy(dtype=object) for name in INPUTS}
        unit, code, location = (rows[name].to_numpy(dtype=object) for name in ("unit", "code", "location"))
        return cls(unit, code, location, inputs)

    def tell(self, check: str, places: Sequence[int], found: Callable[[int], str], expected: str) -> list[Fault]:
        """One fault for each of these rows."""
        return [Fault(check, self.unit[at], self.code[at], self.location[at], found(at), expected) for at in places]


def _check_leaf(leaf: Leaf, cells: _Cells, places: Places) -> tuple[list[Fault], list[int]]:
    """Faults of one leaf's rows, and the rows that cannot be evaluated."""
    rule, inputs = leaf.rule, cells.inputs
    assert rule is not None
    faults: list[Fault] = []
    wrong: set[int] = set()

    def tell(check: str, mask: Mask, found: Callable[[int], str], expected: str = "", bars: bool = True) -> None:
        at = [int(place) for place in places[mask]]
        faults.extend(cells.tell(check, at, found, expected))
        if bars:
            wrong.update(at)

    needed = ", ".join(rule.inputs)
    for name in FIGURES:
        if name not in rule.inputs:
            stray = inputs[name][places] != ""
            if stray.any():
                tell("input-not-of-rule", stray, lambda at, name=name: f"{name} = {inputs[name][at]}", needed)  # type: ignore[misc]
    lacking = np.logical_or.reduce([inputs[name][places] == "" for name in rule.inputs]).astype(np.bool_)
    tell("input-missing", lacking, lambda at: _given(cells, at), needed)
    places = places[~lacking]
    if isinstance(rule, Choice):
        known = {option.value for option in rule.options}
        other = np.array([text not in known for text in inputs["option"][places].tolist()], dtype=np.bool_)
        tell("option-unknown", other, lambda at: str(inputs["option"][at]), " | ".join(sorted(known)))
    if isinstance(rule, Judgement):
        outside = np.array(
            [not between(text, leaf.maximum) for text in inputs["points"][places].tolist()], dtype=np.bool_
        )
        tell("points-outside", outside, lambda at: str(inputs["points"][at]), f"0 … {leaf.maximum}")
    if isinstance(rule, Ratio) or (isinstance(rule, Tiers) and rule.measure == "ratio"):
        above, below = inputs["numerator"], inputs["denominator"]

        def said(at: int) -> str:
            return f"{above[at]}/{below[at]}"

        tell("ratio-over-zero", (below[places] == "0") & (above[places] != "0"), said)
        over = [below[at] != "0" and not at_most(above[at], below[at]) for at in places]
        tell("ratio-above-one", np.array(over, dtype=np.bool_), said, bars=False)
    return faults, sorted(wrong)


def check_within(rows: pd.DataFrame, leaf: Leaf) -> list[Fault]:
    """Points given must lie between 0 and the leaf's maximum. rows: unit, code, points, location."""
    return [
        Fault("points-outside", unit, code, location, points, f"0 … {leaf.maximum}")
        for unit, code, location, points in rows_of(rows, "unit", "code", "location", "points")
        if not between(points, leaf.maximum)
    ]


def between(text: str, maximum: str) -> bool:
    """0 <= text <= maximum, for canonical numbers."""
    return not text.startswith("-") and at_most(text, maximum)


def at_most(left: str, right: str) -> bool:
    """left <= right, for canonical numbers that are not negative."""
    a, b = left.partition("."), right.partition(".")
    return (int(a[0]), a[2].ljust(10, "0")) <= (int(b[0]), b[2].ljust(10, "0"))


def _compare_claimed(framework: Framework, rows: pd.DataFrame) -> list[Fault]:
    """Claimed points that differ from the recomputed ones after leaf rounding."""
    judged = [isinstance(framework.leaf[code].rule, Judgement) for code in rows["code"].tolist()]
    rows = rows[(rows["points"] != "").to_numpy() & ~np.array(judged, dtype=np.bool_)]
    if not len(rows):
        return []
    state, values = evaluate(framework, rows)
    claimed = given_points(rows["points"], framework.leaf_decimals)
    differs = ((state == POINTS) & (claimed != values)) | ((state == OUT) & (claimed != 0))
    cells, points = _Cells.of(rows), rows["points"].to_numpy(dtype=object)
    return [
        fault
        for at in np.flatnonzero(differs.astype(np.bool_)).tolist()
        for fault in cells.tell(
            "claimed-points-differ",
            [at],
            lambda place: str(points[place]),
            show_scaled(int(values[at]), framework.leaf_decimals) if state[at] == POINTS else "",
        )
    ]


def _given(cells: _Cells, at: int) -> str:
    return ", ".join(f"{name} = {cells.inputs[name][at]}" for name in INPUTS if cells.inputs[name][at])
