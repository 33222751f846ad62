"""Whether the figures given for a leaf are those its rule asks for; the same for claims, marks and corrections."""

from __future__ import annotations

import numpy as np
import pandas as pd

from checks.columns import each
from models.rules.findings import Fault
from models.rules.frames import INPUTS
from models.rules.framework import Choice, Framework, Judgement, Leaf, Ratio, Tiers
from models.rules.marks import OUT, POINTS, evaluate
from models.rules.numbers import show_scaled
from models.rules.scoring import given_points

FIGURES = tuple(name for name in INPUTS if name != "points")


def check_inputs(framework: Framework, rows: pd.DataFrame) -> list[Fault]:
    """Faults of rows that carry inputs.

    rows: unit, code, location and INPUTS (canonical text); every code is an appraisal leaf of the framework.
    A row with no input at all is not looked at here. Claimed points are compared after leaf rounding.
    """
    faults: list[Fault] = []
    for code, places in rows.groupby("code", sort=False, observed=True).indices.items():
        faults += _check_leaf(framework.leaf[str(code)], rows.iloc[places])
    wrong = {(fault.location, fault.code) for fault in faults if fault.check != "ratio-above-one"}
    fine = [key not in wrong for key in zip(rows["location"], rows["code"], strict=True)]
    return faults + _compare_claimed(framework, rows[np.array(fine, dtype=np.bool_)])


def has_inputs(rows: pd.DataFrame) -> pd.Series:
    """Rows in which any input (claimed points included) is given."""
    given = rows[INPUTS[0]] != ""
    for name in INPUTS[1:]:
        given |= rows[name] != ""
    return given


def _check_leaf(leaf: Leaf, rows: pd.DataFrame) -> list[Fault]:
    rule = leaf.rule
    assert rule is not None
    needed = rule.inputs
    rows = rows[has_inputs(rows).to_numpy()]
    faults: list[Fault] = []
    for name in FIGURES:
        if name not in needed:
            stray = rows[(rows[name] != "").to_numpy()]
            faults += each(
                stray, "input-not-of-rule", [f"{name} = {x}" for x in stray[name]], ", ".join(needed)
            )
    lacking = rows[np.logical_or.reduce([rows[name] == "" for name in needed])]
    if len(lacking):
        faults += each(
            lacking, "input-missing", [_given(row) for _, row in lacking.iterrows()], ", ".join(needed)
        )
    rows = rows.drop(lacking.index)
    if isinstance(rule, Choice):
        known = [option.value for option in rule.options]
        other = rows[~rows["option"].isin(known).to_numpy()]
        faults += each(other, "option-unknown", other["option"].tolist(), " | ".join(known))
    if isinstance(rule, Ratio) or (isinstance(rule, Tiers) and rule.measure == "ratio"):
        faults += _check_ratio(rows)
    if isinstance(rule, Judgement):
        faults += check_within(rows, leaf)
    return faults


def check_within(rows: pd.DataFrame, leaf: Leaf) -> list[Fault]:
    """Points given must lie between 0 and the leaf's maximum."""
    outside = rows[[not _between(text, leaf.maximum) for text in rows["points"]]]
    return each(outside, "points-outside", outside["points"].tolist(), f"0 … {leaf.maximum}")


def _between(text: str, maximum: str) -> bool:
    return not text.startswith("-") and _less(text, maximum)


def _less(left: str, right: str) -> bool:
    """left <= right for canonical numbers that are not negative."""
    a, b = left.partition("."), right.partition(".")
    return (int(a[0]), a[2].ljust(10, "0")) <= (int(b[0]), b[2].ljust(10, "0"))


def _check_ratio(rows: pd.DataFrame) -> list[Fault]:
    above, below = rows["numerator"], rows["denominator"]
    nothing = rows[((below == "0") & (above != "0")).to_numpy()]
    faults = each(nothing, "ratio-over-zero", [f"{text}/0" for text in nothing["numerator"]])
    more = [below != "0" and not _less(above, below) for above, below in zip(above, below, strict=True)]
    over = rows[np.array(more, dtype=np.bool_)]
    texts = [f"{a}/{b}" for a, b in zip(over["numerator"], over["denominator"], strict=True)]
    return faults + each(over, "ratio-above-one", texts)


def _compare_claimed(framework: Framework, rows: pd.DataFrame) -> list[Fault]:
    """Claimed points that differ from the recomputed ones after leaf rounding."""
    judged = [isinstance(framework.leaf[code].rule, Judgement) for code in rows["code"]]
    rows = rows[(rows["points"] != "").to_numpy() & ~np.array(judged, dtype=np.bool_)]
    if not len(rows):
        return []
    state, values = evaluate(framework, rows)
    claimed = given_points(rows["points"], framework.leaf_decimals)
    differs = ((state == POINTS) & (claimed != values)) | ((state == OUT) & (claimed != 0))
    wrong = rows[differs.astype(np.bool_)]
    expected = [
        show_scaled(int(value), framework.leaf_decimals) if one == POINTS else ""
        for value, one in zip(values[differs.astype(np.bool_)], state[differs.astype(np.bool_)], strict=True)
    ]
    return [
        Fault("claimed-points-differ", fault.unit, fault.code, fault.location, fault.found, right)
        for fault, right in zip(
            each(wrong, "claimed-points-differ", wrong["points"].tolist()), expected, strict=True
        )
    ]


def _given(row: pd.Series) -> str:
    return ", ".join(f"{name} = {row[name]}" for name in INPUTS if row[name] != "")
