"""The command that rehearses a year before it begins."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows import embedded_server
from flows.commands.show import console, show_table
from flows.embedded_server import prepare_engine
from flows.export import check_empty
from flows.workplace import engine, permitted
from models.rules.errors import Refused
from models.rules.findings import Fault
from models.rules.roles import Doing

if TYPE_CHECKING:
    from flows.rehearsal import Rehearsed


def rehearse(
    folder: Annotated[str, typer.Argument(metavar="DIR", help="thư mục của kỳ sắp tới / folder of the coming cycle")],
    to: Annotated[Path, typer.Option(metavar="DIR", help="thư mục mới để diễn tập / a new folder to rehearse in")],
) -> int:
    """Diễn tập kỳ sắp tới, tách biệt / Rehearse the coming cycle apart, on made-up inputs with faults put in."""
    check_empty(to)
    if not embedded_server.is_ours():  # what happens here is nobody's business on a shared server
        os.environ.pop("PREFECT_API_URL", None)
    prepare_engine()
    from checks.rule_book import refusing
    from flows.registration import read_registration
    from flows.rehearsal import rehearse as perform
    from flows.rehearsal_folder import nobody_may_mark

    work = permitted(Doing.OPEN)
    place = folder if folder.startswith("s3://") else str(Path(folder).resolve())
    given, faults = read_registration(work, place)
    if given is None or refusing(faults):
        raise Refused(f"Thư mục chưa đăng ký được / The folder cannot be registered: {folder}", refusing(faults))
    if stuck := nobody_may_mark(given):
        raise Refused(
            "Có tiêu chí không ai được chấm / There are leaves nobody may mark",
            [Fault("leaf-nobody-may-mark", unit, code, "appraisers.csv") for unit, code in stuck],
        )
    with engine():
        done = perform(work, place, given, to)
    show(done)
    return 0 if done.fine else (5 if not done.verified else 4)


def show(done: Rehearsed) -> None:
    """Alarms, durations, and whether the bundle verifies."""
    show_table(
        f"Diễn tập / rehearsal · {done.cycle} · {done.units} đơn vị / units",
        ("lỗi đưa vào / fault put in", "báo động / alarm", "kết quả / outcome"),
        [
            (f"{one.vi} / {one.en}", one.check, "✓ có báo / rang" if rang else "✗ không báo / silent")
            for one, rang in done.alarms
        ],
    )
    show_table(
        "Thời gian, hai lượt / Time, both runs",
        ("bước / step", "giây / seconds"),
        [(step, f"{seconds:.1f}") for step, seconds in done.seconds.items()],
    )
    said = "✓ kiểm chứng đạt / verifies" if done.verified else "✗ kiểm chứng không đạt / does not verify"
    console().print(f"{said}: {done.bundle}")


COMMANDS = {"rehearse": rehearse}
