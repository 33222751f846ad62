"""Commands for auditors: verify an export, verify the chain in the database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from flows.commands.show import console
from flows.workplace import permitted
from models.rules.errors import VerificationFailed, WrongCall
from models.rules.roles import Doing
from models.storage.audit_chain import head
from models.storage.audit_chain import verify as verify_chain
from models.storage.checkpoints import Checkpoint, checkpoint_text, read_checkpoint
from models.storage.database import reading
from models.storage.inputs import read_cycle
from models.tables import Cycle

app = typer.Typer(help="Kiểm toán / Audit", no_args_is_help=True)


def verify(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="thư mục đã xuất / an exported folder")],
) -> int:
    """Kiểm tra lại một bản xuất bằng verify.py của chính nó / Run that export's own verify.py."""
    script = path / "verify.py" if path.is_dir() else path
    if not script.is_file():
        raise WrongCall(f"Không có verify.py / No verify.py in {path}")
    done = subprocess.run([sys.executable, "-I", "-B", str(script), str(script.parent)], check=False)
    return done.returncode


@app.command("verify")
def audit_verify(
    cycle: Annotated[str, typer.Argument(metavar="[CYCLE]")] = "",
    checkpoint: Annotated[
        list[Path] | None, typer.Option(help="tệp điểm kiểm tra giữ ở nơi khác / checkpoints kept elsewhere")
    ] = None,
) -> int:
    """Kiểm tra chuỗi kiểm toán trong cơ sở dữ liệu / Verify the audit chain in the database."""
    kept = [_read(path) for path in checkpoint or ()]
    with reading(permitted(Doing.READ).engine) as session:
        cycles = [read_cycle(session, cycle).id] if cycle else list(session.exec(select(Cycle.id).order_by(Cycle.id)))
        for one in kept:
            if one.cycle not in cycles:
                raise WrongCall(f"Điểm kiểm tra của kỳ khác / A checkpoint of another cycle: {one.cycle}")
        found = {name: verify_chain(session, name, [one.head for one in kept if one.cycle == name]) for name in cycles}
    problems = [f"{name}: {problem}" for name, report in found.items() for problem in report.problems]
    for name, report in found.items():
        mark = "✗" if report.problems else "✓"
        console().print(f"{mark} {name}: {report.count} sự kiện / events, {report.head}")
    if problems:
        raise VerificationFailed("\n".join(problems))
    for one in kept:
        by = f", chữ ký / signed {one.public_key}" if one.public_key else ""
        console().print(f"✓ điểm kiểm tra / checkpoint {one.cycle}: {one.head.count}{by}")
    return 0


def _read(path: Path) -> Checkpoint:
    try:
        return read_checkpoint(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise WrongCall(f"Không đọc được / Cannot read {path}: {error}") from None


@app.command("checkpoint")
def audit_checkpoint(
    cycle: Annotated[str, typer.Argument(metavar="CYCLE")],
    to: Annotated[Path | None, typer.Option(help="ghi ra tệp / write to a file")] = None,
) -> int:
    """Chuỗi kiểm toán đang ở đâu, để ghi vào biên bản / Where the chain stands, for the minutes."""
    work = permitted(Doing.READ)
    with reading(work.engine) as session:
        text = checkpoint_text(read_cycle(session, cycle).id, head(session, cycle), work.settings.signing_key)
    if to is None:
        print(text, end="")
    elif to.exists():
        raise WrongCall(f"Đã có tệp / The file is already there: {to}")
    else:
        to.write_text(text, encoding="utf-8")
    return 0


COMMANDS = {"verify": verify}
