"""Receipts: what arrived from a unit, when and under which digest, each with the link of the audit chain it is in."""

from __future__ import annotations

import datetime as dt
import json

from sqlmodel import col, select

from models.rules.calendar import HERE
from models.rules.errors import WrongCall
from models.storage.database import reading
from models.storage.inputs import read_settings, read_units
from models.storage.workspace import Workspace
from models.tables import AuditEvent

KINDS = {  # what a unit hands in; results of a lower cycle are received for it and not from it
    "midyear": "Số liệu 6 tháng / half-year figures",
    "self_assessment": "Bản tự chấm / self-assessment",
    "explanations": "Giải trình / explanations",
}
HEAD = 3  # lines above the first receipt
OUTCOMES = {"accepted": "đã tiếp nhận / accepted", "refused": "trả lại để sửa / returned"}


def receipts(workspace: Workspace, cycle: str, unit: str) -> str:
    """Every receipt of a unit, oldest first, as text to hand over. Raises WrongCall for an unknown unit.

    Whoever holds one proves it later: the event of that number in audit.jsonl, or in the database, has that digest.
    """
    with reading(workspace.engine) as session:
        name, units = read_settings(session, cycle).name, read_units(session, cycle)
        if unit not in set(units["unit"]):
            raise WrongCall(f"Không có đơn vị / There is no unit {unit}: parindex status {cycle}")
        query = select(AuditEvent).where(
            AuditEvent.cycle == cycle, AuditEvent.unit == unit, col(AuditEvent.action).in_(["received", "refused"])
        )
        events = session.exec(query.order_by(col(AuditEvent.seq))).all()
    lines = [f"{name} · {cycle}", f"{units.loc[(units['unit'] == unit).to_numpy(), 'name'].item()} · {unit}", ""]
    for event in events:
        content = json.loads(event.content)
        after, kind = content["after"], content["object"].partition(":")[0]
        if kind not in KINDS:
            continue
        when = dt.datetime.fromisoformat(event.at).astimezone(HERE).strftime("%d/%m/%Y %H:%M:%S")
        late = " · trễ hạn / late" if after["late"] else ""
        lines += [
            f"PHIẾU TIẾP NHẬN / RECEIPT {event.seq}: {KINDS[kind]}, lần / version {after['version']}",
            f"  lúc / at: {when} (Asia/Ho_Chi_Minh){late}",
            f"  kết quả / outcome: {OUTCOMES[after['outcome']]}",
            f"  mã băm / digest: {after['digest']}",
            *[f"  {file['sha256']}  {file['size']} B  {file['path']}" for file in after["files"]],
            f"  sự kiện kiểm toán / audit event {event.seq}: {event.digest}",
            "",
        ]
    return "\n".join(lines if len(lines) > HEAD else [*lines, "Chưa nhận được gì / Nothing was received yet", ""])
