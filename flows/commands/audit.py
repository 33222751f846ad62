"""Commands for auditors: verify an export, verify the chain in the database."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from flows.commands.show import console
from flows.workplace import workplace
from models.rules.errors import VerificationFailed, WrongCall
from models.storage.audit_chain import verify as verify_chain
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
def audit_verify(cycle: Annotated[str, typer.Argument(metavar="[CYCLE]")] = "") -> int:
    """Kiểm tra chuỗi kiểm toán trong cơ sở dữ liệu / Verify the audit chain in the database."""
    with reading(workplace().engine) as session:
        cycles = [read_cycle(session, cycle).id] if cycle else list(session.exec(select(Cycle.id).order_by(Cycle.id)))
        found = {name: verify_chain(session, name) for name in cycles}
    problems = [f"{name}: {problem}" for name, report in found.items() for problem in report.problems]
    for name, report in found.items():
        mark = "✗" if report.problems else "✓"
        console().print(f"{mark} {name}: {report.count} sự kiện / events, {report.head}")
    if problems:
        raise VerificationFailed("\n".join(problems))
    return 0


COMMANDS = {"verify": verify}
