"""Takes in the secretariat's own files, each in its step; a refused one stops publication, not the step."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd
from sqlmodel import Session, SQLModel

from checks.rule_book import findings, refusing
from flows.workplace import workplace
from models.actions.receive import Arrival, receive
from models.rules.errors import NotAllowedNow
from models.rules.findings import Fault
from models.storage.inbox import Form, digest_of, held_back
from models.storage.submissions import latest

Checked = tuple[dict[type[SQLModel], pd.DataFrame], list[Fault]]


def take_shared(
    session: Session,
    cycle: str,
    kind: str,
    step: str,
    form: Form,
    check: Callable[[], Checked],
    shut: str = "",
) -> bool:
    """Store one kind of shared file when it is new; True when what stands is refused.

    form: the files as read. check: gives the rows by table and every fault. shut: "published" or "locked".
    """
    before = latest(session, cycle, kind)
    if not form.came:
        return "" in before and before[""].outcome == "refused"
    registered = latest(session, cycle, "registration")[""].digest  # units and frameworks it is judged by
    digest = digest_of(form.files, registered, *held_back(form.faults))
    if "" in before and before[""].digest == digest:
        return before[""].outcome == "refused"
    if shut == "published":
        raise NotAllowedNow(
            f"Kỳ {cycle} đã công bố; {kind} không nhận thêm / {cycle} is published; {kind} takes nothing more. "
            "parindex correct"
        )
    rows, faults = check() if form.tables or form.texts else ({}, [])
    faults = [*form.faults, *faults]
    arrival = Arrival(
        kind=kind,
        party="",
        digest=digest,
        files=form.files,
        accepted=not refusing(faults),
        rows=rows,
        findings=findings(faults, step),
    )
    receive(session, workplace(), cycle, [arrival], before)
    return not arrival.accepted
