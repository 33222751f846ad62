"""Which mark counts: what each mark is worth, agreement between appraisers, first and second round."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.rules.coded import Coded, Placed, Texts, by_number
from models.rules.formulas import Mask, points_of
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

    def put(self, at: tuple[Integers, Integers], state: States, values: Integers, reason: object = None) -> None:
        """Say this of these cells, reasons only if given; the grid turns to Python integers when a value needs it."""
        if values.dtype == object and self.values.dtype != object:
            self.values = self.values.astype(object)
        self.state[at], self.values[at] = state, values
        if reason is not None:
            self.reason[at] = reason


def evaluate(framework: Framework, rows: pd.DataFrame) -> tuple[States, Integers]:
    """What each row of inputs says: points, or not applicable (0 of 0), or nothing where no input is given.

    rows: columns code and INPUTS (text), codes of this framework, inputs complete where the rule's are given.
    """
    cells = Coded(rows)
    leaves = cells["code"].worth({leaf.code: place for place, leaf in enumerate(framework.leaves)})
    return _evaluate(framework, cells, leaves)


def _evaluate(framework: Framework, rows: Coded | Placed, leaves: Integers) -> tuple[States, Integers]:
    """leaves: the place of each row's leaf in the framework."""
    state = np.zeros(len(leaves), dtype=np.int8)
    values: Integers = np.zeros(len(leaves), dtype=np.int64)
    columns: dict[str, Texts] = {}
    for leaf, found in zip(framework.leaves, by_number(leaves, len(framework.leaves)), strict=True):
        if leaf.rule is None or not leaf.rule.inputs or not len(found):
            continue
        for name in leaf.rule.inputs:
            if name not in columns:
                columns[name] = rows[name]
        taken = {name: columns[name].take(found) for name in leaf.rule.inputs}
        given = np.logical_and.reduce([cells.given for cells in taken.values()])
        if not given.any():
            continue
        if not given.all():
            found, taken = found[given], {name: cells.take(given) for name, cells in taken.items()}
        points = points_of(leaf, taken, framework.leaf_decimals)
        if points.values.dtype == object and values.dtype != object:
            values = values.astype(object)
        state[found] = np.where(points.applies, POINTS, OUT)
        values[found] = np.where(points.applies, points.values, 0)
    return state, values


def claimed(
    framework: Framework, units: pd.Index, claims: pd.DataFrame, without_evidence: Mask | None
) -> tuple[Cells, Mask, Cells]:
    """Self points; where the unit claims not applicable; and what an agreeing mark takes over.

    without_evidence: units × leaves where required evidence is missing and counts 0, or None.
    """
    return claimed_there(framework, units, Placed.of(Coded(claims), units, framework.leaf_codes), without_evidence)


def claimed_there(
    framework: Framework, units: pd.Index, claims: Placed, without_evidence: Mask | None
) -> tuple[Cells, Mask, Cells]:
    """The same of claims that are placed already."""
    shape = (len(units), len(framework.leaves))
    own, out = Cells.blank(*shape), np.zeros(shape, dtype=np.bool_)
    state, values = _evaluate(framework, claims, claims.at[1])
    own.put(claims.at, state, values)
    wish = claims["not_applicable"]
    wishes = wish.given
    out[claims.at] = wishes
    if without_evidence is not None:
        own.values = np.where(without_evidence, 0, own.values)
        own.state = np.where(without_evidence & (own.state == OUT), POINTS, own.state).astype(np.int8)
    agreed = Cells(np.where(out, OUT, own.state).astype(np.int8), own.values.copy(), own.reason.copy())
    agreed.reason[own.state == OUT] = ZERO_OF_ZERO
    agreed.reason[claims.take(wishes).at] = wish.take(wishes).objects()
    return own, out, agreed


@dataclass(frozen=True)
class Said:
    """What marks say, one by one."""

    marks: Placed
    state: States
    values: Integers
    reason: npt.NDArray[np.object_]

    def only(self, which: Mask) -> Said:
        """These of them."""
        rows = np.flatnonzero(which)
        return Said(self.marks.take(rows), self.state[rows], self.values[rows], self.reason[rows])


def marked(framework: Framework, units: pd.Index, marks: Placed, agreed: Cells) -> tuple[Cells, Mask, Mask]:
    """One round: what its marks say, where appraisers disagree, and where an explanation is asked.

    marks: rows of MARKS of one round.
    A correction outranks every appraiser's mark, the later one the earlier.
    """
    shape = (len(units), len(framework.leaves))
    said = Cells.blank(*shape)
    conflict, asked = np.zeros(shape, dtype=np.bool_), np.zeros(shape, dtype=np.bool_)
    if not len(marks):
        return said, conflict, asked
    if _several(marks, shape).any():  # what is written last stays: the latest correction
        marks = marks.take(np.lexsort((marks["appraiser"].ordered(), marks["correction"].scaled(0))))
    asked[marks.take(marks.says("explanation_required", "yes")).at] = True
    told = _said(framework, marks, agreed)
    told = told.only(told.state != NOTHING)
    said.put(told.marks.at, told.state, told.values, told.reason)
    several = _several(told.marks, shape)
    if several.any():
        _weigh(said, conflict, told.only(several))
    silent = np.nonzero(said.state == OUT)
    silent = tuple(axis[said.reason[silent] == ""] for axis in silent)
    said.reason[silent] = agreed.reason[silent]  # agreeing to "not applicable" takes over the unit's own reason
    return said, conflict, asked


def _several(marks: Placed, shape: tuple[int, int]) -> Mask:
    """Marks that are not alone on their leaf."""
    cell = marks.at[0] * shape[1] + marks.at[1]
    return np.asarray(np.bincount(cell, minlength=1)[cell] > 1, dtype=np.bool_)


def _said(framework: Framework, marks: Placed, agreed: Cells) -> Said:
    """Mark by mark: its inputs' points, or what it agrees to, or not applicable."""
    at = marks.at
    state, values = _entered(framework, marks)
    reason = marks["reason"].objects()
    reason[state == OUT] = ZERO_OF_ZERO
    agrees = marks.says("agree", "yes")
    state = np.where(agrees, agreed.state[at], state)
    values = np.where(agrees, agreed.values[at], values)
    out = np.flatnonzero(agrees & (state == OUT))
    out = out[agreed.reason[marks.take(out).at] == ZERO_OF_ZERO]
    reason[out] = ZERO_OF_ZERO
    state[marks.says("not_applicable", "yes")] = OUT
    return Said(marks, state, np.where(state == POINTS, values, 0), reason)


def _entered(framework: Framework, marks: Placed) -> tuple[States, Integers]:
    """What the marks' own inputs say; most marks have none, they agree."""
    rows = np.flatnonzero(marks.frame.filled(INPUTS)[marks.rows])
    some, points = _evaluate(framework, marks.frame.only(marks.rows[rows]), marks.at[1][rows])
    state, values = np.zeros(len(marks), dtype=np.int8), np.zeros(len(marks), dtype=points.dtype)
    state[rows], values[rows] = some, points
    return state, values


def _weigh(said: Cells, conflict: Mask, told: Said) -> None:
    """Leaves with several marks: those that are not outranked must give the same, and all their reasons are told."""
    rank = told.marks["correction"].scaled(0)
    highest = np.zeros(conflict.shape, dtype=np.int64)
    highest[told.marks.at] = rank
    counting = told.only(rank == highest[told.marks.at])
    at = counting.marks.at
    differs = (said.state[at] != counting.state) | (said.values[at] != counting.values)
    conflict[counting.marks.take(differs.astype(np.bool_)).at] = True
    _join_reasons(said, counting)


def _join_reasons(said: Cells, marks: Said) -> None:
    """Where several marks stand side by side, all their reasons are told, each once."""
    told: dict[tuple[int, int], set[str]] = {}
    rows, columns = (axis.tolist() for axis in marks.marks.at)
    for row, column, reason in zip(rows, columns, marks.reason.tolist(), strict=True):
        told.setdefault((row, column), set()).add(reason)
    for cell, several in told.items():
        if len(several) > 1:
            said.reason[cell] = "; ".join(sorted(several - {"", ZERO_OF_ZERO})) or ZERO_OF_ZERO
