"""From inputs to leaf points: one grid of units × leaves per framework, and what still stops publication."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from models.rules.coded import Coded, Placed, Texts, by_number
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.formulas import Mask, judgement
from models.rules.frames import rows_of
from models.rules.framework import Framework, Judgement, Leaf
from models.rules.marks import NOTHING, OUT, POINTS, Cells, claimed_there, marked
from models.rules.numbers import Integers, compact, scaled_one, weighed_sums
from models.rules.survey import points_from_tallies

SHORTFALL = "survey shortfall"
_AS_GIVEN = Leaf("", "", "0", "statistics", "none", Judgement())


@dataclass(frozen=True)
class Sheet:
    """Every leaf of every unit on one framework. Grids are units × leaves; points in 10**-leaf_decimals.

    units: unit codes in code point order. exempt: reason text, "" where not exempt.
    final: the leaf's points where `applies`; `known` is False where publication must wait.
    """

    framework: Framework
    units: pd.Index
    own: Cells
    wishes_out: Mask
    first: Cells
    second: Cells
    final: Cells
    exempt: npt.NDArray[np.object_]
    asked: Mask
    problems: tuple[Fault, ...]

    @property
    def applies(self) -> Mask:
        """Leaves on both sides of the division."""
        return np.asarray(self.final.state == POINTS, dtype=np.bool_)

    @cached_property
    def maxima(self) -> Integers:
        """Leaf maxima in 10**-framework.decimals, by leaf."""
        decimals = self.framework.decimals
        return compact([scaled_one(leaf.maximum, decimals) for leaf in self.framework.leaves])

    def applicable(self, leaves: Sequence[int]) -> Integers:
        """By unit, the maxima of those of these leaves (places) that apply, added up, in 10**-framework.decimals."""
        return weighed_sums(self.applies[:, leaves], self.maxima[leaves])


@dataclass(frozen=True)
class _Frames:
    """The frames leaf points come from, coded once for all frameworks."""

    claims: Coded
    marks: Coded
    evidence: Coded
    counts: Coded
    valid: Coded
    statistics: Coded

    @classmethod
    def of(cls, inputs: CycleInputs) -> _Frames:
        survey = (inputs.survey_counts, inputs.survey_valid)
        return cls(*map(Coded, (inputs.claims, inputs.marks, inputs.evidence, *survey, inputs.statistics)))


def score(inputs: CycleInputs) -> dict[str, Sheet]:
    """Score every scored unit; one sheet per framework in use, by framework id.

    Source: contract, Computation (leaf). Pure: the same inputs give the same sheets.
    """
    blocs = {bloc.key: bloc.framework for bloc in inputs.settings.blocs}
    used, given = inputs.units["bloc"].map(blocs), _Frames.of(inputs)
    return {
        framework_id: _score(
            inputs,
            given,
            inputs.frameworks[framework_id],
            pd.Index(sorted(inputs.units.loc[used == framework_id, "unit"])),
        )
        for framework_id in dict.fromkeys(blocs.values())
    }


def _score(inputs: CycleInputs, given: _Frames, framework: Framework, units: pd.Index) -> Sheet:
    """The sheet of these units on this framework."""
    exempt = _exemptions(framework, units, inputs.exemptions)
    excused = np.asarray(exempt != "", dtype=np.bool_)
    zero = _missing(framework, units, given.evidence) if inputs.settings.missing_evidence == "zero" else None
    own, wishes_out, agreed = claimed_there(
        framework, units, Placed.of(given.claims, units, framework.leaf_codes), zero
    )
    marks = Placed.of(given.marks, units, framework.leaf_codes)
    rounds = [np.flatnonzero(marks.says("round", number)) for number in ("1", "2")]
    first, split_1, asked_1 = marked(framework, units, marks.take(rounds[0]), agreed)
    second, split_2, asked_2 = marked(framework, units, marks.take(rounds[1]), agreed)
    final, counts = _counting(first, second)
    for cells, torn in ((first, split_1), (second, split_2)):
        cells.state[torn] = NOTHING
    split = split_1 | split_2
    final.state[split] = NOTHING  # marks that disagree, in either round, stop the leaf
    problems = _splits(framework, units, split & ~excused, inputs.marks)
    if inputs.survey_present:
        _survey(given, framework, units, final)
    _statistics(given, framework, units, final)
    final.state[excused] = OUT
    final.values = np.where(final.state == POINTS, final.values, 0)
    final.reason[excused] = exempt[excused]
    problems += _gaps(inputs, framework, units, final, split)
    return Sheet(
        framework,
        units,
        own,
        wishes_out,
        first,
        second,
        final,
        exempt,
        asked_1 & ~counts | asked_2,
        tuple(problems),
    )


def _counting(first: Cells, second: Cells) -> tuple[Cells, Mask]:
    """The second round's mark where there is one, else the first's; and where there is a second."""
    counts = np.asarray(second.state != NOTHING, dtype=np.bool_)
    final = Cells(first.state.copy(), first.values.copy(), first.reason.copy())
    at = np.nonzero(counts)
    final.put((at[0], at[1]), second.state[at], second.values[at], second.reason[at])
    return final, counts


def _exemptions(framework: Framework, units: pd.Index, exemptions: pd.DataFrame) -> npt.NDArray[np.object_]:
    """The reason why a leaf is exempt; the most specific code speaks."""
    reasons = np.full((len(units), len(framework.leaves)), "", dtype=object)
    given = {(unit, code): reason for unit, code, reason in rows_of(exemptions, "unit", "code", "reason")}
    touched = {unit for unit, _ in given}
    for row in (place for place, unit in enumerate(units) if unit in touched):
        for column, leaf in enumerate(framework.leaves):
            for code in framework.parents[leaf.code]:
                if (units[row], code) in given:
                    reasons[row, column] = given[units[row], code] or "exempt"
                    break
    return reasons


def missing_evidence(framework: Framework, units: pd.Index, evidence: pd.DataFrame) -> Mask:
    """units × leaves: evidence is required and neither a document nor an explanation's file is there."""
    return _missing(framework, units, Coded(evidence))


def _missing(framework: Framework, units: pd.Index, evidence: Coded) -> Mask:
    needed = np.array([leaf.evidence == "required" for leaf in framework.leaves], dtype=np.bool_)
    missing = np.tile(needed, (len(units), 1))
    missing[Placed.of(evidence, units, framework.leaf_codes).at] = False
    return missing


def _survey(given: _Frames, framework: Framework, units: pd.Index, final: Cells) -> None:
    """Survey leaves from their counts; without any responses they stay unknown."""
    counts, valid = (Placed.of(part, units, framework.leaf_codes) for part in (given.counts, given.valid))
    by_leaf = [by_number(part.at[1], len(framework.leaves)) for part in (counts, valid)]
    for column, leaf in enumerate(framework.leaves):
        if leaf.source != "survey":
            continue
        counted, people = counts.take(by_leaf[0][column]), valid.take(by_leaf[1][column])
        points = points_from_tallies(leaf, len(units), counted, people, framework.leaf_decimals)
        at = (np.arange(len(units)), np.full(len(units), column))
        state = np.where(points.applies, POINTS, OUT).astype(np.int8)
        final.put(at, state, points.values, np.where(points.applies, "", SHORTFALL).astype(object))


def _statistics(given: _Frames, framework: Framework, units: pd.Index, final: Cells) -> None:
    """Statistics leaves: points as given, rounded once like every leaf."""
    rows = Placed.of(given.statistics, units, framework.leaf_codes)
    counted = np.array([leaf.source == "statistics" for leaf in framework.leaves], dtype=np.bool_)
    rows = rows.take(counted[rows.at[1]])
    values = judgement(_AS_GIVEN, {"points": rows["points"]}, framework.leaf_decimals).values
    final.put(rows.at, np.full(len(rows), POINTS, dtype=np.int8), values, "")


def given_points(texts: pd.Series, decimals: int) -> Integers:
    """Points given as text, rounded half-up to `decimals`."""
    return judgement(_AS_GIVEN, {"points": Texts.of(texts)}, decimals).values


def _splits(framework: Framework, units: pd.Index, split: Mask, marks: pd.DataFrame) -> list[Fault]:
    """Leaves on which two appraisers' marks differ."""
    found = []
    for row, column in zip(*np.nonzero(split), strict=True):
        unit, code = units[row], framework.leaves[column].code
        who = marks.loc[(marks["unit"] == unit) & (marks["code"] == code), ["appraiser", "round"]]
        names = "; ".join(sorted({f"{a} ({r})" for a, r in rows_of(who, "appraiser", "round")}))
        found.append(Fault("marks-disagree", unit, code, found=names))
    return found


def _gaps(inputs: CycleInputs, framework: Framework, units: pd.Index, final: Cells, split: Mask) -> list[Fault]:
    """What publication still waits for, leaf by leaf. Source: contract, Publication stops."""
    found = []
    absent = {"appraisal": "mark-missing", "statistics": "statistics-missing"}
    for row, column in zip(*np.nonzero((final.state == NOTHING) & ~split), strict=True):
        leaf = framework.leaves[column]
        if leaf.source in absent:
            found.append(Fault(absent[leaf.source], units[row], leaf.code))
    surveyed = [place for place, leaf in enumerate(framework.leaves) if leaf.source == "survey"]
    if surveyed and not inputs.survey_present and (final.state[:, surveyed] == NOTHING).any():
        found.append(Fault("survey-responses-missing", location="survey/responses.csv"))
    for row in np.flatnonzero((final.state == OUT).all(axis=1)):
        found.append(Fault("no-leaf-applies", units[int(row)]))
    return found
