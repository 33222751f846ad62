"""Checks evidence over all units at once: opened and typed, dated in its year, not shared, not missing."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from checks.run import Expectation, Suite, forget_page, run_suite
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.frames import rows_of
from models.rules.scoring import missing_evidence


def evidence_suite(year: int) -> Suite:
    """What every evidence row is held to, in Great Expectations' words."""
    return Suite(
        "evidence",
        (
            Expectation("evidence-outside-year", "expect_column_values_to_match_regex", {"column": "issued_on", "regex": f"^(?:{year}-|$)"}),
            Expectation("evidence-row-duplicate", "expect_compound_columns_to_be_unique", {"column_list": ["unit", "code", "kind", "document_number", "issuer", "issued_on", "pages", "file"]}),
            Expectation("document", "expect_column_values_to_be_in_set", {"column": "problem", "value_set": [""]}),
            Expectation("evidence-same-file", "expect_column_values_to_be_in_set", {"column": "shared_with", "value_set": [""]}),
            Expectation("evidence-same-as-last-year", "expect_column_values_to_be_in_set", {"column": "seen_in", "value_set": [""]}),
            Expectation("evidence-not-needed", "expect_column_values_to_not_be_in_set", {"column": "asked", "value_set": ["none"]}),
        ),
    )  # fmt: skip


def check_evidence(
    inputs: CycleInputs,
    rows: pd.DataFrame,
    problems: Mapping[tuple[str, str], str],
    seen: Mapping[str, str],
    docs: Path | None,
    about: Collection[str] | None = None,
    unit: str = "",
) -> list[Fault]:
    """Faults of evidence rows.

    rows: frame EVIDENCE plus location. problems: check id by (sha256, file name) for files that cannot be
    accepted. seen: an earlier cycle by sha256. docs: folder for the Data Docs page of this run. about: these units'
    rows alone are held to the suite; the others are there because a file may stand under several. unit: the page is
    this unit's, not that of all.
    """
    rows = rows.assign(shared_with=_shared(rows))
    if about is not None:
        rows = rows[rows["unit"].isin(list(about)).to_numpy()]
    if not len(rows):
        forget_page(docs, "evidence", unit)
        return []
    asked_in = {name: {leaf.code: leaf.evidence for leaf in one.leaves} for name, one in inputs.frameworks.items()}
    asked_of = {party: asked_in[name] for party, name in _framework_of(inputs).items()}
    rows = rows.assign(
        problem=[problems.get(key, "") for key in rows_of(rows, "sha256", "file")],
        seen_in=[seen.get(sha256, "") for sha256 in rows["sha256"].tolist()],
        asked=[asked_of[party].get(code, "") for party, code in rows_of(rows, "unit", "code")],
    ).reset_index(drop=True)
    faults = []
    told = {
        "evidence-outside-year": "issued_on",
        "evidence-same-file": "shared_with",
        "evidence-same-as-last-year": "seen_in",
    }
    for failure in run_suite(evidence_suite(inputs.settings.year), rows, docs, unit):
        check = failure.expectation.check
        for place in failure.rows:
            row = rows.iloc[place]
            shown = row[told[check]] if check in told else (row["file"] or row["document_number"])
            found = f"{row['file']}: {shown}" if check.startswith("evidence-same") else shown
            faults.append(
                Fault(
                    row["problem"] if check == "document" else check,
                    row["unit"],
                    row["code"],
                    row["location"],
                    found,
                )
            )
    return faults


def _framework_of(inputs: CycleInputs) -> dict[str, str]:
    return {unit: inputs.settings.bloc(bloc).framework for unit, bloc in rows_of(inputs.units, "unit", "bloc")}


def _shared(rows: pd.DataFrame) -> list[str]:
    """For each row: the other units that sent the same file."""
    by_file: dict[str, set[str]] = {}
    for unit, sha256 in rows_of(rows, "unit", "sha256"):
        if sha256:
            by_file.setdefault(sha256, set()).add(unit)
    return [
        ", ".join(sorted(by_file[sha256] - {unit})) if sha256 else ""
        for unit, sha256 in rows_of(rows, "unit", "sha256")
    ]


def check_missing(inputs: CycleInputs, units: list[str]) -> list[Fault]:
    """Required evidence that is missing: 0 points, or an explanation is due, as the cycle says.

    units: those whose forms are in. Source: contract, Missing evidence.
    """
    faults = []
    zero = inputs.settings.missing_evidence == "zero"
    claims = inputs.claims
    said = {
        (unit, code): bool(explanation) for unit, code, explanation in rows_of(claims, "unit", "code", "explanation")
    }
    framework_of = _framework_of(inputs)
    for framework_id, framework in inputs.frameworks.items():
        mine = pd.Index(sorted(unit for unit in units if framework_of.get(unit) == framework_id))
        if not len(mine):
            continue
        for row, column in zip(*np.nonzero(missing_evidence(framework, mine, inputs.evidence)), strict=True):
            unit, code = str(mine[int(row)]), framework.leaves[int(column)].code
            if (unit, code) not in said:
                continue
            if zero:
                faults.append(Fault("evidence-missing-zero", unit, code))
            elif not said[unit, code]:
                faults.append(Fault("evidence-missing", unit, code))
    return faults
