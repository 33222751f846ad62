"""Step 2: opens, types and dates the evidence of submitted units, and holds all of it to the suite."""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, replace

import pandas as pd
from prefect import flow
from sqlmodel import Session

from checks.evidence import check_evidence, check_missing
from checks.rule_book import findings
from flows.batches import Kind, in_batches
from flows.parameters import CycleId, UnitCode, Why
from flows.steps import as_told, conclude, data_task, step, told_before
from flows.workplace import Outcome, batches, data_docs, workplace
from models.actions.inspect_documents import inspect_documents
from models.actions.move_units import move_units, statuses
from models.actions.record_findings import record_findings
from models.actions.share_batches import Done
from models.rules.findings import Fault
from models.rules.frames import CLAIMS, rows_of
from models.rules.states import Status
from models.storage.cycle_folder import CycleFolder, Entry
from models.storage.database import reading, transaction
from models.storage.documents import named_as
from models.storage.evidence_rows import earlier_files, read_located_evidence, sharing_units
from models.storage.inbox import FORMS
from models.storage.inputs import read_base, read_cycle
from models.storage.standing_findings import refused_units
from models.storage.submissions import accepted_parties, standing_rows
from models.tables import Claim

MOST_SHARING = 300  # units that name the same files: when there are more, all are looked at


@flow(name="validate-evidence", flow_run_name="2 kiểm tra minh chứng · validate · {cycle}")
def validate_evidence(cycle: CycleId, reason: Why = "", unit: UnitCode = "") -> Outcome:
    """Validate every accepted form's evidence; what is refused goes back to its unit.

    unit: look at this unit alone and move it; and at whoever names a file that it names or named.
    """
    with step(cycle, "validate", reason, unit) as record:
        work = workplace()
        with reading(work.engine) as session:
            folder = CycleFolder(read_cycle(session, cycle).folder, work.settings)
            reach = _reach(session, cycle, unit)
            lying = folder.list("inbox", reach.about)
            if not unit and (told := told_before(record, session, folder, lying, parties=None)) is not None:
                return conclude(record, as_told(told, done={**told["done"], "validated": 0, "returned": 0}))
            base = read_base(session, cycle)
            accepted = sorted(accepted_parties(session, cycle, base.units["unit"].tolist()))
            rows = read_located_evidence(session, cycle, accepted, reach.read)
            units = [one for one in accepted if reach.about is None or one in reach.about]
            mine = rows if reach.about is None else rows[rows["unit"].isin(units).to_numpy()]
            claims = standing_rows(session, Claim, CLAIMS, cycle, "self_assessment", units, about=reach.about)
            seen = earlier_files(session, cycle, reach.read)
        files = sorted({(sha256, name) for sha256, name in rows_of(mine, "sha256", "file") if sha256})
        due = batches(sorted({sha256 for sha256, _ in files}), least=500)
        opened = in_batches(cycle, record.id, OPENING, None, due, "mở tài liệu / opening documents")
        kinds = {sha256: kind for batch in opened for sha256, kind in batch.items()}
        problems = {(sha256, name): wrong for sha256, name in files if (wrong := named_as(kinds[sha256], name))}
        inputs = replace(base, claims=claims, evidence=rows)
        faults = check_all(cycle, inputs, rows, problems, seen, units, reach)
        faults += unnamed(folder, lying, units, rows)
        with transaction(work.engine) as session:
            record_findings(session, cycle, "validate", findings(faults, "validate"), reach.about)
            standing, looked_at, taken = statuses(session, cycle), set(units), set(accepted)
            refused = {
                one
                for one in refused_units(session, cycle, "validate")
                if one in looked_at or (one in taken and standing[one] == Status.RETURNED)  # as found of what stands
            }
            turn = [one for one in units if standing[one] == Status.SUBMITTED and unit in ("", one)]
            moves = [(one, "return" if one in refused else "validate") for one in turn]
            move_units(session, work, cycle, moves)
        done = {
            "validated": len(set(turn) - refused),
            "returned": len(set(turn) & refused),
            "documents": len(files),
        }
        waiting = tuple(f"{one} phải sửa minh chứng / must mend its evidence" for one in sorted(refused))
        return conclude(record, Outcome("validate", done, waiting, len(refused)))


@dataclass(frozen=True)
class Reach:
    """about: units of which something is found; read: those and whoever may share a file with them; None: all.

    page: the unit whose page of checks is written, "" for that of all.
    """

    about: Set[str] | None = None
    read: Set[str] | None = None
    page: str = ""


def _reach(session: Session, cycle: str, unit: str) -> Reach:
    """How far it reaches when one unit's evidence changes; "": everybody."""
    about = sharing_units(session, cycle, {unit}) if unit else set()
    if not about or len(about) > MOST_SHARING:
        return Reach()
    read = sharing_units(session, cycle, about) if len(about) > 1 else about
    return Reach(about, read, unit) if len(read) <= MOST_SHARING else Reach()


@data_task("open documents")
def open_documents(cycle: str, nothing: None, batch: list[str], done: Done) -> dict[str, str]:
    """What each of these files is, by SHA-256: its kind, or the check it fails."""
    return inspect_documents(workplace(), batch, done)


OPENING = Kind("documents", lambda cycle: None, open_documents)


@data_task("hold evidence to the suite · {cycle}", retries=0)
def check_all(cycle: str, inputs, rows: pd.DataFrame, problems, seen, units: list[str], reach: Reach) -> list[Fault]:  # type: ignore[no-untyped-def]
    """These units' evidence in one batch; the Data Docs page is written beside the database."""
    held = check_evidence(inputs, rows, problems, seen, data_docs(cycle), reach.about, reach.page)
    return held + check_missing(inputs, units)


def unnamed(folder: CycleFolder, lying: list[Entry], units: list[str], rows: pd.DataFrame) -> list[Fault]:
    """Files in units' folders that no row names. lying: everything below inbox."""
    named, known = set(rows_of(rows, "unit", "file")), set(units)
    faults = []
    for path in sorted([entry.path for entry in lying] + [one.location for one in folder.faults_below("inbox/")]):
        _, unit, name = (*path.split("/", 2), "")[:3]
        if unit in known and name and name not in FORMS and (unit, name.removeprefix("evidence/")) not in named:
            faults.append(Fault("file-unnamed", unit, location=path, found=name))
    return faults
