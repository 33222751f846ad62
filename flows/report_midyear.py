"""The half-year: takes in units' figures, checks them like claims, and reports progress; nothing is scored by it."""

from __future__ import annotations

import hashlib

from prefect import flow
from sqlmodel import Session

from checks.rule_book import findings, refusing
from checks.self_assessments import read_claims
from flows.arrivals import CLAIM, NO_ROWS, by_unit, rows_by_unit
from flows.half_year import KIND, midyear_files
from flows.parameters import CycleId, Why
from flows.steps import conclude, data_task, step
from flows.workplace import Outcome, workplace
from models.actions.receive import Arrival, receive
from models.rules.cycle import CycleInputs
from models.rules.errors import NotAllowedNow
from models.rules.findings import Fault
from models.rules.frames import rows_of
from models.rules.framework_json import digests
from models.rules.states import Status
from models.storage.cycle_folder import CycleFolder
from models.storage.database import reading, transaction
from models.storage.inbox import Form, by_folder, digest_of, held_back, read_midyear
from models.storage.inputs import read_base, read_cycle, read_units
from models.storage.locks import locked_stages
from models.storage.submissions import latest
from models.tables import Claim


@flow(name="report-midyear", flow_run_name="báo cáo 6 tháng · midyear · {cycle}")
def report_midyear(cycle: CycleId, reason: Why = "") -> Outcome:
    """Take in every inbox/<unit>/midyear form that is new or changed, and make the report of what stands."""
    with step(cycle, KIND, reason) as record:
        work = workplace()
        with reading(work.engine) as session:
            base = read_base(session, cycle)
            folder = CycleFolder(read_cycle(session, cycle).folder, work.settings)
        counts = take_midyear(cycle, base, read_forms(folder, base.units["unit"].tolist()))
        files = midyear_files(work, cycle)  # not kept: the rows are, and the same rows give the same bytes
        with reading(work.engine) as session:
            standing = latest(session, cycle, KIND)
        waiting = [
            f"{unit} chưa báo cáo 6 tháng / has not reported" for unit in base.units["unit"] if unit not in standing
        ]
        refused = sum(one.outcome == "refused" for one in standing.values())
        outcome = conclude(record, Outcome(KIND, counts, tuple(waiting), refused))
        record.outcome["report"] = {name: hashlib.sha256(data).hexdigest() for name, data in files.items()}
        return outcome


@data_task("read half-year forms")
def read_forms(folder: CycleFolder, units: list[str]) -> list[Form]:
    """Of every unit that sent one; the bytes go into the vault."""
    vault, entries = workplace().vault, by_folder(folder.list("inbox"), "inbox")
    forms = [read_midyear(folder, vault, unit, entries.get(unit, [])) for unit in units]
    return [form for form in forms if form.came]


@data_task("check and store half-year figures · {cycle}")
def take_midyear(cycle: str, base: CycleInputs, forms: list[Form]) -> dict[str, int]:
    """Store what is new in one transaction: how many forms were accepted, refused, unchanged."""
    work = workplace()
    arrivals = _arrivals(base, forms)
    with transaction(work.engine) as session:
        before = latest(session, cycle, KIND)
        fresh = [one for one in arrivals if one.party not in before or before[one.party].digest != one.digest]
        if fresh:
            _check_open(session, cycle)
        receive(session, work, cycle, fresh, before)
    accepted = sum(one.accepted for one in fresh)
    return {
        "accepted": accepted, "refused": len(fresh) - accepted, "unchanged": len(arrivals) - len(fresh),
    }  # fmt: skip


def _arrivals(base: CycleInputs, forms: list[Form]) -> list[Arrival]:
    """One per form, all rows checked at once, by the very checks of self-assessments."""
    frameworks = {unit: base.framework_of(bloc) for unit, bloc in rows_of(base.units, "unit", "bloc")}
    tables = [(form.party, table) for form in forms for table in form.tables if "document_number" not in table.columns]
    rows, wrong = read_claims(tables, frameworks)
    faults = by_unit([*wrong, *(fault for form in forms for fault in form.faults)])
    mine, judged_by, scored = rows_by_unit(rows, CLAIM), digests(frameworks), {unit for unit, _ in tables}
    made = []
    for form in forms:
        found = faults.get(form.party, [])
        if form.party not in scored and not refusing(found):
            found = [*found, Fault("form-without-scores", form.party, location=f"inbox/{form.party}")]
        made.append(
            Arrival(
                kind=KIND,
                party=form.party,
                unit=form.party,
                digest=digest_of(form.files, judged_by[form.party], *held_back(found)),
                files=form.files,
                accepted=not refusing(found),
                rows={Claim: mine.get(form.party, NO_ROWS)},
                findings=findings(found, KIND),
            )
        )
    return made


def _check_open(session: Session, cycle: str) -> None:
    """Raises NotAllowedNow once the self-assessment is locked or the cycle published: the half-year is over."""
    units = read_units(session, cycle)
    if "self_assessment" in locked_stages(session, cycle) or (units["status"] == Status.PUBLISHED).any():
        raise NotAllowedNow(
            f"Kỳ {cycle} đã khoá tự chấm hoặc đã công bố, không nhận số liệu 6 tháng / "
            f"{cycle} is locked or published and takes no half-year figures"
        )
