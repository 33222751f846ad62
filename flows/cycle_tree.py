"""Every registered cycle, where it stands, and the tree they make: one secretariat sees all levels."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlmodel import Session, col

from models.rules.calendar import HERE
from models.rules.states import Status
from models.storage.lower_results import feeding
from models.tables import Cycle, CycleUnit, Publication

CAME = (Status.SUBMITTED, Status.VALIDATED, Status.APPRAISED, Status.PUBLISHED)


@dataclass(frozen=True)
class Known:
    """One cycle: units that are scored and those of them that came, newest version, the cycles that feed it."""

    id: str
    name: str
    year: str = ""
    opened_at: dt.datetime | None = None
    folder: str = ""
    units: int = 0
    came: int = 0
    version: int | None = None
    lower: tuple[str, ...] = ()

    @property
    def state(self) -> str:
        """In a few words, Vietnamese / English."""
        if self.opened_at is None:
            return "chưa đăng ký / not registered"
        if self.version is not None:
            return f"đã công bố / published v{self.version}"
        return f"đã nộp / came in {self.came}/{self.units}"


KNOWN_COLUMNS = (
    "mã / id", "tên / name", "năm / year", "tình trạng / state", "lấy từ / fed by", "mở lúc / opened",
    "thư mục / folder",
)  # fmt: skip


def read_known(session: Session) -> dict[str, Known]:
    """Every registered cycle by id."""
    units = _counts(session, [])
    came = _counts(session, [col(CycleUnit.status).in_(CAME)])
    newest = select(col(Publication.cycle), func.max(col(Publication.version))).group_by(col(Publication.cycle))
    versions: dict[str, int] = {cycle: version for cycle, version in session.execute(newest)}
    lower = feeding(session)
    rows = session.execute(
        select(col(Cycle.id), col(Cycle.name), col(Cycle.year), col(Cycle.opened_at), col(Cycle.folder)).order_by(
            col(Cycle.id)
        )
    )
    return {
        one: Known(
            one, name, str(year), opened, folder, units.get(one, 0), came.get(one, 0), versions.get(one),
            tuple(lower[one]),
        )
        for one, name, year, opened, folder in rows
    }  # fmt: skip


def _counts(session: Session, more: list[object]) -> dict[str, int]:
    """Scored units by cycle."""
    counted = select(col(CycleUnit.cycle), func.count()).where(col(CycleUnit.scored) == "yes", *more)  # type: ignore[arg-type]
    return {cycle: number for cycle, number in session.execute(counted.group_by(col(CycleUnit.cycle)))}


def as_tree(known: Mapping[str, Known]) -> Iterator[tuple[Known, int]]:
    """From the highest level down, with the depth; a cycle that feeds two stands below both."""
    fed = {below for one in known.values() for below in one.lower}

    def below(one: Known, depth: int) -> Iterator[tuple[Known, int]]:
        yield one, depth
        for name in one.lower:
            yield from below(known.get(name, Known(name, "")), depth + 1)

    for one in known.values():
        if one.id not in fed:
            yield from below(one, 0)


def known_row(one: Known, depth: int) -> tuple[str, ...]:
    """A cycle's line as people read it; lower ones are set in."""
    opened = one.opened_at.astimezone(HERE).strftime("%d/%m/%Y %H:%M") if one.opened_at else ""
    shown = f"{'   ' * (depth - 1)}└─ {one.id}" if depth else one.id
    return shown, one.name, one.year, one.state, ", ".join(one.lower), opened, one.folder
