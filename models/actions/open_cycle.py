"""Registers a cycle: settings, pinned frameworks, units and responsibilities, all or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd
from sqlalchemy import delete
from sqlmodel import Session, SQLModel, select

from models.actions.move_units import statuses
from models.rules.cycle import CycleSettings
from models.rules.cycle_json import settings_as_json
from models.rules.errors import NotAllowedNow, Refused
from models.rules.findings import Fault
from models.rules.framework import Framework
from models.rules.framework_json import canonical_json, dump
from models.rules.lower import circle
from models.rules.roles import Doing
from models.rules.states import Status
from models.storage.audit_chain import NewEvent, append
from models.storage.bulk import insert_frame
from models.storage.database import transaction
from models.storage.inbox import Received, digest_of
from models.storage.inputs import read_settings
from models.storage.locks import reason_for_change
from models.storage.lower_results import feeding
from models.storage.submissions import latest
from models.storage.workspace import Workspace
from models.tables import Cycle, CycleFramework, CycleUnit, Finding, Responsibility, Submission
from models.tables import ReceivedFile as StoredFile


@dataclass(frozen=True)
class Registration:
    """What a cycle folder registers, read and checked.

    units: frame REGISTERED, every unit. responsibilities: frame RESPONSIBILITIES. files: as received. warnings: frame
    FINDINGS, what of these files is taken and yet worth a look.
    """

    folder: str
    settings: CycleSettings
    frameworks: dict[str, Framework]
    units: pd.DataFrame
    responsibilities: pd.DataFrame
    files: Sequence[Received]
    warnings: pd.DataFrame = field(default_factory=pd.DataFrame)


def open_cycle(workspace: Workspace, registration: Registration, reason: str = "") -> str:
    """Register, or take over changed registration files before publication. Returns new, changed or unchanged.

    Raises NotPermitted for who may not, NotAllowedNow after publication, and when a framework in use would change
    under received forms; Refused where cycles would feed each other in a circle.
    """
    workspace.check_may(Doing.OPEN)
    settings = registration.settings
    bodies = {key: dump(framework) for key, framework in registration.frameworks.items()}
    digest = digest_of(registration.files, *bodies.values(), registration.folder)
    with transaction(workspace.engine) as session:
        present = session.get(Cycle, settings.id)
        last = latest(session, settings.id, "registration").get("")
        if last is not None and last.digest == digest:
            return "unchanged"
        _check_no_circle(session, settings)
        standing = statuses(session, settings.id)
        if present is not None:
            _may_change(session, settings.id, present.folder, registration, bodies, standing)
        now = workspace.now()
        cycle = present or Cycle(
            id=settings.id, name="", year=0, folder="", settings="", opened_at=now, opened_by=workspace.actor
        )
        cycle.name, cycle.year, cycle.folder = settings.name, settings.year, registration.folder
        cycle.settings = canonical_json(settings_as_json(settings))
        session.add(cycle)
        session.flush()
        _replace(session, workspace, registration, bodies, standing)
        version = 1 if last is None else last.version + 1
        kept = Submission(
            cycle=settings.id, kind="registration", party="", version=version, digest=digest, received_at=now,
            received_by=workspace.actor, outcome="accepted", late=False,
        )  # fmt: skip
        session.add(kept)
        session.flush()
        for file in registration.files:
            session.add(StoredFile(submission=kept.id or 0, path=file.path, sha256=file.sha256, size=file.size))
        insert_frame(session, Finding, registration.warnings, cycle=settings.id, submission=kept.id)
        event = NewEvent(
            "opened" if last is None else "registration changed",
            "",
            "cycle",
            None if last is None else {"version": last.version, "digest": last.digest},
            {
                "version": version,
                "digest": digest,
                "frameworks": {key: hashlib.sha256(body.encode()).hexdigest() for key, body in bodies.items()},
            },
            reason if last is None else reason_for_change(session, settings.id, reason),
        )
        append(session, settings.id, [event], at=now, actor=workspace.actor, salts=workspace.salt)
    return "new" if last is None else "changed"


def _check_no_circle(session: Session, settings: CycleSettings) -> None:
    """Raises Refused where the cycle would, over others, feed itself."""
    way = circle(settings.id, feeding(session, settings))
    if way:
        fault = Fault("lower-loop", location="cycle.yaml", found=" ← ".join(way))
        raise Refused(f"Các kỳ lấy số của nhau thành vòng / Cycles feed each other in a circle: {fault.found}", [fault])


def _may_change(
    session: Session,
    cycle: str,
    folder: str,
    registration: Registration,
    bodies: dict[str, str],
    standing: dict[str, str],
) -> None:
    if Status.PUBLISHED in standing.values():
        raise NotAllowedNow(f"Kỳ {cycle} đã công bố, không đăng ký lại / is published and not registered again")
    if folder != registration.folder:
        raise NotAllowedNow(f"Kỳ {cycle} đã đăng ký từ / is registered from {folder}, not {registration.folder}")
    present = {one.key: one.framework for one in read_settings(session, cycle).blocs}
    changed = [one.key for one in registration.settings.blocs if present.get(one.key, one.framework) != one.framework]
    if changed and latest(session, cycle, "self_assessment"):
        raise NotAllowedNow(
            "Đã có bản nộp; đổi bộ tiêu chí cần quyết định / Forms are in; another framework takes a decision: "
            f"parindex cycle migrate {cycle} FRAMEWORK --bloc {changed[0]}"
        )
    moved = [status for status in standing.values() if status not in (Status.AWAITED, Status.RETURNED)]
    for key, body in bodies.items():
        pinned = session.get(CycleFramework, (cycle, key))
        if moved and (pinned is None or pinned.body != body):
            raise NotAllowedNow(
                f"Bộ tiêu chí {key} đã ghim và có bản nộp / The framework is pinned and forms are in: {cycle}"
            )


def _replace(
    session: Session,
    workspace: Workspace,
    registration: Registration,
    bodies: dict[str, str],
    standing: dict[str, str],
) -> None:
    cycle, now = registration.settings.id, workspace.now()
    since = {row.unit: row.status_since for row in session.exec(select(CycleUnit).where(CycleUnit.cycle == cycle))}
    for name in ("cycle_unit", "cycle_framework", "responsibility"):
        stored = SQLModel.metadata.tables[name]
        session.execute(delete(stored).where(stored.c.cycle == cycle))
    session.expire_all()
    for position, row in enumerate(registration.units.to_dict("records")):
        unit = str(row["unit"])
        session.add(
            CycleUnit(
                cycle=cycle,
                position=position,
                status=standing.get(unit, Status.AWAITED),
                status_since=since.get(unit, now),
                **{str(name): value for name, value in row.items()},
            )
        )
    for key, body in bodies.items():
        session.add(
            CycleFramework(
                cycle=cycle,
                framework=key,
                sha256=hashlib.sha256(body.encode()).hexdigest(),
                body=body,
                path=key,
            )
        )
    session.flush()
    if len(registration.responsibilities):
        insert_frame(session, Responsibility, registration.responsibilities, cycle=cycle)
