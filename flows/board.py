"""The readiness board: where every unit stands in every step, whose turn it is, who is late, what failed."""

from __future__ import annotations

import datetime as dt
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlmodel import Session, select

from flows.cascade import Feed, feeds
from flows.figures import Figures, figures_of
from models.rules.calendar import HERE, days_left
from models.rules.cycle import STAGES, CycleSettings
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.states import TURNS, Status
from models.rules.steps import STEPS
from models.storage.inputs import ARRIVED
from models.storage.locks import locked_stages
from models.storage.standing_findings import read_findings
from models.storage.submissions import latest
from models.tables import Publication, StepRun

DONE, REFUSED, WAITING, NONE = "✓", "✗", "…", "–"
LEGEND = (
    "✓ xong / done · ✗ bị trả lại / refused · … đang chờ / waiting · n/m tiêu chí đã có điểm / leaves with points · "
    "– chưa tới lượt / not yet its turn"
)
_OF_STEP = {"mark-missing": "appraise", "marks-disagree": "appraise", "statistics-missing": "survey"}
_OPEN = (Status.AWAITED, Status.RETURNED, Status.LOCKED)
BROKEN = ("failed", "interrupted", "refused")


@dataclass(frozen=True)
class Place:
    """One unit on the board: a cell per step (in the order of STEPS), its status, and what stands against it."""

    bloc: str
    unit: str
    name: str
    steps: tuple[str, ...]
    status: Status
    late: bool
    refused: int
    warned: int


@dataclass(frozen=True)
class Deadline:
    """One stage: its closing date ("" where the calendar names none), days left, and whether it is locked."""

    stage: str
    closes: str
    left: int | None
    locked: bool


@dataclass(frozen=True)
class Board:
    """What the secretariat sees. runs: the last run of each step, by step. feeds: from lower cycles."""

    settings: CycleSettings
    places: list[Place]
    deadlines: list[Deadline]
    runs: Mapping[str, StepRun]
    version: int | None
    feeds: Sequence[Feed] = ()

    @property
    def counts(self) -> dict[Status, int]:
        """Units by status, in the order of the statuses."""
        found = Counter(place.status for place in self.places)
        return {status: found[status] for status in Status if found[status]}


def read_board(session: Session, cycle: str, now: dt.datetime) -> Board:
    """The board of a registered cycle at this moment (UTC). Raises WrongCall for an unknown cycle."""
    figures = figures_of(session, cycle)
    settings, calendar = figures.inputs.settings, figures.inputs.settings.calendar
    shut, sent = locked_stages(session, cycle), latest(session, cycle, "self_assessment")
    version = session.exec(
        select(Publication.version).where(Publication.cycle == cycle).order_by(Publication.version.desc())  # type: ignore[attr-defined]
    ).first()
    told = Counter(read_findings(session, cycle)[["unit", "severity"]].itertuples(index=False, name=None))
    left = days_left(calendar, "self_assessment", now)
    overdue = left is not None and left < 0
    gaps = _gaps(figures)
    scored = figures.units[(figures.units["scored"] == "yes").to_numpy()]
    places = []
    for unit, name, bloc, standing in rows_of(scored, "unit", "name", "bloc", "status"):
        status = Status(standing)
        framework = figures.inputs.framework_of(bloc)
        places.append(
            Place(
                bloc,
                unit,
                name,
                _cells(status, unit, framework, gaps, figures.inputs.survey_present, version),
                status,
                late=(overdue and status in _OPEN) or (unit in sent and sent[unit].late),
                refused=told[(unit, "refuse")],
                warned=told[(unit, "warn")],
            )
        )
    deadlines = [
        Deadline(stage, calendar.get(f"{stage}_closes", ""), days_left(calendar, stage, now), stage in shut)
        for stage in STAGES
    ]
    runs = session.exec(select(StepRun).where(StepRun.cycle == cycle).order_by(StepRun.started_at))  # type: ignore[arg-type]
    last = {run.step: run for run in runs}
    below = feeds(session, cycle, settings.lower)
    return Board(settings, places, deadlines, {name: last[name] for name in STEPS if name in last}, version, below)


def _gaps(figures: Figures) -> Counter[tuple[str, str]]:
    """Leaves of a unit that a step still owes points."""
    return Counter(
        (problem.unit, _OF_STEP[problem.check])
        for sheet in figures.sheets.values()
        for problem in sheet.problems
        if problem.check in _OF_STEP
    )


def _cells(
    status: Status,
    unit: str,
    framework: Framework,
    gaps: Counter[tuple[str, str]],
    surveyed: bool,
    version: int | None,
) -> tuple[str, ...]:
    """One cell per step."""
    came = status in ARRIVED
    collect = {Status.AWAITED: WAITING, Status.RETURNED: REFUSED, Status.LOCKED: "khoá"}.get(status, DONE)
    validate = DONE if came else (WAITING if status == Status.SUBMITTED else NONE)
    sources = Counter(leaf.source for leaf in framework.leaves)
    marks = sources["appraisal"]
    appraise = _out_of(marks - gaps[(unit, "appraise")], marks) if came else NONE
    others = sources["survey"] + sources["statistics"]
    owed = gaps[(unit, "survey")] + (0 if surveyed else sources["survey"])
    publish = f"v{version}" if status == Status.PUBLISHED else (WAITING if status == Status.APPRAISED else NONE)
    return collect, validate, appraise, _out_of(others - owed, others) if others else DONE, publish


def _out_of(number: int, of: int) -> str:
    return f"{DONE} {of}/{of}" if number == of else f"{number}/{of}"


def place_row(place: Place) -> tuple[str, ...]:
    """A unit's line as people read it."""
    turn = TURNS[place.status]
    return (
        place.bloc,
        f"{place.unit}\n{place.name}",
        *place.steps,
        f"{turn.vi}\n{turn.en} → {turn.owner}",
        "trễ\nlate" if place.late else "",
        str(place.refused or ""),
        str(place.warned or ""),
    )


PLACE_COLUMNS = (
    "khối\nbloc", "đơn vị\nunit", "1 nộp\ncollect", "2 kiểm tra\nvalidate", "3 thẩm định\nappraise",
    "4 khảo sát\nsurvey", "5 công bố\npublish", "tình trạng, lượt của\nstatus → whose turn", "hạn\ndue",
    "lỗi\nrefused", "nhắc\nwarned",
)  # fmt: skip


def deadline_row(deadline: Deadline) -> tuple[str, str, str]:
    """A stage's line as people read it."""
    left = "" if deadline.left is None else f"{deadline.left} ngày / days"
    return deadline.stage, deadline.closes or NONE, "đã khoá / locked" if deadline.locked else left


def run_row(run: StepRun) -> tuple[str, ...]:
    """The last run of a step as people read it."""
    said = json.loads(run.outcome or "{}")
    what = said.get("error") or ", ".join(f"{name} {number}" for name, number in said.get("done", {}).items())
    when = run.started_at.astimezone(HERE).strftime("%d/%m/%Y %H:%M:%S")
    return run.step, when, run.actor, f"{REFUSED if run.state in BROKEN else ''} {run.state}".strip(), what


RUN_COLUMNS = ("bước / step", "chạy lúc / last run", "ai / who", "kết quả / state", "đã làm / done")
