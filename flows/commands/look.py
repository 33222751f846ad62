"""Commands that only look: readiness, history, and how a number came to be."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from flows.board import BROKEN, LEGEND, PLACE_COLUMNS, RUN_COLUMNS, deadline_row, place_row, read_board, run_row
from flows.cascade import FEED_COLUMNS, feed_row
from flows.commands.run import CycleArgument, known
from flows.commands.show import console, show_table
from flows.workplace import permitted
from models.rules.calendar import HERE
from models.rules.errors import WrongCall
from models.rules.roles import Doing
from models.rules.states import TURNS
from models.storage.bucket import protection
from models.storage.database import reading
from models.storage.inputs import read_cycle
from models.tables import AuditEvent, StepRun


def status(cycle: CycleArgument) -> int:
    """Bảng theo dõi / Readiness: units × steps, deadlines, who is late, what failed."""
    work = permitted(Doing.LOOK)
    with reading(work.engine) as session:
        board = read_board(session, cycle, work.now())
    show_table(f"{board.settings.name} · {cycle}", PLACE_COLUMNS, map(place_row, board.places))
    out = console()
    out.print(LEGEND)
    counts = [(f"{TURNS[one].vi} / {TURNS[one].en}", str(number)) for one, number in board.counts.items()]
    show_table("Tổng hợp / Counts", ("tình trạng / status", "số đơn vị / units"), counts)
    show_table(
        "Thời hạn / Deadlines", ("giai đoạn / stage", "đóng / closes", "còn / left"), map(deadline_row, board.deadlines)
    )
    if board.runs:
        show_table("Các bước / Steps", RUN_COLUMNS, map(run_row, board.runs.values()))
    if board.feeds:
        show_table("Lấy từ kỳ cấp dưới / From lower cycles", FEED_COLUMNS, map(feed_row, board.feeds))
        if any(feed.behind for feed in board.feeds):
            out.print(f"✗ Bước 4 phải chạy lại / step 4 is due again: parindex rerun {cycle}")
    if any(run.state in BROKEN for run in board.runs.values()):
        out.print(f"✗ Chạy lại những gì hỏng / run again what failed: parindex rerun {cycle}")
    out.print(f"Đã công bố / published: {'v' + str(board.version) if board.version else '–'}")
    return 0


def history(cycle: CycleArgument, json_: Annotated[bool, typer.Option("--json")] = False) -> int:
    """Ai chạy gì, khi nào, trên đầu vào nào, kết quả ra sao / Who ran what, when, with what outcome."""
    with reading(permitted(Doing.READ).engine) as session:
        read_cycle(session, cycle)
        runs = session.exec(select(StepRun).where(StepRun.cycle == cycle).order_by(StepRun.started_at)).all()  # type: ignore[arg-type]
        events = session.exec(select(AuditEvent).where(AuditEvent.cycle == cycle).order_by(AuditEvent.seq)).all()  # type: ignore[arg-type]
    if json_:
        told = {
            "cycle": cycle,
            "runs": [
                {
                    "id": run.id,
                    "step": run.step,
                    "started_at": run.started_at.isoformat(),
                    "ended_at": run.ended_at.isoformat() if run.ended_at else None,
                    "actor": run.actor,
                    "reason": run.reason,
                    "unit": run.unit,
                    "inputs": run.input_digest,
                    "state": run.state,
                    "flow_run_id": run.flow_run_id,
                    "outcome": json.loads(run.outcome or "{}"),
                }
                for run in runs
            ],
            "events": [
                {
                    "seq": event.seq,
                    "at": event.at,
                    "actor": event.actor,
                    "action": event.action,
                    "digest": event.digest,
                    "content": json.loads(event.content),
                }
                for event in events
            ],
        }
        print(json.dumps(told, ensure_ascii=False, indent=1))
        return 0
    rows = []
    for run in runs:
        outcome = json.loads(run.outcome or "{}")
        said = outcome.get("error") or ", ".join(f"{k} {v}" for k, v in outcome.get("done", {}).items())
        took = f"{(run.ended_at - run.started_at).total_seconds():.1f} s" if run.ended_at else ""
        when = run.started_at.astimezone(HERE).strftime("%d/%m/%Y %H:%M:%S")
        what = f"{run.step} {run.unit}".rstrip()
        rows.append((when, what, run.actor, run.input_digest[:12], run.state, took, said, run.reason))
    show_table(
        f"Lịch sử / History · {cycle}",
        (
            "lúc / at",
            "bước / step",
            "ai / who",
            "đầu vào / inputs",
            "kết quả / state",
            "",
            "đã làm / done",
            "lý do / reason",
        ),
        rows,
    )
    console().print(f"{len(events)} sự kiện kiểm toán / audit events: parindex audit verify {cycle}; --json")
    return 0


def explain(
    cycle: CycleArgument,
    unit: Annotated[str, typer.Argument(metavar="UNIT")],
    code: Annotated[str, typer.Argument(metavar="[CODE]")] = "",
) -> int:
    """Vì sao có con số đó / How that number came to be."""
    from flows.explain import explain_unit

    for line in explain_unit(permitted(Doing.READ), cycle, unit, code):
        console().print(line, markup=False)
    return 0


def receipt(cycle: CycleArgument, unit: Annotated[str, typer.Argument(metavar="UNIT")]) -> int:
    """Phiếu tiếp nhận của một đơn vị / A unit's receipts: what arrived, when, under which digest."""
    from flows.receipts import receipts

    print(receipts(permitted(Doing.RECEIPT), known(cycle), unit), end="")
    return 0


def findings(
    cycle: CycleArgument,
    to: Annotated[Path, typer.Option(metavar="DIR", help="thư mục ghi ra / where to")],
    unit: Annotated[str, typer.Option(help="chỉ đơn vị này / this unit only")] = "",
) -> int:
    """Phát hiện theo đơn vị để sửa / What each unit has to act on: a page and a workbook per unit."""
    from flows.findings_out import write_findings

    written = write_findings(permitted(Doing.RECEIPT if unit else Doing.READ), known(cycle), to, unit)
    if not written:
        console().print("Không có phát hiện nào / No findings")
        return 0
    console().print(f"{sum(path.suffix == '.xlsx' for path in written)} đơn vị / units: {to}")
    return 0


def metrics(
    serve: Annotated[str, typer.Option(metavar="[ADDRESS:]PORT", help="trả lời ở đó / answer there")] = "",
) -> int:
    """Số liệu cho giám sát (Prometheus) / Metrics for monitoring: late units, failed steps, age of the checkpoint."""
    from flows import metrics as said

    if not serve:
        print(said.as_text(permitted(Doing.READ)), end="")
        return 0
    address, _, port = serve.rpartition(":")
    if not port.isdigit() or not 0 < int(port) < 65536:
        raise WrongCall(f"--serve {serve}: 9464, 127.0.0.1:9464")
    said.serve(permitted(Doing.READ), address or "127.0.0.1", int(port))
    return 0


def health() -> int:
    """Hệ thống có khoẻ không / Whether database and store answer and no step stands broken (else 4)."""
    from flows.metrics import ailments

    work = permitted(Doing.READ)
    found = ailments(work)
    for text in found:
        console().print(f"✗ {text}")
    if not found:
        console().print("✓ cơ sở dữ liệu, kho, các bước / database, store, steps")
    if kept := protection(work.settings):
        console().print(f"  {work.settings.store_url}: {kept}")
    return 4 if found else 0


COMMANDS = {
    "metrics": metrics,
    "health": health,
    "status": status,
    "history": history,
    "explain": explain,
    "receipt": receipt,
    "findings": findings,
}
