"""The gate before publication: what is missing, what is worth a word, and whether the figures can be true."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd

from checks.run import Expectation, Suite, run_suite
from checks.years import told_twice
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.frames import rows_of
from models.rules.marks import NOTHING
from models.rules.numbers import show
from models.rules.results import results_frame
from models.rules.scoring import Sheet
from models.rules.states import Status
from models.rules.totals import Standing


def what_stops(
    units: pd.DataFrame, sheets: Mapping[str, Sheet], refused_files: list[str], refused_marks: list[str]
) -> list[Fault]:
    """Everything publication must wait for.

    units: frame UNITS plus status. refused_files: kinds of shared files that stand refused.
    Source: contract, Publication stops.
    """
    faults = []
    scored = units[(units["scored"] == "yes").to_numpy()]
    absent = {}
    for unit, status in rows_of(scored, "unit", "status"):
        if status == Status.RETURNED:
            absent[unit] = "unit-refused"
        elif status in (Status.AWAITED, Status.LOCKED):
            absent[unit] = "unit-never-came"
        elif status == Status.SUBMITTED:
            absent[unit] = "unit-not-validated"
    faults += [Fault(check, unit, location=f"inbox/{unit}") for unit, check in absent.items()]
    faults += [Fault("shared-file-refused", location=name, found=name) for name in refused_files]
    faults += [Fault("marks-file-refused", location=f"appraisal/{name}", found=name) for name in refused_marks]
    for sheet in sheets.values():
        faults += [
            problem
            for problem in sheet.problems
            if not (problem.unit in absent and problem.check in ("mark-missing", "no-leaf-applies"))
            and not (problem.check == "survey-responses-missing" and "survey" in refused_files)  # it is there
        ]
    return faults


def worth_a_word(inputs: CycleInputs, sheets: Mapping[str, Sheet], lines: list[Standing]) -> list[Fault]:
    """Warnings and remarks of the publication step."""
    faults = []
    for sheet in sheets.values():
        leaves = sheet.framework.leaves
        unclear = sheet.asked & (sheet.second.state == NOTHING) & (sheet.first.state != NOTHING)
        faults += _each(sheet, unclear, "explanation-unanswered")
        marked = (sheet.first.state != NOTHING) | (sheet.second.state != NOTHING)
        faults += _each(sheet, (sheet.exempt != "") & marked, "exemption-wins")
        if sheet.framework.unchecked and len(sheet.units):
            found = f"{sheet.framework.id}: {len(sheet.framework.unchecked)}/{len(leaves)}"
            faults.append(Fault("leaf-unchecked", location=sheet.framework.id, found=found))
    faults += _agreeing_with_nothing(inputs, sheets)
    if len(inputs.crosswalk) and not len(inputs.previous_scores):
        faults.append(Fault("core-incomplete", location="previous/scores.csv"))
    faults += told_twice(inputs.history, inputs.previous, inputs.settings.year)
    faults += _of_nobody(inputs)
    before = dict(rows_of(inputs.previous, "unit", "framework"))
    for line in lines:
        unit, other = line.total.unit, before.get(line.total.unit, "")
        if line.comparable and other and other != line.total.framework:
            faults.append(
                Fault(
                    "other-framework-than-last-year",
                    unit,
                    location="previous/results.csv",
                    found=other,
                    expected=line.total.framework,
                )
            )
        if line.total.index is not None and not line.classification:
            faults.append(Fault("below-every-class", unit, found=show(line.total.index, inputs.settings.decimals)))
    return faults


def _of_nobody(inputs: CycleInputs) -> list[Fault]:
    """Last year's results under a code that is no scored unit's, nor one that any was formed of: gone, or mistyped."""
    known = set(inputs.units["unit"])
    known.update(code for codes in inputs.units["predecessors"].tolist() for code in codes.split(";"))
    where = "previous/results.csv"
    return [
        Fault("previous-of-nobody", location=where, found=unit)
        for unit in inputs.previous["unit"].tolist()
        if unit not in known
    ]


def _each(sheet: Sheet, where: np.ndarray, check: str) -> list[Fault]:
    return [
        Fault(check, str(sheet.units[int(row)]), sheet.framework.leaves[int(column)].code)
        for row, column in zip(*np.nonzero(where), strict=True)
    ]


def _agreeing_with_nothing(inputs: CycleInputs, sheets: Mapping[str, Sheet]) -> list[Fault]:
    """agree=yes where the unit has no row is no mark."""
    claimed = set(rows_of(inputs.claims, "unit", "code"))
    agreeing = inputs.marks[(inputs.marks["agree"] == "yes").to_numpy()]
    return [
        Fault("mark-agrees-with-nothing", unit, code, f"appraisal/{appraiser}", appraiser)
        for unit, code, appraiser in rows_of(agreeing, "unit", "code", "appraiser")
        if (unit, code) not in claimed
    ]


RESULTS = Suite(
    "results",
    (
        Expectation("table-figure-odd", "expect_column_values_to_be_unique", {"column": "unit"}),
        Expectation("table-figure-odd", "expect_column_values_to_not_be_in_set", {"column": "index", "value_set": [""]}),
        Expectation("table-figure-odd", "expect_column_values_to_be_in_set", {"column": "adds_up", "value_set": ["yes"]}),
        Expectation("table-figure-odd", "expect_column_values_to_be_in_set", {"column": "within", "value_set": ["yes"]}),
        Expectation("table-figure-odd", "expect_column_values_to_be_in_set", {"column": "rank_fits", "value_set": ["yes"]}),
    ),
)  # fmt: skip


def check_results(inputs: CycleInputs, lines: list[Standing], docs: Path | None) -> list[Fault]:
    """Hold the results to what must be true of any results; a failure is a bug and stops publication."""
    frame = results_frame(inputs, lines)
    best: dict[str, Fraction] = {}
    fits = []
    for line in lines:
        index = line.total.index
        above = best.get(line.total.bloc)
        fits.append("yes" if line.rank is None or index is None or above is None or index <= above else "no")
        if line.rank is not None and index is not None:
            best[line.total.bloc] = index
    held = frame.assign(
        adds_up=["yes" if _adds_up(line) else "no" for line in lines],
        within=["yes" if line.total.index is None or line.total.index <= 100 else "no" for line in lines],
        rank_fits=fits,
    )
    return [
        Fault(
            failure.expectation.check,
            held.iloc[row]["unit"],
            found=str(failure.expectation.arguments["column"]),
        )
        for failure in run_suite(RESULTS, held, docs)
        for row in failure.rows
    ]


def _adds_up(line: Standing) -> bool:
    total = line.total
    return sum(total.parts.values(), Fraction(0)) + total.bonus - total.penalty == total.points
