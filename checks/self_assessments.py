"""Checks a unit's own forms: every row a leaf it may score, with the inputs its rule asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from checks.breakdowns import check_breakdowns
from checks.columns import INPUT_COLUMNS, Column, each, read_batch, without_echoes
from checks.inputs import check_inputs, has_inputs
from models.rules.cells import read_code, read_date
from models.rules.findings import Fault
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.storage.cycle_folder import evidence_path
from models.storage.spreadsheets import Table

SCORE_COLUMNS = (
    Column("code", read_code, required=True),
    *INPUT_COLUMNS,
    Column("breakdown"),
    Column("not_applicable"),
    Column("explanation"),
)
EVIDENCE_COLUMNS = (
    Column("code", read_code, required=True, filled=True),
    Column("document_number", required=True, filled=True),
    Column("issuer", required=True, filled=True),
    Column("issued_on", read_date, required=True, filled=True),
    Column("title"),
    Column("file", evidence_path),
    Column("pages"),
)
EXPLANATION_COLUMNS = (
    Column("code", read_code, required=True, filled=True),
    Column("text", required=True),
    Column("file", evidence_path),
)


def read_claims(
    tables: Sequence[tuple[str, Table]], frameworks: Mapping[str, Framework]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Claims of many units at once.

    tables: (unit, score table). frameworks: by unit. Returns the frame CLAIMS plus `location`, blank rows
    dropped, and every fault found. A form never stops at its first fault.
    """
    batch, faults = read_batch(tables, SCORE_COLUMNS)
    batch = batch.rename(columns={"_unit": "unit"})
    said = has_inputs(batch) | (batch["not_applicable"] != "") | (batch["explanation"] != "")
    nameless = batch[(said & (batch["code"] == "")).to_numpy()]
    faults += each(nameless, "code-missing")
    faults += _misnamed(batch[(~said & (batch["code"] != "")).to_numpy()], frameworks)
    named = batch[(batch["code"] != "").to_numpy()]
    again = named.duplicated(["unit", "code"], keep="first").to_numpy()
    batch = named[said[named.index].to_numpy()]
    batch, found = self_assessed_rows(batch, frameworks)
    faults += found
    twice = named[again & _leaves(named, frameworks)]
    faults += each(twice, "row-duplicate", twice["code"].tolist())
    for framework in {id(frameworks[unit]): frameworks[unit] for unit in batch["unit"].unique()}.values():
        faults += check_inputs(framework, batch[_on(batch, framework, frameworks)])
    faults += check_breakdowns(batch)
    batch = batch.drop(columns="breakdown").drop_duplicates(["unit", "code"])
    return batch.reset_index(drop=True), without_echoes(faults)


def _misnamed(silent: pd.DataFrame, frameworks: Mapping[str, Framework]) -> list[Fault]:
    """Rows with nothing but a code: a heading of the form where the framework has it, else somebody's mistake."""
    known = [code in frameworks[unit].codes for unit, code in rows_of(silent, "unit", "code")]
    strange = ~np.array(known, dtype=np.bool_)
    return each(silent[strange], "code-unknown", silent.loc[strange, "code"].tolist())


def _leaves(batch: pd.DataFrame, frameworks: Mapping[str, Framework]) -> np.ndarray:
    return np.array([code in frameworks[unit].leaf for unit, code in rows_of(batch, "unit", "code")], dtype=np.bool_)


def self_assessed_rows(batch: pd.DataFrame, frameworks: Mapping[str, Framework]) -> tuple[pd.DataFrame, list[Fault]]:
    """Only rows on leaves that are appraised; a fault for every other code."""
    unknown, elsewhere = [], []
    for unit, code in rows_of(batch, "unit", "code"):
        leaf = frameworks[unit].leaf.get(code)
        unknown.append(leaf is None)
        elsewhere.append(leaf is not None and leaf.source != "appraisal")
    strange, other = np.array(unknown, dtype=np.bool_), np.array(elsewhere, dtype=np.bool_)
    faults = each(batch[strange], "code-unknown", batch.loc[strange, "code"].tolist())
    faults += each(batch[other], "code-not-appraised", batch.loc[other, "code"].tolist())
    return batch[~strange & ~other], faults


def _on(batch: pd.DataFrame, framework: Framework, frameworks: Mapping[str, Framework]) -> np.ndarray:
    return np.array([frameworks[unit] is framework for unit in batch["unit"].tolist()], dtype=np.bool_)


def unclaimed(framework: Framework, unit: str, codes: Iterable[str]) -> list[Fault]:
    """Appraisal leaves that a unit's claims (these codes) do not name, neither with inputs nor as not applicable."""
    has = set(codes)
    return [
        Fault("leaf-not-claimed", unit, leaf.code)
        for leaf in framework.leaves
        if leaf.source == "appraisal" and leaf.code not in has
    ]


def read_evidence_rows(
    tables: Sequence[tuple[str, Table]], frameworks: Mapping[str, Framework]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Evidence rows of many units: code, document_number, issuer, issued_on, title, file, pages, unit, location."""
    batch, faults = read_batch(tables, EVIDENCE_COLUMNS)
    return _known(batch.rename(columns={"_unit": "unit"}), frameworks, faults)


def read_explanations(
    tables: Sequence[tuple[str, Table]], frameworks: Mapping[str, Framework]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Explanations of many units: code, text, file, unit, location."""
    batch, faults = read_batch(tables, EXPLANATION_COLUMNS)
    batch = batch.rename(columns={"_unit": "unit"})
    silent = batch[((batch["text"] == "") & (batch["file"] == "")).to_numpy()]
    faults += each(silent, "explanation-empty")
    return _known(batch, frameworks, faults)


def _known(
    batch: pd.DataFrame, frameworks: Mapping[str, Framework], faults: list[Fault]
) -> tuple[pd.DataFrame, list[Fault]]:
    batch = batch[(batch["code"] != "").to_numpy()]
    strange = np.array(
        [code not in frameworks[unit].leaf for unit, code in rows_of(batch, "unit", "code")],
        dtype=np.bool_,
    )
    faults = faults + each(batch[strange], "code-unknown", batch.loc[strange, "code"].tolist())
    return batch[~strange].reset_index(drop=True), faults
