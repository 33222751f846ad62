"""Step 3: takes in exemptions and appraisers' marks, never of their own unit, and settles which units are appraised."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd
from prefect import flow
from sqlmodel import Session

from checks.made_for import check_worksheet
from checks.marks import read_marks
from checks.rule_book import findings, refusing
from checks.shared_files import read_exemptions
from flows.arrivals import late
from flows.parameters import CycleId, UnitCode, Why
from flows.shared_inputs import take_shared
from flows.steps import as_told, conclude, data_task, step, told_before
from flows.workplace import Outcome, workplace
from models.actions.move_units import move_units, statuses
from models.actions.receive import Arrival, receive
from models.actions.record_findings import record_findings
from models.actions.run_step import Record
from models.rules.cycle import CycleInputs
from models.rules.errors import NotAllowedNow
from models.rules.findings import Fault
from models.rules.frames import EXEMPTIONS, MARKS, rows_of
from models.rules.framework_json import digests
from models.rules.scoring import score
from models.rules.states import Status
from models.storage.cycle_folder import CycleFolder
from models.storage.database import reading, transaction
from models.storage.inbox import MOST_FORM_BYTES, MOST_TABLE_BYTES, Form, by_folder, digest_of, held_back, read_form
from models.storage.inputs import ARRIVED, arrived_units, load_marked, read_cycle, read_responsibilities, read_units
from models.storage.locks import locked_stages
from models.storage.shared_files import read_shared
from models.storage.submissions import Latest, latest, standing_rows
from models.tables import Exemption, Mark

ROUND_STAGE = {"1": "appraisal_1", "2": "appraisal_2"}
SETTLED = (Status.APPRAISED, Status.PUBLISHED)
STORED = (*[name for name in MARKS if name != "correction"], "location")


@flow(name="route-to-appraisal", flow_run_name="3 thẩm định · appraise · {cycle}")
def route_to_appraisal(cycle: CycleId, reason: Why = "", unit: UnitCode = "") -> Outcome:
    """Take in marks of both rounds and move every unit whose leaves are all marked.

    unit: take no new marks and judge no worksheet again, settle this unit alone by the marks that stand.
    """
    with step(cycle, "appraise", reason, unit) as record:
        if unit:
            return conclude(record, settle(cycle, [], 0, unit))
        work = workplace()
        with reading(work.engine) as session:
            folder = CycleFolder(read_cycle(session, cycle).folder, work.settings)
            if (told := _told(record, session, folder)) is not None:
                return conclude(record, as_told(told))
            inputs, units = load_marked(session, cycle), read_units(session, cycle)
        forms, faults = read_worksheets(folder, inputs)
        taken = take_marks(cycle, folder, inputs, units, forms)
        settled = settle(cycle, [*faults, *taken.faults], taken.refused)
        return conclude(record, replace(settled, barred=taken.barred))


def _told(record: Record, session: Session, folder: CycleFolder) -> dict[str, Any] | None:
    """What was told before. After a lock what stood tells which marks are taken: then every run looks for itself."""
    exemptions = folder.find("exemptions.csv")
    entries = folder.list("appraisal") + ([exemptions] if exemptions else [])
    appraisers = set(read_responsibilities(session, record.cycle)["appraiser"])
    told = told_before(record, session, folder, entries, appraisers)
    if told is None and locked_stages(session, record.cycle) & set(ROUND_STAGE.values()):
        record.basis = None
    return told


@data_task("read worksheets")
def read_worksheets(folder: CycleFolder, inputs: CycleInputs) -> tuple[list[Form], list[Fault]]:
    """Every appraiser's marks file, and faults of folders that are nobody's."""
    entries = by_folder(folder.list("appraisal"), "appraisal")
    for fault in folder.faults_below("appraisal/"):
        entries.setdefault(fault.location.split("/")[1], [])
    known = sorted(set(inputs.responsibilities["appraiser"]))
    faults = [
        Fault("folder-of-no-appraiser", location=f"appraisal/{name}") for name in sorted(set(entries) - set(known))
    ]
    forms = []
    for appraiser in known:
        here = {entry.path.rpartition("/")[2]: entry for entry in entries.get(appraiser, [])}
        form = Form(appraiser)
        for fault in folder.faults_below(f"appraisal/{appraiser}/"):
            read = fault.location.removeprefix(f"appraisal/{appraiser}/") in ("marks.csv", "marks.xlsx")
            if read or fault.location == f"appraisal/{appraiser}":
                form.faults.append(fault)
            else:  # nobody reads it: no reason to refuse anything
                faults.append(Fault("file-unnamed", location=fault.location, found=fault.location.rpartition("/")[2]))
        if "marks.csv" in here and "marks.xlsx" in here:
            form.faults.append(Fault("both-spellings", location=f"appraisal/{appraiser}/marks.xlsx"))
        for name, most in (("marks.csv", MOST_TABLE_BYTES), ("marks.xlsx", MOST_FORM_BYTES)):
            if name in here:
                read_form(folder, workplace().vault, form, here[name], most)
        if form.came:
            forms.append(form)
    return forms, faults


@dataclass(frozen=True)
class Taken:
    """How taking marks in ended. refused: worksheets that stand refused; barred: those with marks for a locked round.

    faults: of worksheets that were not taken at all.
    """

    refused: int = 0
    barred: int = 0
    faults: Sequence[Fault] = ()


@data_task("take marks · {cycle}")
def take_marks(cycle: str, folder: CycleFolder, inputs: CycleInputs, units: pd.DataFrame, forms: list[Form]) -> Taken:
    """Check every worksheet against what stands now; store those that are new or judged otherwise than before."""
    work = workplace()
    idle = frozenset(units.loc[(units["scored"] != "yes").to_numpy(), "unit"])
    arrived = frozenset(units.loc[units["status"].isin(ARRIVED).to_numpy(), "unit"])
    published = (units["status"] == Status.PUBLISHED).any()
    frameworks = {unit: inputs.framework_of(bloc) for unit, bloc in rows_of(inputs.units, "unit", "bloc")}
    exempt = read_shared(folder, work.vault, "exemptions", ["exemptions.csv"])
    with transaction(work.engine) as session:
        shut = locked_stages(session, cycle)

        def check() -> tuple[dict[type, pd.DataFrame], list[Fault]]:
            rows, faults = read_exemptions(exempt.tables[0], frameworks, idle)
            return {Exemption: rows.reindex(columns=list(EXEMPTIONS))}, faults

        bad_file = take_shared(
            session, cycle, "exemptions", "appraise", exempt, check, "published" if published else ""
        )
        tables = [(form.party, table) for form in forms for table in form.tables]
        marks, placed = read_marks(tables, inputs, idle, arrived)
        before = latest(session, cycle, "marks")
        stood = standing_rows(session, Mark, STORED, cycle, "marks", accepted=True)
        fresh, untaken, judged_by = [], list[Fault](), sorted(digests(inputs.frameworks).values())
        locked_out = 0
        for form in forms:
            faults = [*form.faults, *(fault for who, fault in placed if who == form.party)]
            faults += check_worksheet(form.title, form.party, cycle)
            mine = marks[(marks["appraiser"] == form.party).to_numpy()]
            mine, barred = _only_open_rounds(mine, stood, form.party, shut)
            locked_out += bool(barred)
            arrival = Arrival(
                kind="marks",
                party=form.party,
                digest=digest_of(form.files, *judged_by, *held_back(form.faults)),
                files=form.files,
                accepted=not refusing(faults),
                rows={Mark: mine.reindex(columns=list(STORED))},
                findings=findings([*faults, *barred], "appraise"),
            )
            if shut >= set(ROUND_STAGE.values()) and not arrival.accepted:
                untaken += [
                    *faults,
                    *barred,
                ]  # both rounds are shut: what cannot be read takes away nothing that stands
            elif _differs(arrival, before.get(form.party)) and not (barred and len(mine) == 0):
                fresh.append(late(arrival, _stage(mine), inputs.settings.calendar, work.now()))
        if published and fresh:
            raise NotAllowedNow(
                f"Kỳ {cycle} đã công bố, không nhận thêm điểm / {cycle} is published and takes no more marks: "
                f"{', '.join(one.party for one in fresh)}. parindex correct"
            )
        receive(session, work, cycle, fresh, before)
        standing = latest(session, cycle, "marks")
    refused = {party for party, one in standing.items() if one.outcome == "refused"}
    refused |= {fault.location.split("/")[1] for fault in untaken if refusing([fault])}
    return Taken(len(refused) + bad_file, locked_out, untaken)


def _differs(arrival: Arrival, last: Latest | None) -> bool:
    """A new file, or the same file judged otherwise because what it refers to changed."""
    outcome = "accepted" if arrival.accepted else "refused"
    return last is None or last.digest != arrival.digest or last.outcome != outcome


def _stage(marks: pd.DataFrame) -> str:
    return "appraisal_2" if (marks["round"] == "2").any() else "appraisal_1"


def _only_open_rounds(
    mine: pd.DataFrame, stood: pd.DataFrame, appraiser: str, shut: set[str]
) -> tuple[pd.DataFrame, list[Fault]]:
    """Of a locked round only what stood before the lock remains; anything else in it is told, not taken."""
    stood = stood[(stood["appraiser"] == appraiser).to_numpy()]
    faults: list[Fault] = []
    for number, stage in ROUND_STAGE.items():
        if stage not in shut:
            continue
        new, old = mine[(mine["round"] == number).to_numpy()], stood[(stood["round"] == number).to_numpy()]
        columns = [name for name in STORED if name != "location"]
        if not _same_rows(new[columns], old[columns]):
            where = f"appraisal/{appraiser}"
            faults.append(Fault("stage-locked", location=where, found=f"marks, {number}", expected=stage))
        mine = pd.concat([mine[(mine["round"] != number).to_numpy()], old], ignore_index=True)
    return mine, faults


def _same_rows(left: pd.DataFrame, right: pd.DataFrame) -> bool:
    return set(map(tuple, left.to_numpy().tolist())) == set(map(tuple, right.to_numpy().tolist()))


@data_task("settle units · {cycle}")
def settle(cycle: str, faults: list[Fault], refused: int, unit: str = "") -> Outcome:
    """Move units (or this one) whose appraisal leaves all carry a mark that counts, list what the others lack."""
    work, about = workplace(), {unit} if unit else None
    with transaction(work.engine) as session:
        inputs = load_marked(session, cycle, about)  # marks alone settle
        arrived = [one for one in arrived_units(session, cycle) if unit in ("", one)]
        sheets = score(inputs)
        open_leaves: dict[str, list[Fault]] = {}
        disagreements = []
        for sheet in sheets.values():
            for fault in sheet.problems:
                if fault.check in ("mark-missing", "marks-disagree"):
                    open_leaves.setdefault(fault.unit, []).append(fault)
                if fault.check == "marks-disagree":
                    disagreements.append(fault)
        standing = statuses(session, cycle)
        moves = [(one, "settle") for one in arrived if one not in open_leaves and standing[one] == Status.VALIDATED] + [
            (one, "reopen") for one in arrived if one in open_leaves and standing[one] == Status.APPRAISED
        ]
        move_units(session, work, cycle, moves)
        found = findings([*faults, *disagreements], "appraise")
        record_findings(session, cycle, "appraise", found, about, "marks-disagree" if unit else "")
        settled = {one for one, status in statuses(session, cycle).items() if status in SETTLED}
    waiting = tuple(
        f"{one}: {len(open_leaves[one])} tiêu chí chưa thẩm định xong / leaves without a mark that counts"
        for one in arrived
        if one in open_leaves
    )
    done = {
        "appraised": len(settled - open_leaves.keys()),
        "marks": len(inputs.marks),
        "disagreements": len(disagreements),
    }
    return Outcome("appraise", done, waiting, refused)
