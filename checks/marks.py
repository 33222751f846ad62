"""Checks appraisers' marks: the right person, exactly one statement per leaf and round, a reason where it differs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from checks.columns import INPUT_COLUMNS, Column, each, read_batch, without_echoes
from checks.inputs import check_inputs, has_inputs
from models.rules.cells import read_code, read_flag, read_key
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.frames import MARKS, rows_of
from models.rules.framework import Framework, Judgement
from models.rules.marks import NOTHING, POINTS, claimed, evaluate
from models.rules.permissions import Permissions
from models.rules.scoring import missing_evidence
from models.storage.spreadsheets import Table


def read_round(text: str) -> str:
    """1 or 2. Raises ValueError."""
    if text.strip() not in ("1", "2"):
        raise ValueError("1 | 2")
    return text.strip()


MARK_COLUMNS = (
    Column("unit", read_key, required=True, filled=True),
    Column("code", read_code, required=True, filled=True),
    Column("round", read_round, required=True, filled=True),
    Column("agree", read_flag),
    *INPUT_COLUMNS,
    Column("not_applicable", read_flag),
    Column("reason"),
    Column("explanation_required", read_flag),
)


def read_marks(
    tables: Sequence[tuple[str, Table]],
    inputs: CycleInputs,
    not_scored: frozenset[str],
    arrived: frozenset[str],
) -> tuple[pd.DataFrame, list[tuple[str, Fault]]]:
    """Marks of many appraisers at once, and every fault with the appraiser whose file it is in.

    tables: (appraiser, table). not_scored: units known but not scored. arrived: units whose form is accepted;
    of the others nothing is compared yet. Returns the frame MARKS plus `location`.
    Source: contract, A mark; Who may mark.
    """
    batch, faults = read_batch(tables, MARK_COLUMNS, party="appraiser")
    batch = batch.rename(columns={"_appraiser": "appraiser"})
    who = dict(rows_of(batch, "location", "appraiser"))
    said = has_inputs(batch) | _any(batch, ("agree", "not_applicable", "reason", "explanation_required"))
    bloc = dict(rows_of(inputs.units, "unit", "bloc"))
    faults += _misnamed(batch[~said.to_numpy()], bloc, not_scored, inputs)
    batch = batch[said.to_numpy()]
    for name in ("agree", "not_applicable", "explanation_required"):
        batch[name] = batch[name].where(batch[name] == "yes", "")
    batch, found = _known_units(batch, bloc, not_scored)
    faults += found
    twice = batch[batch.duplicated(["appraiser", "unit", "code", "round"], keep="first").to_numpy()]
    faults += each(twice, "mark-duplicate", (twice["unit"] + " " + twice["code"]).tolist())
    framework_of = {key: inputs.settings.bloc(name).framework for key, name in bloc.items()}
    for framework_id in dict.fromkeys(framework_of.values()):
        framework = inputs.frameworks[framework_id]
        rows = batch[(batch["unit"].map(framework_of) == framework_id).to_numpy(dtype=np.bool_)]
        faults += check_marks(framework, rows, inputs, arrived)
    batch = _without_claimed_points(batch, inputs, framework_of)
    batch = batch.assign(correction="")[[*MARKS, "location"]].reset_index(drop=True)
    by_path = {table.path: appraiser for appraiser, table in tables}
    return batch, [
        (who.get(fault.location, by_path.get(fault.location, "")), fault) for fault in without_echoes(faults)
    ]


def _without_claimed_points(batch: pd.DataFrame, inputs: CycleInputs, framework_of: Mapping[str, str]) -> pd.DataFrame:
    """Points are an input of judgement alone; elsewhere they were compared and say nothing more."""
    judged = []
    for unit, code in rows_of(batch, "unit", "code"):
        leaf = inputs.frameworks[framework_of[unit]].leaf.get(code)
        judged.append(leaf is not None and isinstance(leaf.rule, Judgement))
    return batch.assign(points=batch["points"].where(np.array(judged, dtype=np.bool_), "").astype("str"))


def _any(batch: pd.DataFrame, names: Sequence[str]) -> pd.Series:
    return pd.Series(np.logical_or.reduce([batch[name] != "" for name in names]), index=batch.index)


def _known_units(
    batch: pd.DataFrame, bloc: Mapping[str, str], not_scored: frozenset[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    known = batch["unit"].isin(list(bloc)).to_numpy()
    idle = batch["unit"].isin(list(not_scored)).to_numpy()
    named = (batch["unit"] != "").to_numpy()
    faults = each(batch[~known & ~idle & named], "unit-unknown", batch.loc[~known & ~idle & named, "unit"].tolist())
    faults += each(batch[idle], "unit-not-scored", batch.loc[idle, "unit"].tolist())
    return batch[known], faults


def _misnamed(
    silent: pd.DataFrame, bloc: Mapping[str, str], not_scored: frozenset[str], inputs: CycleInputs
) -> list[Fault]:
    """Rows that mark nothing, as worksheets are handed out with, but name a unit or leaf there is not. Told and not
    refused: a unit may have gone since, and such a row takes no mark away."""
    silent = silent[
        ((silent["unit"] != "") & (silent["code"] != "") & ~silent["unit"].isin(list(not_scored))).to_numpy()
    ]
    codes = {unit: inputs.framework_of(name).codes for unit, name in bloc.items()}
    known = [code in codes.get(unit, frozenset()) for unit, code in rows_of(silent, "unit", "code")]
    strange = silent[~np.array(known, dtype=np.bool_)]
    return each(strange, "mark-row-of-nothing", (strange["unit"] + " " + strange["code"]).tolist())


def check_marks(framework: Framework, rows: pd.DataFrame, inputs: CycleInputs, arrived: frozenset[str]) -> list[Fault]:
    """Faults of marks on one framework: codes, persons, the one statement, its inputs and its reason."""
    strange = ~rows["code"].isin([leaf.code for leaf in framework.leaves]).to_numpy()
    faults = each(rows[strange], "code-unknown", rows.loc[strange, "code"].tolist())
    rows = rows[~strange]
    other = np.array([framework.leaf[code].source != "appraisal" for code in rows["code"].tolist()], dtype=np.bool_)
    faults += each(rows[other], "code-not-appraised", rows.loc[other, "code"].tolist())
    rows = rows[~other]
    faults += _check_persons(framework, rows, inputs)
    given = has_inputs(rows).to_numpy()
    agrees, out = (rows["agree"] == "yes").to_numpy(), (rows["not_applicable"] == "yes").to_numpy()
    several = (agrees.astype(int) + out.astype(int) + given.astype(int)) != 1
    texts = [_statement(*line) for line in zip(agrees[several], out[several], given[several], strict=True)]
    faults += each(rows[several], "mark-not-one-statement", texts)
    rows = rows[~several]
    faults += check_inputs(framework, rows[has_inputs(rows).to_numpy()])
    wrong = {(fault.location, fault.code) for fault in faults}
    fine = np.array([key not in wrong for key in rows_of(rows, "location", "code")], dtype=np.bool_)
    return faults + check_reasons(framework, rows[fine], inputs, arrived)


def _check_persons(framework: Framework, rows: pd.DataFrame, inputs: CycleInputs) -> list[Fault]:
    permissions = Permissions(framework, inputs.responsibilities)
    barred = [
        not permissions.may_mark(appraiser, unit, code)
        for appraiser, unit, code in rows_of(rows, "appraiser", "unit", "code")
    ]
    wrong = rows[np.array(barred, dtype=np.bool_)]
    allowed = [", ".join(permissions.who_may_mark(unit, code)) or "–" for unit, code in rows_of(wrong, "unit", "code")]
    found = each(wrong, "mark-by-wrong-person", wrong["appraiser"].tolist())
    return [
        Fault(fault.check, fault.unit, fault.code, fault.location, fault.found, names)
        for fault, names in zip(found, allowed, strict=True)
    ]


def _statement(agrees: bool, out: bool, given: bool) -> str:
    said = [name for name, one in (("agree", agrees), ("not_applicable", out), ("inputs", given)) if one]
    return " + ".join(said) or "–"


def check_reasons(
    framework: Framework, rows: pd.DataFrame, inputs: CycleInputs, arrived: frozenset[str]
) -> list[Fault]:
    """A mark that says not applicable, or differs from the self-assessment, carries a reason.

    Of a unit whose form is not accepted (yet) there is no self-assessment to differ from.
    """
    units = pd.Index(sorted(set(rows["unit"])))
    leaves = pd.Index([leaf.code for leaf in framework.leaves])
    claims = inputs.claims[inputs.claims["unit"].isin(units) & inputs.claims["code"].isin(leaves)]
    lacking = missing_evidence(framework, units, inputs.evidence)
    own, wishes_out, _ = claimed(
        framework, units, claims, lacking if inputs.settings.missing_evidence == "zero" else None
    )
    at = (units.get_indexer(pd.Index(rows["unit"])), leaves.get_indexer(pd.Index(rows["code"])))
    state, values = evaluate(framework, rows)
    same = (state == own.state[at]) & ((state != POINTS) | (values == own.values[at])) & ~wishes_out[at]
    enters = state != NOTHING
    here = rows["unit"].isin(list(arrived)).to_numpy()
    out = (rows["not_applicable"] == "yes").to_numpy()
    silent = (rows["reason"] == "").to_numpy() & (out | (enters & here & ~same.astype(np.bool_)))
    return each(rows[silent], "reason-missing")
