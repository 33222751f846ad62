"""The five steps as plain functions over files, with this project's own readers, checks and rules.

What another engine would be given to run: no database, vault, audit log or publication. The one place in the
benchmarks that calls the rules.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from checks.marks import read_marks
from checks.registration import read_appraisers, read_units
from checks.rule_book import refusing
from checks.self_assessments import read_claims, read_evidence_rows
from checks.survey import read_responses
from models.rules import frames
from models.rules.cycle import CycleInputs
from models.rules.cycle_text import read_settings
from models.rules.findings import Fault
from models.rules.framework_text import read_framework
from models.rules.results import results_frame
from models.rules.scoring import score
from models.rules.survey import count_answers
from models.rules.totals import UnitTotal, standings, totals
from models.storage.documents import inspect_document
from models.storage.spreadsheets import Table, read_csv_table, read_workbook


def _accept(faults: Sequence[Fault]) -> None:
    wrong = refusing(list(faults))
    if wrong:
        raise ValueError(f"refused: {wrong[:3]}")


def read_table(folder: Path, path: str) -> Table:
    """A csv file of the cycle folder."""
    table, faults = read_csv_table((folder / path).read_bytes(), path)
    _accept(faults)
    assert table is not None
    return table


def register(folder: Path) -> CycleInputs:
    """Settings, framework, units and responsibilities."""
    settings, faults = read_settings((folder / "cycle.yaml").read_text(encoding="utf-8"))
    assert settings is not None, faults
    path = "frameworks/do/framework.yaml"
    framework, faults = read_framework({path: (folder / path).read_text(encoding="utf-8")})
    assert framework is not None, faults
    units, more = read_units(read_table(folder, "units.csv"), settings)
    frameworks = {framework.id: framework}
    charged, others = read_appraisers(read_table(folder, "appraisers.csv"), units["unit"].tolist(), frameworks)
    _accept([*faults, *more, *others])
    return CycleInputs(settings, frameworks, units, responsibilities=charged)


def collect(base: CycleInputs, folder: Path, units: Sequence[str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Step 1: claims and evidence rows of these units (frames CLAIMS and EVIDENCE)."""
    tables, faults = [], list[Fault]()
    for unit in units:
        place = f"inbox/{unit}/self_assessment"
        if (folder / f"{place}.csv").exists():
            found = [read_table(folder, f"{place}.csv"), read_table(folder, f"inbox/{unit}/evidence.csv")]
        else:
            found, wrong = read_workbook((folder / f"{place}.xlsx").read_bytes(), f"{place}.xlsx")
            faults += wrong
        tables += [(unit, table) for table in found]
    frameworks = {unit: base.frameworks["do"] for unit in units}
    claims, wrong = read_claims([one for one in tables if "document_number" not in one[1].columns], frameworks)
    rows, more = read_evidence_rows([one for one in tables if "document_number" in one[1].columns], frameworks)
    _accept([*faults, *wrong, *more])
    rows = rows.assign(kind="evidence", sha256="", size="")
    return claims.reindex(columns=list(frames.CLAIMS), fill_value=""), rows[list(frames.EVIDENCE)]


def validate(folder: Path, evidence: pd.DataFrame) -> int:
    """Step 2: every named document is opened and must be of an accepted kind; how many there are."""
    named = [pair for pair in zip(evidence["unit"], evidence["file"], strict=True) if pair[1]]
    for unit, name in named:
        found = inspect_document((folder / "inbox" / unit / "evidence" / name).read_bytes())
        assert found.accepted, (unit, name, found)
    return len(named)


def marks_by_unit(folder: Path) -> dict[str, Table]:
    """marks.csv cut into one table per unit, for whoever works unit by unit."""
    whole = read_table(folder, "appraisal/a/marks.csv")
    lines: dict[str, list[int]] = {}
    for line, unit in enumerate(whole.cells["unit"].to_pylist()):
        lines.setdefault(unit, []).append(line)
    return {
        unit: Table("", whole.columns, {name: whole.cells[name].take(mine) for name in whole.columns},
                    [whole.rows[n] for n in mine], whole.path)
        for unit, mine in lines.items()
    }  # fmt: skip


def appraise(inputs: CycleInputs, table: Table) -> pd.DataFrame:
    """Step 3: the appraiser's marks, checked against who may mark and what was claimed (frame MARKS)."""
    marks, faults = read_marks([("a", table)], inputs, frozenset(), frozenset(inputs.units["unit"]))
    _accept([fault for _, fault in faults])
    return marks[list(frames.MARKS)]


def survey(base: CycleInputs, folder: Path) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Step 4: frames SURVEY_COUNTS and SURVEY_VALID."""
    framework = base.frameworks["do"]
    frameworks = {unit: framework for unit in base.units["unit"].tolist()}
    answers, faults = read_responses(read_table(folder, "survey/responses.csv"), frameworks, frozenset())
    _accept(faults)
    return count_answers(framework, answers)


def with_parts(
    base: CycleInputs, forms: Sequence[pd.DataFrame], marks: pd.DataFrame, answers: Sequence[pd.DataFrame]
) -> CycleInputs:
    """All inputs together. forms: claims, evidence; answers: counts, valid."""
    return replace(base, claims=forms[0], evidence=forms[1], marks=marks, survey_counts=answers[0],
                   survey_valid=answers[1], survey_present=True)  # fmt: skip


def gather(folder: Path) -> CycleInputs:
    """Steps 1 to 4 over all units."""
    base = register(folder)
    forms = collect(base, folder, base.units["unit"].tolist())
    validate(folder, forms[1])
    marks = appraise(replace(base, claims=forms[0], evidence=forms[1]), read_table(folder, "appraisal/a/marks.csv"))
    return with_parts(base, forms, marks, survey(base, folder))


def totals_of(inputs: CycleInputs) -> dict[str, UnitTotal]:
    """Leaf points and sums."""
    return totals(inputs, score(inputs))


def publish(inputs: CycleInputs, found: dict[str, UnitTotal], out: Path) -> None:
    """Step 5: ranks, and results.csv with the exact index as a fraction beside the one shown."""
    lines = standings(inputs, found)
    exact = {line.total.unit: str(line.total.index) for line in lines}
    rows = results_frame(inputs, lines)
    rows.assign(exact_index=rows["unit"].map(exact)).to_csv(out, index=False, lineterminator="\n")
