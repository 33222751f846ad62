"""Puts a bloc of an open cycle on a superseding framework; the old one stays on record, what came is judged anew."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlmodel import Session

from models.actions.move_units import move_units, statuses
from models.actions.receive import Arrival, receive
from models.rules.cycle import CycleSettings
from models.rules.cycle_json import settings_as_json
from models.rules.errors import NotAllowedNow, WrongCall
from models.rules.framework import Framework
from models.rules.framework_json import canonical_json, digest, dump
from models.rules.roles import Doing
from models.rules.states import Status
from models.storage.audit_chain import NewEvent, append
from models.storage.database import transaction
from models.storage.inbox import Received, digest_of
from models.storage.inputs import read_cycle, read_frameworks, read_settings, read_units
from models.storage.locks import locked_stages
from models.storage.received import files_of
from models.storage.submissions import latest
from models.storage.workspace import Workspace
from models.tables import CycleFramework

IN = (Status.SUBMITTED, Status.VALIDATED, Status.APPRAISED)


@dataclass(frozen=True)
class Migration:
    """What was decided: which bloc goes on which framework (its files as received), why, and who approved it."""

    bloc: str
    framework: Framework
    files: Sequence[Received]
    reason: str
    approved_by: str


def migrate_framework(workspace: Workspace, cycle: str, decided: Migration, findings: pd.DataFrame) -> int:
    """Perform it in one transaction; gives how many units' forms wait to be judged by the new framework.

    findings: frame FINDINGS, told of every appraiser's marks, which wait too. Raises NotAllowedNow once a stage is
    locked or the cycle is published, WrongCall for an unknown bloc or an id that is taken.
    """
    workspace.check_may(Doing.OPEN)
    with transaction(workspace.engine) as session:
        stored, settings = read_cycle(session, cycle), read_settings(session, cycle)
        _check_open(session, cycle)
        moved = settings.on_framework(decided.bloc, decided.framework.id)
        old = _superseded(session, cycle, settings, decided)
        stored.settings = canonical_json(settings_as_json(moved))
        session.add(stored)
        body = dump(decided.framework)
        sha256 = digest(decided.framework)
        if session.get(CycleFramework, (cycle, decided.framework.id)) is None:
            session.add(
                CycleFramework(
                    cycle=cycle, framework=decided.framework.id, sha256=sha256, body=body, path=decided.framework.id
                )
            )
        session.flush()
        before, after = (_told(decided.bloc, one) for one in (old, decided.framework))
        after |= {"sha256": sha256, "approved_by": decided.approved_by}
        event = NewEvent("framework migrated", "", "cycle", before, after, decided.reason)
        append(session, cycle, [event], at=workspace.now(), actor=workspace.actor, salts=workspace.salt)
        _register_anew(session, workspace, cycle, decided.files, body)
        _set_marks_aside(session, workspace, cycle, findings)
        moves = [(unit, "return") for unit in _in_bloc(session, cycle, decided.bloc)]
        return move_units(session, workspace, cycle, moves, decided.reason)


def _check_open(session: Session, cycle: str) -> None:
    """Raises NotAllowedNow once anything is locked or published."""
    standing, shut = statuses(session, cycle), locked_stages(session, cycle)
    if Status.PUBLISHED in standing.values() or shut:
        raise NotAllowedNow(
            f"Kỳ {cycle} đã công bố hoặc đã khoá giai đoạn, không đổi bộ tiêu chí được / is published or has a locked "
            f"stage and keeps its frameworks: {', '.join(sorted(shut)) or 'published'}"
        )


def _superseded(session: Session, cycle: str, settings: CycleSettings, decided: Migration) -> Framework:
    """The framework the bloc is on now. Raises WrongCall where the new one's id is taken, or is the old one's."""
    frameworks = read_frameworks(session, cycle)
    pinned = frameworks.get(decided.framework.id)
    if pinned is not None and dump(pinned) != dump(decided.framework):
        raise WrongCall(f"Mã bộ tiêu chí đã dùng / The framework's id is taken: {decided.framework.id}")
    old = frameworks[settings.bloc(decided.bloc).framework]
    if old.id == decided.framework.id:
        raise WrongCall(f"Khối đã dùng bộ tiêu chí này / The bloc is on this framework already: {old.id}")
    return old


def _told(bloc: str, framework: Framework) -> dict[str, str]:
    return {"bloc": bloc, "framework": framework.id, "decision": framework.decision.number}


def _register_anew(session: Session, workspace: Workspace, cycle: str, files: Sequence[Received], body: str) -> None:
    """A new version of the registration: all it was made of, and the new framework's files."""
    registered = latest(session, cycle, "registration")
    kept = {one.path: one for one in (*files_of(session, registered[""].id), *files)}
    arrival = Arrival("registration", "", digest_of(kept.values(), body), list(kept.values()), accepted=True)
    receive(session, workspace, cycle, [arrival], registered)


def _set_marks_aside(session: Session, workspace: Workspace, cycle: str, findings: pd.DataFrame) -> None:
    """Marks wait until the next appraisal judges them by the new framework; the files are what they were."""
    marks = latest(session, cycle, "marks")
    waiting = [
        Arrival("marks", who, "", files_of(session, last.id), accepted=False, findings=findings)
        for who, last in sorted(marks.items())
    ]
    receive(session, workspace, cycle, waiting, marks)


def _in_bloc(session: Session, cycle: str, bloc: str) -> list[str]:
    units = read_units(session, cycle)
    return units.loc[((units["bloc"] == bloc) & units["status"].isin(IN)).to_numpy(), "unit"].tolist()
