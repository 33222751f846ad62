"""Turns what was read from units' folders into arrivals: checked rows, findings and whether they are accepted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from checks.made_for import check_form
from checks.rule_book import FINDINGS, findings, refusing
from checks.self_assessments import read_claims, read_evidence_rows, read_explanations, unclaimed
from models.actions.receive import Arrival, Part
from models.rules import frames
from models.rules.calendar import is_late
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.framework import Framework
from models.rules.framework_json import digests
from models.storage.cycle_folder import CycleFolder
from models.storage.inbox import Form, Inbox, Received, digest_of, held_back, take_documents
from models.storage.spreadsheets import Table
from models.storage.vault import Vault
from models.tables import Claim, EvidenceDocument, Explanation

STAGE_OF = {"self_assessment": "self_assessment", "explanations": "explanation", "marks": "appraisal_2"}
CLAIM = (*frames.CLAIMS, "location")
DOCUMENT = (*[name for name in frames.EVIDENCE if name != "kind"], "location")
EXPLANATION = ("unit", "code", "text", "file", "sha256", "size", "location")

NO_ROWS = Part(frames.empty(("code",)), np.arange(0))

Frameworks = Mapping[str, Framework]


def self_assessments(
    folder: CycleFolder, vault: Vault, inboxes: Sequence[Inbox], frameworks: Frameworks, base: CycleInputs
) -> list[Arrival]:
    """One arrival per unit whose form came. All units' rows are checked at once. base: the cycle they came for."""
    came = [inbox for inbox in inboxes if inbox.form.came]
    tables = [(inbox.unit, table) for inbox in came for table in inbox.form.tables]
    scores = [(unit, table) for unit, table in tables if not _is_evidence(table)]
    claims, wrong = read_claims(scores, frameworks)
    rows, more = read_evidence_rows([pair for pair in tables if _is_evidence(pair[1])], frameworks)
    rows, files, lacking = _with_files(folder, vault, came, rows)
    faults = by_unit([*wrong, *more, *lacking, *(fault for inbox in came for fault in inbox.form.faults)])
    claims_of, documents_of = rows_by_unit(claims, CLAIM), rows_by_unit(rows, DOCUMENT)
    claimed: dict[str, list[str]] = {}
    for unit, code in frames.rows_of(claims, "unit", "code"):
        claimed.setdefault(unit, []).append(code)
    have_scores, judged_by = {unit for unit, _ in scores}, digests(frameworks)
    pinned = frozenset(digests(base.frameworks).values())
    made = []
    for inbox in came:
        unit = inbox.unit
        found = faults.get(unit, [])
        found = [*found, *check_form(inbox.form.title, unit, base.settings.id, judged_by[unit], pinned)]
        if unit not in have_scores and not refusing(found):
            found = [*found, Fault("form-without-scores", unit, location=f"inbox/{unit}")]
        found = [*found, *unclaimed(frameworks[unit], unit, claimed.get(unit, []))]
        made.append(
            _arrival("self_assessment", inbox.form, [*inbox.form.files, *files.get(unit, [])], found, judged_by[unit])
            .with_rows({Claim: claims_of.get(unit, NO_ROWS), EvidenceDocument: documents_of.get(unit, NO_ROWS)})
        )  # fmt: skip
    return made


def explanations(folder: CycleFolder, vault: Vault, inboxes: Sequence[Inbox], frameworks: Frameworks) -> list[Arrival]:
    """One arrival per unit whose explanations came."""
    came = [inbox for inbox in inboxes if inbox.explanations.came]
    tables = [(inbox.unit, table) for inbox in came for table in inbox.explanations.tables]
    rows, wrong = read_explanations(tables, frameworks)
    rows, files, lacking = _with_files(folder, vault, came, rows)
    faults = by_unit([*wrong, *lacking, *(fault for inbox in came for fault in inbox.explanations.faults)])
    rows_of, judged_by = rows_by_unit(rows, EXPLANATION), digests(frameworks)
    made = []
    for inbox in came:
        received = [*inbox.explanations.files, *files.get(inbox.unit, [])]
        told = faults.get(inbox.unit, [])
        arrival = _arrival("explanations", inbox.explanations, received, told, judged_by[inbox.unit])
        made.append(arrival.with_rows({Explanation: rows_of.get(inbox.unit, NO_ROWS)}))
    return made


def late(arrival: Arrival, stage: str, calendar: Mapping[str, str], now: dt.datetime) -> Arrival:
    """The arrival marked late, with its finding, when the stage's closing date has passed."""
    if not is_late(calendar, stage, now):
        return arrival
    where = arrival.files[0].path if arrival.files else arrival.party
    said = findings([Fault("received-late", arrival.unit, location=where, found=arrival.kind)], "collect")
    said["step"] = "appraise" if arrival.kind == "marks" else "collect"
    return replace(arrival, late=True, findings=pd.concat([arrival.findings, said], ignore_index=True))


def _arrival(kind: str, form: Form, files: Sequence[Received], faults: Sequence[Fault], framework: str) -> Arrival:
    """framework: the digest of the one it was judged by; under another the same files are another arrival."""
    told = [fault for fault in faults if fault.check != "leaf-not-claimed" or not refusing(faults)]
    return Arrival(
        kind=kind,
        party=form.party,
        unit=form.party,
        digest=digest_of(files, framework, *held_back(faults)),
        files=files,
        accepted=not refusing(faults),
        findings=findings(told, "collect"),
    )


def _with_files(
    folder: CycleFolder, vault: Vault, inboxes: Sequence[Inbox], rows: pd.DataFrame
) -> tuple[pd.DataFrame, dict[str, list[Received]], list[Fault]]:
    """All units' rows with the digest and size of the file each names; files taken, by unit; faults of the others."""
    names: dict[str, set[str]] = {}
    for unit, name in zip(rows["unit"].tolist(), rows["file"].tolist(), strict=True):
        if name:
            names.setdefault(unit, set()).add(name)
    wanted = {inbox.unit: (inbox.documents, names[inbox.unit]) for inbox in inboxes if inbox.unit in names}
    taken = take_documents(folder, vault, wanted)
    unreadable = {(inbox.unit, name): fault for inbox in inboxes for name, fault in inbox.unreadable.items()}
    found, faults = [], []
    for unit, code, location, name in zip(
        rows["unit"].tolist(), rows["code"].tolist(), rows["location"].tolist(), rows["file"].tolist(), strict=True
    ):
        one = taken.get(unit, {}).get(name)
        found.append(one)
        if name and one is None:
            wrong = unreadable.get((unit, name))
            faults.append(Fault(wrong.check if wrong else "file-absent", unit, code, location, name))
    faults += [
        Fault("document-too-large", unit, "", one.path, f"{one.size} B", "50 MB")
        for unit, mine in taken.items()
        for one in mine.values()
        if not one.sha256
    ]
    filled = rows.assign(
        sha256=pd.Series([one.sha256 if one else "" for one in found], index=rows.index, dtype="str"),
        size=pd.Series([str(one.size) if one else "" for one in found], index=rows.index, dtype="str"),
    )
    return filled, {unit: [one for one in mine.values() if one.sha256] for unit, mine in taken.items()}, faults


def _is_evidence(table: Table) -> bool:
    return "document_number" in table.columns or table.path.endswith("/evidence.csv")


def rows_by_unit(rows: pd.DataFrame, columns: Sequence[str]) -> dict[str, Part]:
    """Each unit's rows with the columns that are stored."""
    return Part.by_unit(rows.reindex(columns=list(columns), fill_value=""))


def by_unit(faults: Sequence[Fault]) -> dict[str, list[Fault]]:
    """Faults by the unit at whose door they lie."""
    found: dict[str, list[Fault]] = {}
    for fault in faults:
        found.setdefault(fault.unit, []).append(fault)
    return found


__all__ = ["FINDINGS", "STAGE_OF", "explanations", "late", "self_assessments"]
