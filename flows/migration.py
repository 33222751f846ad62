"""Puts a bloc of an open cycle on a superseding framework: shows what that changes, then records what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

import pandas as pd

from checks.inputs import check_inputs
from checks.rule_book import findings, refusing
from flows.publication.rule_words import rule_in_words
from models.actions.migrate_framework import Migration, migrate_framework
from models.rules.cycle import CycleInputs
from models.rules.errors import Refused
from models.rules.findings import Fault
from models.rules.framework import Framework
from models.rules.framework_diff import Difference, compare
from models.rules.scoring import score
from models.rules.totals import Standing, standings, totals
from models.storage.database import reading
from models.storage.framework_folders import find_framework
from models.storage.inbox import Received
from models.storage.inputs import load_inputs
from models.storage.workspace import Workspace


@dataclass(frozen=True)
class Touched:
    """One unit under both frameworks, on what is present: index (None where nothing counts yet) and rank.

    unfit: leaves whose figures the new rule does not accept, so that the unit or its appraisers give them again.
    """

    unit: str
    before: Fraction | None
    after: Fraction | None
    rank_before: int | None
    rank_after: int | None
    unfit: tuple[str, ...]


@dataclass(frozen=True)
class Impact:
    """What a migration would change."""

    old: Framework
    new: Framework
    differences: list[Difference]
    units: list[Touched]


def read_new(path: str) -> Framework:
    """The superseding framework. Raises Refused with its faults, WrongCall where there is none."""
    framework, faults = find_framework(path)
    if framework is None or refusing(faults):
        raise Refused(f"Bộ tiêu chí có lỗi / The framework has faults: {path}", faults)
    return framework


def impact(workspace: Workspace, cycle: str, bloc: str, new: Framework) -> Impact:
    """All that is present, scored under both frameworks; nothing is written. Raises WrongCall for an unknown bloc."""
    with reading(workspace.engine) as session:
        inputs = load_inputs(session, cycle)
    other, unfit = under(inputs, bloc, new)
    old = inputs.framework_of(bloc)
    before, after = _by_unit(inputs, bloc), _by_unit(other, bloc)
    touched = [
        Touched(unit, line.total.index, after[unit].total.index, line.rank, after[unit].rank, unfit.get(unit, ()))
        for unit, line in before.items()
    ]
    return Impact(old, new, compare(old, new, rule_in_words), touched)


def under(inputs: CycleInputs, bloc: str, new: Framework) -> tuple[CycleInputs, dict[str, tuple[str, ...]]]:
    """The inputs as if the bloc were on the new framework, and by unit the leaves whose figures do not fit it.

    Answers and statistics of a leaf count where the new framework asks for the very same.
    """
    settings = inputs.settings.on_framework(bloc, new.id)
    mine = frozenset(inputs.units.loc[(inputs.units["bloc"] == bloc).to_numpy(), "unit"])
    old = inputs.framework_of(bloc)
    claims, wrong = _fitting(inputs.claims, mine, new)
    marks, more = _fitting(inputs.marks, mine, new)
    same = {leaf.code for leaf in new.leaves if leaf.code in old.leaf and old.leaf[leaf.code].rule == leaf.rule}
    kept = {
        name: frame[(~frame["unit"].isin(mine) | frame["code"].isin(same)).to_numpy()]
        for name in ("survey_counts", "survey_valid", "statistics")
        for frame in (getattr(inputs, name),)
    }
    unfit: dict[str, set[str]] = {}
    for fault in (*wrong, *more):
        unfit.setdefault(fault.unit, set()).add(fault.code)
    other = replace(
        inputs,
        settings=settings,
        frameworks={**inputs.frameworks, new.id: new},
        claims=claims,
        marks=marks,
        **kept,
    )
    return other, {unit: tuple(sorted(codes)) for unit, codes in unfit.items()}


def _fitting(rows: pd.DataFrame, mine: frozenset[str], new: Framework) -> tuple[pd.DataFrame, list[Fault]]:
    """The rows of other blocs' units and those the new framework accepts; the faults of the others."""
    rows = rows.reset_index(drop=True)
    asked = frozenset(leaf.code for leaf in new.leaves if leaf.source == "appraisal")
    ours = rows["unit"].isin(mine)
    known = rows[(ours & rows["code"].isin(asked)).to_numpy()]
    faults = refusing(check_inputs(new, known.assign(location=known.index.astype("str"))))
    gone = rows[(ours & ~rows["code"].isin(asked)).to_numpy()]
    bad = {int(fault.location) for fault in faults} | set(gone.index)
    return rows.drop(index=sorted(bad)), faults


def _by_unit(inputs: CycleInputs, bloc: str) -> Mapping[str, Standing]:
    lines = standings(inputs, totals(inputs, score(inputs)))
    return {line.total.unit: line for line in lines if line.total.bloc == bloc}


def migrate(workspace: Workspace, cycle: str, bloc: str, path: str, reason: str, approved_by: str) -> int:
    """Record the migration; gives how many units' forms wait to be judged again by the next run."""
    new = read_new(path)
    files = [_kept(workspace, file, new) for file in _files(path)]
    told = findings([Fault("framework-migrated", found=new.id, expected=new.decision.number)], "appraise")
    return migrate_framework(workspace, cycle, Migration(bloc, new, files, reason, approved_by), told)


def _files(path: str) -> list[Path]:
    place = Path(path)
    return sorted(place.glob("*.yaml")) if place.is_dir() else [place] if place.is_file() else []


def _kept(workspace: Workspace, file: Path, new: Framework) -> Received:
    data = file.read_bytes()
    return Received(f"frameworks/{new.id}/{file.name}", workspace.vault.put(data), len(data))
