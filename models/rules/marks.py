"""Which mark counts: what each mark is worth, agreement between appraisers, first and second round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.rules.formulas import Mask, leaf_points
from models.rules.frames import INPUTS
from models.rules.framework import Framework
from models.rules.numbers import Integers

NOTHING, POINTS, OUT = 0, 1, 2  # what a cell says: nothing given, points, not applicable
ZERO_OF_ZERO = "0/0"
States = npt.NDArray[np.int8]


@dataclass
class Cells:
    """One grid units × leaves: what is said of each leaf, its points (whole 10**-leaf_decimals), its reason."""

    state: States
    values: Integers
    reason: npt.NDArray[np.object_]

    @classmethod
    def blank(cls, units: int, leaves: int) -> Cells:
        """A grid in which nothing is said."""
        return cls(
            np.zeros((units, leaves), dtype=np.int8),
            np.zeros((units, leaves), dtype=np.int64),
            np.full((units, leaves), "", dtype=object),
        )

    def put(self, at: tuple[Integers, Integers], state: States, values: Integers, reason: object) -> None:
        """Say this of these cells; the grid turns to Python integers when a value needs it."""
        if values.dtype == object and self.values.dtype != object:
            self.values = self.values.astype(object)
        self.state[at], self.values[at], self.reason[at] = state, values, reason


def evaluate(framework: Framework, rows: pd.DataFrame) -> tuple[States, Integers]:
    """What each row of inputs says: points, or not applicable (0 of 0), or nothing where no input is given.

    rows: columns code and INPUTS (text), codes of this framework, inputs complete where the rule's are given.
    """
    state = np.zeros(len(rows), dtype=np.int8)
    values: Integers = np.zeros(len(rows), dtype=np.int64)
    columns = {name: rows[name].to_numpy(dtype=object) for name in INPUTS}
    for code, found in rows.groupby("code", sort=False, observed=True).indices.items():
        leaf = framework.leaf[str(code)]
        if leaf.rule is None or not leaf.rule.inputs:
            continue
        given = np.logical_and.reduce([columns[name][found] != "" for name in leaf.rule.inputs])
        places = found[given.astype(np.bool_)]
        if not len(places):
            continue
        taken = {name: columns[name][places].tolist() for name in leaf.rule.inputs}
        points = leaf_points(leaf, taken, framework.leaf_decimals)
        if points.values.dtype == object and values.dtype != object:
            values = values.astype(object)
        state[places] = np.where(points.applies, POINTS, OUT)
        values[places] = np.where(points.applies, points.values, 0)
    return state, values


def claimed(
    framework: Framework, units: pd.Index, claims: pd.DataFrame, without_evidence: Mask | None
) -> tuple[Cells, Mask, Cells]:
    """Self points; where the unit claims not applicable; and what an agreeing mark takes over.

    without_evidence: units × leaves where required evidence is missing and counts 0, or None.
    """
    leaves = pd.Index([leaf.code for leaf in framework.leaves])
    own, out = Cells.blank(len(units), len(leaves)), np.zeros((len(units), len(leaves)), dtype=np.bool_)
    at = (units.get_indexer(pd.Index(claims["unit"])), leaves.get_indexer(pd.Index(claims["code"])))
    state, values = evaluate(framework, claims)
    own.put(at, state, values, "")
    wish = claims["not_applicable"].to_numpy(dtype=object)
    out[at] = wish != ""
    if without_evidence is not None:
        own.values = np.where(without_evidence, 0, own.values)
        own.state = np.where(without_evidence & (own.state == OUT), POINTS, own.state).astype(np.int8)
    agreed = Cells(np.where(out, OUT, own.state).astype(np.int8), own.values.copy(), own.reason.copy())
    agreed.reason[own.state == OUT] = ZERO_OF_ZERO
    agreed.reason[at] = np.where(wish != "", wish, agreed.reason[at])
    return own, out, agreed


def marked(framework: Framework, units: pd.Index, marks: pd.DataFrame, agreed: Cells) -> tuple[Cells, Mask, Mask]:
    """One round: what its marks say, where appraisers disagree, and where an explanation is asked.

    marks: rows of MARKS of one round, of these units and this framework's leaves.
    A correction outranks every appraiser's mark, the later one the earlier.
    """
    leaves = pd.Index([leaf.code for leaf in framework.leaves])
    said = Cells.blank(len(units), len(leaves))
    conflict = np.zeros((len(units), len(leaves)), dtype=np.bool_)
    asked = np.zeros((len(units), len(leaves)), dtype=np.bool_)
    if not len(marks):
        return said, conflict, asked
    rank = np.array([int(text) if text else 0 for text in marks["correction"].tolist()], dtype=np.int64)
    names = pd.factorize(marks["appraiser"], sort=True)[0]
    order = np.lexsort((names, rank))  # what is written last stays: the latest correction
    marks, rank = marks.iloc[order], rank[order]
    at = (units.get_indexer(pd.Index(marks["unit"])), leaves.get_indexer(pd.Index(marks["code"])))
    state, values = evaluate(framework, marks)
    reason = marks["reason"].to_numpy(dtype=object)
    reason = np.where(state == OUT, ZERO_OF_ZERO, reason)
    agrees = (marks["agree"] == "yes").to_numpy()
    state = np.where(agrees, agreed.state[at], state)
    values = np.where(agrees, agreed.values[at], values)
    reason = np.where(agrees & (state == OUT) & (agreed.reason[at] == ZERO_OF_ZERO), ZERO_OF_ZERO, reason)
    state = np.where((marks["not_applicable"] == "yes").to_numpy(), OUT, state).astype(np.int8)
    values = np.where(state == POINTS, values, 0)
    np.logical_or.at(asked, at, (marks["explanation_required"] == "yes").to_numpy())

    kept = state != NOTHING
    at, state, values, rank = (at[0][kept], at[1][kept]), state[kept], values[kept], rank[kept]
    said.put(at, state, values, reason[kept])
    outranked = np.zeros(said.state.shape, dtype=np.int64)
    outranked[at] = rank
    counts = rank == outranked[at]
    differs = (said.state[at] != state) | (said.values[at] != values)
    conflict[tuple(axis[differs & counts] for axis in at)] = True
    _join_reasons(said, tuple(axis[counts] for axis in at), reason[kept][counts])
    silent = (said.state == OUT) & (said.reason == "")
    said.reason[silent] = agreed.reason[silent]  # agreeing to "not applicable" takes over the unit's own reason
    return said, conflict, asked


def _join_reasons(said: Cells, at: tuple[Integers, ...], reasons: npt.NDArray[np.object_]) -> None:
    """Where several marks stand side by side, all their reasons are told, each once."""
    if len(np.unique(at[0].astype(np.int64) * said.state.shape[1] + at[1])) == len(at[0]):
        return
    told: dict[tuple[int, int], set[str]] = {}
    for row, column, reason in zip(at[0].tolist(), at[1].tolist(), reasons.tolist(), strict=True):
        told.setdefault((row, column), set()).add(reason)
    for cell, several in told.items():
        if len(several) > 1:
            said.reason[cell] = "; ".join(sorted(several - {"", ZERO_OF_ZERO})) or ZERO_OF_ZERO
