"""The audit chain of a cycle: append-only events, each carrying the digest of the one before.

It shows that somebody changed, removed or slipped in an event who could not compute the chain anew. Against one
who can, only a head kept elsewhere helps: publications, their signature, a checkpoint on paper.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Iterator, Sequence, Set
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.storage.bulk import insert_frame
from models.tables import AuditEvent, Publication

GENESIS = "0" * 64


def new_salt() -> str:
    """A fresh salt: without it, who knows a unit's code could guess what a hidden event says."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class NewEvent:
    """What is to be recorded: what was done, to which unit ("" for none) and object, from what to what, and why.

    before, after: anything JSON can say exactly; numbers with a fraction as text.
    """

    action: str
    unit: str
    object: str
    before: Any
    after: Any
    reason: str


@dataclass(frozen=True)
class Head:
    """Where a chain ends."""

    count: int
    digest: str


@dataclass(frozen=True)
class Report:
    """What verifying a chain found; problems name the first event that is wrong."""

    problems: tuple[str, ...]
    count: int
    head: str


def canonical(value: Any) -> str:
    """Canonical JSON on one line: what digests are computed over."""
    return json.dumps(value, sort_keys=True, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _sha256(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()


def head(session: Session, cycle: str) -> Head:
    """The last event's number and digest."""
    last = session.exec(
        select(AuditEvent.seq, AuditEvent.digest)
        .where(AuditEvent.cycle == cycle)
        .order_by(col(AuditEvent.seq).desc())
        .limit(1)
    ).first()
    return Head(*last) if last else Head(0, GENESIS)


def append(
    session: Session,
    cycle: str,
    events: Sequence[NewEvent],
    *,
    at: dt.datetime,
    actor: str,
    salts: Callable[[], str] = new_salt,
) -> Head:
    """Append events in the session's transaction, holding the chain of this cycle until it ends.

    Gives the chain's new head. at: with its zone. One statement whatever the number of events.
    """
    if at.tzinfo is None:
        raise ValueError(f"a moment without its zone: {at!r}")
    if session.connection().dialect.name == "postgresql":  # on SQLite a writer is alone anyway
        key = int.from_bytes(hashlib.sha256(f"chain:{cycle}".encode()).digest()[:8], "big", signed=True)
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": key})
    last, when = head(session, cycle), at.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    previous, rows = last.digest, []
    for seq, event in enumerate(events, start=last.count + 1):
        content = canonical(
            {
                "salt": salts(),
                "unit": event.unit,
                "object": event.object,
                "before": event.before,
                "after": event.after,
                "reason": event.reason,
            }
        )
        link = {
            "seq": seq,
            "at": when,
            "actor": actor,
            "action": event.action,
            "cycle": cycle,
            "content_digest": _sha256(content),
            "previous": previous,
        }
        previous = _sha256(canonical(link))
        rows.append({**link, "unit": event.unit, "content": content, "digest": previous})
    if rows:
        insert_frame(session, AuditEvent, pd.DataFrame(rows))
    return Head(last.count + len(rows), previous)


def _events(session: Session, cycle: str) -> Iterator[AuditEvent]:
    """The chain in order, a thousand at a time."""
    chain = select(AuditEvent).where(AuditEvent.cycle == cycle).order_by(col(AuditEvent.seq))
    for event in session.exec(chain.execution_options(yield_per=1000)):
        session.expunge(event)  # else the session would hold them all
        yield event


def _link(event: AuditEvent) -> dict[str, Any]:
    names = ("seq", "at", "actor", "action", "cycle", "content_digest", "previous")
    return {name: getattr(event, name) for name in names}


def _unit(content: str) -> str | None:
    """The unit a content names, None for what is no content at all."""
    try:
        return str(json.loads(content)["unit"])
    except (ValueError, KeyError, TypeError):
        return None


def lines(session: Session, cycle: str, hidden_units: Set[str]) -> Iterator[str]:
    """Lines of audit.jsonl; events about hidden units appear without their content."""
    for event in _events(session, cycle):
        line = _link(event) | {"digest": event.digest}
        if not event.unit or event.unit not in hidden_units:
            line["content"] = json.loads(event.content)
        yield canonical(line)


def opened(session: Session, cycle: str, hidden_units: Set[str]) -> Iterator[str]:
    """Lines of annex/audit_contents.jsonl: what the hidden events say."""
    for event in _events(session, cycle):
        if event.unit and event.unit in hidden_units:
            yield canonical({"seq": event.seq, "content": json.loads(event.content)})


def verify(session: Session, cycle: str, checkpoints: Sequence[Head] = ()) -> Report:
    """Check every link, and that the chain still holds what publications and these checkpoints say it held.

    Names the first event that was changed, is missing, was slipped in or stands in another's place; after it
    nothing can be said.
    """
    problem, previous, count = "", GENESIS, 0
    stood = {0: GENESIS}
    for event in _events(session, cycle):
        count += 1
        problem = problem or _wrong(event, previous, count)
        previous = stood[event.seq] = event.digest
    told = select(Publication.version, Publication.audit_events, Publication.audit_head)
    for version, events, digest in session.exec(
        told.where(Publication.cycle == cycle).order_by(col(Publication.version))
    ):
        if not problem and stood.get(events) != digest:
            problem = (
                f"bản công bố {version} ghi {events} sự kiện, chuỗi không còn khớp / "
                f"version {version} was published with {events} events ending in {digest}; the chain differs"
            )
    for kept in checkpoints:
        if not problem and stood.get(kept.count) != kept.digest:
            problem = (
                f"điểm kiểm tra ghi {kept.count} sự kiện, chuỗi không khớp / "
                f"the checkpoint says {kept.count} events ending in {kept.digest}; the chain differs"
            )
    return Report((problem,) if problem else (), count, previous)


def _wrong(event: AuditEvent, previous: str, expected: int) -> str:
    """What is wrong with an event, "" if nothing is, where the one before ended in `previous`."""
    seq = event.seq
    if seq != expected:
        return f"thiếu sự kiện {expected} / event {expected} is missing: {seq} follows"
    if _sha256(event.content) != event.content_digest or _unit(event.content) != event.unit:
        return f"sự kiện {seq} đã bị sửa nội dung / the content of event {seq} was changed"
    if event.previous != previous:
        return (
            f"sự kiện {seq} không nối với sự kiện trước: bị chèn, thay hoặc đổi chỗ / "
            f"event {seq} does not follow the one before: slipped in, replaced or moved"
        )
    if _sha256(canonical(_link(event))) != event.digest:
        return f"sự kiện {seq} đã bị sửa / event {seq} was changed"
    return ""
