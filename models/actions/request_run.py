"""Asks for a run on a worker: the run then acts for whoever asked, who the worker could not know otherwise."""

from __future__ import annotations

import uuid

from models.rules.errors import WrongCall
from models.rules.roles import to_run
from models.storage.audit_chain import NewEvent, append
from models.storage.database import reading, transaction
from models.storage.inputs import read_cycle
from models.storage.workspace import Workspace
from models.tables import RunRequest


def request_run(workspace: Workspace, cycle: str, until: str, reason: str) -> str:
    """Record who asks for the year's run, as far as `until`; gives the request's id. Raises NotPermitted, WrongCall."""
    workspace.check_may(to_run(until))
    asked, now = str(uuid.uuid4()), workspace.now()
    with transaction(workspace.engine) as session:
        read_cycle(session, cycle)
        session.add(
            RunRequest(
                id=asked, cycle=cycle, step="year", until=until, reason=reason, asked_at=now, asked_by=workspace.actor
            )
        )
        event = NewEvent("run requested", "", "step:year", None, {"request": asked, "until": until}, reason)
        append(session, cycle, [event], at=now, actor=workspace.actor, salts=workspace.salt)
    return asked


def who_asked(workspace: Workspace, cycle: str, request: str) -> str:
    """Who made this request, "" for no request. Raises WrongCall for one that was never made for this cycle."""
    if not request:
        return ""
    with reading(workspace.engine) as session:
        made = session.get(RunRequest, request)
    if made is None or made.cycle != cycle:
        raise WrongCall(f"Không có yêu cầu chạy / No such request for a run of {cycle}: {request!r}")
    return made.asked_by
