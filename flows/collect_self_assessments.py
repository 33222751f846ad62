"""Step 1: takes in units' forms from the cycle folder; what cannot be accepted goes back with findings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from prefect import flow

from checks.rule_book import findings
from flows.arrivals import STAGE_OF, explanations, late, self_assessments
from flows.batches import Kind, in_batches
from flows.half_year import since_half_year
from flows.parameters import CycleId, UnitCode, Why
from flows.steps import conclude, data_task, step, told_before
from flows.workplace import Outcome, batches, workplace
from models.actions.move_units import move_units, statuses
from models.actions.receive import Arrival, receive
from models.actions.record_findings import record_findings
from models.actions.run_step import Record
from models.actions.share_batches import Done
from models.rules.cycle import CycleInputs
from models.rules.errors import NotAllowedNow
from models.rules.findings import Fault
from models.rules.frames import rows_of
from models.rules.states import Status, may_move
from models.storage.cycle_folder import CycleFolder, Entry
from models.storage.database import reading, transaction
from models.storage.inbox import Inbox, by_folder, read_inboxes
from models.storage.inputs import read_base, read_cycle, read_units
from models.storage.locks import locked_stages
from models.storage.submissions import latest

WAITING = {
    Status.AWAITED: "chưa nộp / has not submitted",
    Status.RETURNED: "phải sửa và nộp lại / must correct and submit again",
    Status.LOCKED: "đã bị khoá khi chưa nộp / was locked without submitting",
}


@flow(name="collect-self-assessments", flow_run_name="1 thu nhận · collect · {cycle}")
def collect_self_assessments(cycle: CycleId, reason: Why = "", unit: UnitCode = "") -> Outcome:
    """Take in every form that is new or changed since the last time. Safe to run again at any moment.

    unit: take this unit's alone.
    """
    with step(cycle, "collect", reason, unit) as record:
        work = workplace()
        with reading(work.engine) as session:
            base, units = read_base(session, cycle), read_units(session, cycle)
            folder = CycleFolder(read_cycle(session, cycle).folder, work.settings)
        about = {unit} if unit else None
        listed = folder.list("inbox", about)
        entries = by_folder(listed, "inbox")
        for fault in folder.faults_below("inbox/"):
            entries.setdefault(fault.location.split("/")[1], [])
        faults = [
            Fault("folder-of-no-unit", location=f"inbox/{name}") for name in sorted(set(entries) - set(units["unit"]))
        ]
        coming = [one for one in base.units["unit"].tolist() if one in entries and unit in ("", one)]
        if not unit and _came_before(record, folder, listed, set(base.units["unit"])):
            brought: list[Any] = [{"accepted": 0, "refused": 0, "unchanged": len(coming), "barred": []}]
        else:
            inboxes = Inboxes(base, folder, entries)
            brought = in_batches(cycle, record.id, COLLECTING, inboxes, batches(coming), "thu nhận / collecting")
        if any(one["barred"] for one in brought):
            record.basis = None  # what came after a lock is told at every run
        counts = {name: sum(one[name] for one in brought) for name in ("accepted", "refused", "unchanged")}
        faults += [Fault(**fault) for one in brought for fault in one["barred"]]
        with transaction(work.engine) as session:
            faults += since_half_year(session, cycle)
            record_findings(session, cycle, "collect", findings(faults, "collect"), about)
            scored = set(base.units["unit"])
            standing = {one: status for one, status in statuses(session, cycle).items() if one in scored}
        waiting = [f"{one} {WAITING[Status(status)]}" for one, status in sorted(standing.items()) if status in WAITING]
        refused = sum(status == Status.RETURNED for status in standing.values())
        locked = sum(fault.check == "stage-locked" for fault in faults)
        return conclude(record, Outcome("collect", counts, tuple(waiting), refused, locked))


def _came_before(record: Record, folder: CycleFolder, listed: list[Entry], units: set[str]) -> bool:
    """Whether every file is the one last taken in, and nothing that it was judged by has changed."""
    with reading(workplace().engine) as session:
        return told_before(record, session, folder, listed, units) is not None


@dataclass(frozen=True)
class Inboxes:
    """What collecting needs: the cycle's inputs, its folder, and what lies in which unit's inbox."""

    base: CycleInputs
    folder: CycleFolder
    entries: Mapping[str, list[Entry]]


def find_inboxes(cycle: str) -> Inboxes:
    """As they are now."""
    work = workplace()
    with reading(work.engine) as session:
        base = read_base(session, cycle)
        folder = CycleFolder(read_cycle(session, cycle).folder, work.settings)
    return Inboxes(base, folder, by_folder(folder.list("inbox"), "inbox"))


@data_task("collect batch · {cycle}")
def collect_batch(cycle: str, here: Inboxes, due: list[str], done: Done) -> dict[str, Any]:
    """Read, check and store the forms of some units in one transaction: how many, and the faults that barred some."""
    work = workplace()
    base, folder, entries = here.base, here.folder, {unit: here.entries.get(unit, []) for unit in due}
    inboxes = read_inboxes(folder, work.vault, sorted(entries.items()))
    here_due = frozenset(due)
    frameworks = {
        unit: base.framework_of(bloc) for unit, bloc in rows_of(base.units, "unit", "bloc") if unit in here_due
    }
    arrivals = self_assessments(folder, work.vault, inboxes, frameworks, base)
    arrivals += explanations(folder, work.vault, inboxes, frameworks)
    now, calendar = work.now(), base.settings.calendar
    with transaction(work.engine) as session:
        before = {kind: latest(session, cycle, kind) for kind in ("self_assessment", "explanations")}
        shut, status = locked_stages(session, cycle), statuses(session, cycle)
        changed = [one for one in arrivals if _is_new(one, before[one.kind])]
        _refuse_after_publication(cycle, changed, status)
        fresh = [
            late(one, STAGE_OF[one.kind], calendar, now)
            for one in changed
            if STAGE_OF[one.kind] not in shut and may_move(status[one.unit], "submit")
        ]
        standing = {
            kind: last | receive(session, work, cycle, [one for one in fresh if one.kind == kind], last)
            for kind, last in before.items()
        }
        moves = []
        for unit in sorted({one.unit for one in fresh}):
            if any(unit in standing[kind] and standing[kind][unit].outcome == "refused" for kind in standing):
                moves.append((unit, "return"))
            elif unit in standing["self_assessment"]:
                moves.append((unit, "submit"))
        move_units(session, work, cycle, moves)
        outcome = _outcome(inboxes, changed, fresh)
        done(session, outcome)
    return outcome


COLLECTING = Kind("collect", find_inboxes, collect_batch)


def _outcome(inboxes: Sequence[Inbox], changed: Sequence[Arrival], fresh: Sequence[Arrival]) -> dict[str, Any]:
    refused = {one.unit for one in fresh if not one.accepted}
    accepted = {one.unit for one in fresh} - refused
    barred = [
        Fault("stage-locked", one.unit, location=f"inbox/{one.unit}", found="; ".join([one.kind, *_refusals(one)]))
        for one in changed
        if one.unit not in refused | accepted
    ]
    unchanged = len(inboxes) - len(accepted) - len(refused)
    told = [asdict(fault) for fault in barred]
    return {"accepted": len(accepted), "refused": len(refused), "unchanged": unchanged, "barred": told}


def _refusals(one: Arrival) -> list[str]:
    """What would have been refused anyway, in short."""
    rows = one.findings[(one.findings["severity"] == "refuse").to_numpy()]
    return [f"{check} {place}" for check, place in rows_of(rows, "check", "location")]


def _is_new(one: Arrival, before: dict) -> bool:  # type: ignore[type-arg]
    return one.party not in before or before[one.party].digest != one.digest


def _refuse_after_publication(cycle: str, changed: list[Arrival], status: dict[str, str]) -> None:
    names = sorted({one.unit for one in changed if status[one.unit] == Status.PUBLISHED})
    if names:
        raise NotAllowedNow(
            f"Kỳ {cycle} đã công bố, không nhận thêm bản nộp / {cycle} is published and takes no more forms: "
            f"{', '.join(names)}. parindex correct"
        )
