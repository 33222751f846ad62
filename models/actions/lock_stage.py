"""Locks a stage: nothing new is taken for it; units that never submitted are locked, which is not submitting."""

from __future__ import annotations

from sqlmodel import Session

from models.actions.move_units import move_units, statuses
from models.rules.cycle import STAGES
from models.rules.errors import NotAllowedNow, WrongCall
from models.rules.roles import Doing
from models.rules.states import Status, may_move
from models.storage.audit_chain import NewEvent, append
from models.storage.database import transaction
from models.storage.inputs import read_cycle
from models.storage.locks import locked_stages
from models.storage.workspace import Workspace
from models.tables import StageLock


def lock_stage(workspace: Workspace, cycle: str, stage: str, reason: str = "") -> int:
    """Lock a stage once; returns how many units were locked without having submitted.

    Raises WrongCall for an unknown stage, NotAllowedNow when it is locked already or the cycle is published.
    """
    if stage not in STAGES:
        raise WrongCall(f"Không có giai đoạn {stage!r} / No stage {stage!r}: {', '.join(STAGES)}")
    workspace.check_may(Doing.APPROVE if stage == "appraisal_2" else Doing.LOCK)
    with transaction(workspace.engine) as session:
        read_cycle(session, cycle)
        if stage in locked_stages(session, cycle):
            raise NotAllowedNow(f"Giai đoạn {stage} đã khoá / The stage is locked already: {cycle}")
        if Status.PUBLISHED in statuses(session, cycle).values():
            raise NotAllowedNow(f"Kỳ {cycle} đã công bố, mọi giai đoạn đã đóng / is published, every stage is shut")
        now = workspace.now()
        session.add(StageLock(cycle=cycle, stage=stage, at=now, by=workspace.actor, reason=reason))
        event = NewEvent("locked", "", f"stage:{stage}", None, {"stage": stage}, reason)
        append(session, cycle, [event], at=now, actor=workspace.actor, salts=workspace.salt)
        return _lock_units(session, workspace, cycle) if stage == "self_assessment" else 0


def _lock_units(session: Session, workspace: Workspace, cycle: str) -> int:
    moves = [(unit, "lock") for unit, status in statuses(session, cycle).items() if may_move(status, "lock")]
    return move_units(session, workspace, cycle, moves)
