"""Hands results to emulation and commendation: a decision on record, drawn from one published version."""

from __future__ import annotations

from sqlalchemy import func
from sqlmodel import Session, col, select

from models.actions.publish import latest_publication
from models.rules.commendation import Commended
from models.rules.errors import NotAllowedNow, WrongCall
from models.rules.framework_json import canonical_json
from models.rules.roles import Doing
from models.storage.audit_chain import NewEvent, append
from models.storage.database import transaction
from models.storage.inputs import read_cycle
from models.storage.workspace import Workspace
from models.tables import Commendation


def commend(workspace: Workspace, cycle: str, commended: Commended, file_sha256: str) -> int:
    """Record a checked commendation and return its number.

    Raises NotAllowedNow before the first publication, for a version a newer one has replaced, and for a decision that
    is on record. The audit chain is published: it has one event for each unit, with counts and nobody's name.
    """
    workspace.check_may(Doing.COMMEND)
    with transaction(workspace.engine) as session:
        read_cycle(session, cycle)
        check_version(session, cycle, commended.version)
        same = (Commendation.decision == commended.decision, Commendation.issued_on == commended.issued_on)
        if session.exec(select(Commendation).where(Commendation.cycle == cycle, *same)).first() is not None:
            raise NotAllowedNow(f"Quyết định đã được ghi / The decision is on record: {commended.decision}")
        newest = session.exec(select(func.max(col(Commendation.number))).where(Commendation.cycle == cycle)).one()
        number, now = (newest or 0) + 1, workspace.now()
        session.add(
            Commendation(
                cycle=cycle, number=number, version=commended.version, decision=commended.decision,
                issued_on=commended.issued_on, issuer=commended.issuer, decided_by=commended.decided_by,
                file=file_sha256, body=canonical_json(commended.body()), recorded_at=now, recorded_by=workspace.actor,
            )
        )  # fmt: skip
        told = {"decision": commended.decision, "decided_by": commended.decided_by, "version": commended.version}
        events = [
            NewEvent("commended", unit, f"commendation:{number}", None, {**told, **counts, "file": file_sha256}, "")
            for unit, counts in sorted(commended.counted().items())
        ]
        append(session, cycle, events, at=now, actor=workspace.actor, salts=workspace.salt)
    return number


def check_version(session: Session, cycle: str, version: int) -> None:
    """Raises NotAllowedNow unless this is the newest published version, WrongCall when there never was one."""
    last = latest_publication(session, cycle)
    if last is None:
        raise NotAllowedNow(f"Kỳ {cycle} chưa công bố / {cycle} is not published yet")
    if not 1 <= version <= last.version:
        raise WrongCall(f"Không có bản {version} / There is no version {version}: 1 … {last.version}")
    if version != last.version:
        raise NotAllowedNow(
            f"Bản {version} đã được bản {last.version} thay thế; xét lại theo bản mới / Version {version} was replaced "
            f"by version {last.version}: draw from that"
        )
