"""Step 5: computes results from what stands, refuses while anything is missing, and freezes a version."""

from __future__ import annotations

from dataclasses import replace

from prefect import flow

from checks.results import check_results, worth_a_word
from checks.rule_book import findings
from checks.shared_files import read_adjustments
from flows.cascade import feeds, newest_below
from flows.figures import Figures, figures_of
from flows.parameters import CycleId, Why
from flows.publication.bundle import render
from flows.shared_inputs import Checked, take_shared
from flows.steps import as_told, conclude, data_task, step, told_before
from flows.workplace import Outcome, data_docs, workplace
from flows.years_before import take_years_before
from models.actions.publish import freeze, latest_publication, published_tables
from models.actions.record_findings import record_findings
from models.actions.run_step import Record
from models.rules.findings import Fault
from models.rules.frames import ADJUSTMENTS, rows_of
from models.rules.states import Status
from models.storage.crosswalks import PLACE
from models.storage.cycle_folder import CycleFolder, is_gone
from models.storage.database import reading, transaction
from models.storage.inputs import read_base, read_cycle, read_units
from models.storage.shared_files import read_shared
from models.storage.standing_findings import read_findings
from models.tables import Adjustment


@flow(name="publish-results", flow_run_name="5 công bố · publish · {cycle}")
def publish_results(cycle: CycleId, reason: Why = "", only_when_ready: bool = False) -> Outcome:
    """Publish a new version, or tell what is missing; the same inputs are never published twice."""
    with step(cycle, "publish", reason) as record:
        if (told := _told(record, only_when_ready)) is not None:
            return conclude(record, told)
        take_secretariat_files(cycle)
        figures = compute(cycle)
        faults = figures.stops + worth_a_word(figures.inputs, figures.sheets, figures.lines)
        if not figures.stops:
            faults += hold_to_suite(cycle, figures)
        stopping = {one.check for one in figures.stops} | {"table-figure-odd"}
        stops = [fault for fault in faults if fault.check in stopping]
        keep_findings(cycle, faults)
        if stops:
            waiting = tuple(sorted({_sentence(fault) for fault in stops}))
            broken = sum(fault.check in BROKEN for fault in stops)
            return conclude(record, Outcome("publish", {}, waiting, broken if only_when_ready else len(stops)))
        return conclude(record, publish_version(cycle, figures))


def _told(record: Record, only_when_ready: bool) -> Outcome | None:
    """What was told before, where the figures would be the same and nothing would be taken in."""
    work, cycle = workplace(), record.cycle
    with reading(work.engine) as session:
        place = read_cycle(session, cycle).folder
        if is_gone(place):
            return None
        folder = CycleFolder(place, work.settings)
        entries = [entry for path in SECRETARIAT if (entry := folder.find(path))]
        entries += [entry for entry in folder.list("frameworks") if PLACE.fullmatch(entry.path)]
        more = repr([newest_below(session, cycle), only_when_ready])
        told = told_before(record, session, folder, entries, set(), more)
    return None if told is None else as_told(told) if told["waiting"] else _published(as_told(told))


def _published(told: Outcome) -> Outcome:
    """The outcome of publishing once more what was published."""
    notes = tuple(note for note in told.notes if note != ALREADY)
    return replace(told, done={"version": told.done["version"], "new": 0}, notes=(ALREADY, *notes))


ALREADY = "đã công bố / already published"
SECRETARIAT = ("adjustments.csv", "previous/results.csv", "previous/history.csv", "previous/scores.csv")
BROKEN = {"unit-refused", "shared-file-refused", "marks-file-refused", "marks-disagree", "table-figure-odd"}


def _sentence(fault: Fault) -> str:
    where = " ".join(part for part in (fault.unit, fault.code) if part) or fault.location
    return f"{where}: {fault.check}"


@data_task("read adjustments and last year · {cycle}")
def take_secretariat_files(cycle: str) -> None:
    """adjustments.csv and what is told of years before; nothing once published, the folder may then be gone."""
    work = workplace()
    with transaction(work.engine) as session:
        base, units = read_base(session, cycle), read_units(session, cycle)
        shut = "published" if (units["status"] == Status.PUBLISHED).any() else ""
        place = read_cycle(session, cycle).folder
        if shut and is_gone(place):
            return
        folder = CycleFolder(place, work.settings)
        idle = frozenset(units.loc[(units["scored"] != "yes").to_numpy(), "unit"])
        frameworks = {unit: base.framework_of(bloc) for unit, bloc in rows_of(base.units, "unit", "bloc")}
        adjustments = read_shared(folder, work.vault, "adjustments", ["adjustments.csv"])

        def check_adjustments() -> Checked:
            rows, faults = read_adjustments(adjustments.tables[0], frameworks, idle)
            return {Adjustment: rows.reindex(columns=list(ADJUSTMENTS))}, faults

        take_shared(session, cycle, "adjustments", "publish", adjustments, check_adjustments, shut)
        take_years_before(session, cycle, folder, base, shut)


@data_task("compute · {cycle}")
def compute(cycle: str) -> Figures:
    """Scores, totals and ranks of what stands."""
    with reading(workplace().engine) as session:
        return figures_of(session, cycle)


@data_task("hold results to the suite · {cycle}", retries=0)
def hold_to_suite(cycle: str, figures: Figures) -> list[Fault]:
    """The last gate: what must be true of any results."""
    return check_results(figures.inputs, figures.lines, data_docs(cycle))


@data_task("keep findings · {cycle}")
def keep_findings(cycle: str, faults: list[Fault]) -> None:
    """The step's findings, in the database."""
    with transaction(workplace().engine) as session:
        record_findings(session, cycle, "publish", findings(faults, "publish"))


@data_task("freeze a version · {cycle}")
def publish_version(cycle: str, figures: Figures) -> Outcome:
    """Render and freeze; nothing is done when these very inputs are already published."""
    work = workplace()
    with reading(work.engine) as session:
        last = latest_publication(session, cycle)
        told = read_findings(session, cycle)
        listed = [] if last is None else published_tables(session, cycle, last.version)
        below = feeds(session, cycle, figures.inputs.settings.lower)
    newer = tuple(
        f"kỳ cấp dưới có bản mới, chưa lấy / a newer lower version is not taken: {feed.said}"
        for feed in below
        if feed.behind
    )
    before = {path: work.vault.get(sha256) for path, sha256 in listed} if last else None
    version = (last.version if last else 0) + 1
    published = last.inputs_digest if last else ""
    rendered = render(figures.inputs, figures.units, figures.sheets, figures.lines, told, version, before, published)
    if rendered is None:
        return Outcome("publish", {"version": version - 1, "new": 0}, notes=(ALREADY, *newer))
    version = freeze(work, cycle, rendered.main, rendered.annex, rendered.inputs_digest, figures.units)
    return Outcome("publish", {"version": version, "new": 1, "units": rendered.units}, notes=newer)
