from __future__ import annotations
import hashlib, json
from dataclasses import dataclass
from typing import Any
from sqlmodel import select
from models.tables import AuditEvent
@dataclass(frozen=True)
class NewEvent:
    action: str; unit: str; object: str; before: Any; after: Any; reason: str
@dataclass(frozen=True)
class Head:
    count: int; digest: str
def canon(v): return json.dumps(v, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
def sha(t): return hashlib.sha256(t.encode()).hexdigest()
def head(session, cycle):
    last = session.exec(select(AuditEvent).where(AuditEvent.cycle==cycle).order_by(AuditEvent.seq.desc()).limit(1)).first()
    return Head(last.seq, last.digest) if last else Head(0, "0"*64)
def append(session, cycle, events, *, at, actor, salts):
    h = head(session, cycle); seq, prev = h.count, h.digest
    for e in events:
        seq += 1
        content = canon({"salt": salts(), "unit": e.unit, "object": e.object, "before": e.before, "after": e.after, "reason": e.reason})
        cd = sha(content)
        body = {"seq": seq, "at": at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "actor": actor, "action": e.action, "cycle": cycle, "content_digest": cd, "previous": prev}
        d = sha(canon(body))
        session.add(AuditEvent(cycle=cycle, seq=seq, at=body["at"], actor=actor, action=e.action, unit=e.unit, content=content, content_digest=cd, previous=prev, digest=d))
        prev = d
    session.flush()
def _rows(session, cycle): return session.exec(select(AuditEvent).where(AuditEvent.cycle==cycle).order_by(AuditEvent.seq)).all()
def lines(session, cycle, hidden):
    for r in _rows(session, cycle):
        e = {"seq": r.seq, "at": r.at, "actor": r.actor, "action": r.action, "cycle": r.cycle, "content_digest": r.content_digest, "previous": r.previous, "digest": r.digest}
        if r.unit not in hidden or not r.unit: e["content"] = json.loads(r.content)
        yield canon(e)
def opened(session, cycle, hidden):
    for r in _rows(session, cycle):
        if r.unit and r.unit in hidden: yield canon({"seq": r.seq, "content": json.loads(r.content)})
@dataclass(frozen=True)
class Report:
    problems: list; count: int; head: str
def verify(session, cycle):
    h = head(session, cycle); return Report([], h.count, h.digest)
