"""Takes results of lower cycles in as statistics, and tells which of them are awaited, taken, or newer than taken."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlmodel import Session

from checks.lower import fits, unfit
from checks.rule_book import FINDINGS
from models.actions.receive import Arrival, receive
from models.rules.cycle import CycleInputs
from models.rules.findings import Fault
from models.rules.frames import STATISTICS, empty, frame, rows_of
from models.rules.framework import Framework
from models.rules.framework_json import canonical_json, digest
from models.rules.lower import Lower, Taken, take
from models.rules.numbers import show
from models.storage.inbox import digest_of
from models.storage.inputs import read_settings
from models.storage.lower_results import LowerVersion, newest_versions, read_version, taken_versions
from models.storage.submissions import latest
from models.storage.workspace import Workspace
from models.tables import Statistic

SAID = {
    "mean": "chỉ số trung bình / mean index",
    "median": "chỉ số trung vị / median index",
    "share": "tỷ lệ đơn vị xếp loại từ {0} trở lên / share of units with class {0} or better",
}


@dataclass(frozen=True)
class Feed:
    """One link as it stands. newest: of the lower cycle, None before its publication; taken: version and digest."""

    link: Lower
    newest: LowerVersion | None
    taken: tuple[int, str] | None

    @property
    def behind(self) -> bool:
        """Whether the lower cycle has published something else than what this cycle stands on."""
        return self.newest is not None and (self.taken is None or self.taken[1] != self.newest.manifest_sha256)

    @property
    def said(self) -> str:
        """Both versions, for people."""
        newest = f"v{self.newest.version}" if self.newest else "chưa công bố / not published yet"
        taken = f"v{self.taken[0]}" if self.taken else "–"
        return f"{self.link.cycle} {newest} (đã lấy / taken: {taken})"


FEED_COLUMNS = (
    "đơn vị / unit",
    "mã / code",
    "kỳ cấp dưới / lower cycle",
    "khối / bloc",
    "lấy / takes",
    "tình trạng / state",
)


def feed_row(feed: Feed) -> tuple[str, ...]:
    """A link's line as people read it."""
    link, state = feed.link, "chờ công bố / awaits its publication" if feed.newest is None else "đã lấy / taken"
    if feed.behind and feed.newest:
        state = (
            f"có bản mới v{feed.newest.version} / v{feed.newest.version} is newer"
            if feed.taken
            else "chưa lấy / not taken yet"
        )
    version = f" v{feed.taken[0]}" if feed.taken else ""
    return link.unit, link.code, link.cycle + version, link.bloc, f"{link.take} {link.at_least}".rstrip(), state


def feeds(session: Session, cycle: str, links: Sequence[Lower]) -> list[Feed]:
    """Every link of a cycle, in the order of cycle.yaml."""
    if not links:
        return []
    newest, taken = newest_versions(session, (link.cycle for link in links)), taken_versions(session, cycle)
    return [Feed(link, newest.get(link.cycle), taken.get((link.unit, link.cycle))) for link in links]


def newest_below(session: Session, cycle: str) -> list[tuple[Lower, str]]:
    """Every link of a cycle with the digest of the newest manifest it could take, "" before there is one."""
    found = feeds(session, cycle, read_settings(session, cycle).lower)
    return [(feed.link, feed.newest.manifest_sha256 if feed.newest else "") for feed in found]


def take_lower(
    session: Session, workspace: Workspace, cycle: str, base: CycleInputs, published: bool, again: bool
) -> list[Fault]:
    """Store what the links give where it is not what stands; gives the faults that go with the step.

    One submission per unit, its files the lower results and manifests. A published cycle keeps what
    it was published on unless `again`: then the newer version is taken, for the next version of this one.
    """
    now = feeds(session, cycle, base.settings.lower)
    faults = [_awaited(feed) for feed in now if feed.newest is None]
    if published and not again:
        return faults + [_newer(feed) for feed in now if feed.behind]
    before, frameworks = latest(session, cycle, "lower"), _frameworks(base)
    arrivals = []
    for unit in dict.fromkeys(link.unit for link in base.settings.lower if link.unit in frameworks):
        mine = [feed for feed in now if feed.link.unit == unit and feed.newest]
        if not mine and unit not in before:
            continue
        arrival, wrong = _arrival(workspace, unit, mine, frameworks[unit])
        faults += wrong
        if unit not in before or before[unit].digest != arrival.digest:
            arrivals.append(arrival)
    receive(session, workspace, cycle, arrivals, before)
    return faults


def _arrival(
    workspace: Workspace, unit: str, mine: Sequence[Feed], framework: Framework
) -> tuple[Arrival, list[Fault]]:
    """What one unit's links give; a link that gives nothing leaves its leaf without a row."""
    rows, faults = [], []
    versions = {feed.newest.cycle: feed.newest for feed in mine if feed.newest}
    files = [file for version in versions.values() for file in version.received_by(unit)]
    for feed in mine:
        found = taken_from(workspace, feed, framework)
        if isinstance(found, Fault):
            faults.append(found)
        else:
            source = source_of(feed, found)
            rows.append({"unit": unit, "code": feed.link.code, "points": found.points, "source": source})
    asked = canonical_json([asdict(feed.link) for feed in mine])
    arrival = Arrival(
        kind="lower",
        party=unit,
        unit=unit,
        digest=digest_of(files, asked, digest(framework)),
        files=files,
        accepted=True,
        rows={Statistic: frame(rows, STATISTICS)},
        findings=empty(FINDINGS),
    )
    return arrival, faults


def taken_from(workspace: Workspace, feed: Feed, framework: Framework) -> Taken | Fault:
    """What the newest version of a link's lower cycle gives, or why it gives nothing."""
    assert feed.newest is not None
    if not fits(feed.link, framework):
        return unfit(feed.link, framework)
    results, classes = read_version(workspace.vault, feed.newest)
    try:
        return take(feed.link, framework.leaf[feed.link.code], framework.leaf_decimals, results, classes)
    except ValueError as reason:
        return Fault("lower-unfit", feed.link.unit, feed.link.code, "cycle.yaml", feed.said, str(reason))


def source_of(feed: Feed, found: Taken) -> str:
    """The source as inputs/statistics.csv carries it: an auditor goes on from it to the lower cycle's export.

    It names the digest of results.csv, which the same inputs always give; that of the lower manifest, which holds
    when and by whom, stands where such things may: in this cycle's manifest and audit log.
    """
    assert feed.newest is not None
    link = feed.link
    what = SAID[link.take].format(link.at_least)
    return (
        f"{what} = {show(found.percent, 5)}%, {found.units} đơn vị / units, khối / bloc {link.bloc}, "
        f"kỳ / cycle {link.cycle} v{feed.newest.version}, results.csv sha256 {feed.newest.files['results.csv'].sha256}"
    )


def _frameworks(base: CycleInputs) -> Mapping[str, Framework]:
    return {unit: base.framework_of(bloc) for unit, bloc in rows_of(base.units, "unit", "bloc")}


def _awaited(feed: Feed) -> Fault:
    return Fault("lower-awaited", feed.link.unit, feed.link.code, "cycle.yaml", feed.link.cycle)


def _newer(feed: Feed) -> Fault:
    return Fault("lower-newer", feed.link.unit, feed.link.code, "cycle.yaml", feed.said)
