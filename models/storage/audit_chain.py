"""The audit chain of a cycle: append-only events, each carrying the digest of the one before."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd
from sqlalchemy import text
from sqlmodel import Session, col, select

from models.storage.bulk import insert_frame
from models.tables import AuditEvent

GENESIS = "0" * 64


@dataclass(frozen=True)
class NewEvent:
    """What is to be recorded: what was done, to which unit and object, from what to what, and why."""

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
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


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
    salts: Callable[[], str],
) -> None:
    """Append events in the session's transaction, holding the chain of this cycle until it ends."""
    if not events:
        return
    if session.connection().dialect.name == "postgresql":
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
    insert_frame(session, AuditEvent, pd.DataFrame(rows))


def _events(session: Session, cycle: str) -> Sequence[AuditEvent]:
    return session.exec(
        select(AuditEvent).where(AuditEvent.cycle == cycle).order_by(col(AuditEvent.seq))
    ).all()


def _link(event: AuditEvent) -> dict[str, Any]:
    names = ("seq", "at", "actor", "action", "cycle", "content_digest", "previous")
    return {name: getattr(event, name) for name in names}


def lines(session: Session, cycle: str, hidden: set[str]) -> Iterator[str]:
    """Lines of audit.jsonl; events about hidden units appear without their content."""
    for event in _events(session, cycle):
        line = _link(event) | {"digest": event.digest}
        if not event.unit or event.unit not in hidden:
            line["content"] = json.loads(event.content)
        yield canonical(line)


def opened(session: Session, cycle: str, hidden: set[str]) -> Iterator[str]:
    """Lines of annex/audit_contents.jsonl: what the hidden events say."""
    for event in _events(session, cycle):
        if event.unit and event.unit in hidden:
            yield canonical({"seq": event.seq, "content": json.loads(event.content)})


def verify(session: Session, cycle: str) -> Report:
    """Check every link; the first changed, missing, inserted or reordered event is named."""
    previous, expected, problem = GENESIS, 1, ""
    events = _events(session, cycle)
    for event in events:
        if event.seq != expected:
            problem = f"thiếu hoặc chèn sự kiện / event missing or inserted at {expected}, found {event.seq}"
        elif event.previous != previous:
            problem = f"sự kiện {event.seq} không nối với trước / does not follow the one before"
        elif _sha256(event.content) != event.content_digest:
            problem = f"nội dung sự kiện {event.seq} đã bị sửa / its content was changed"
        elif json.loads(event.content)["unit"] != event.unit:
            problem = f"sự kiện {event.seq} ghi sai đơn vị / its unit was changed"
        elif _sha256(canonical(_link(event))) != event.digest:
            problem = f"sự kiện {event.seq} đã bị sửa / was changed"
        if problem:
            break
        previous, expected = event.digest, expected + 1
    return Report((problem,) if problem else (), len(events), events[-1].digest if events else GENESIS)
