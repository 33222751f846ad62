"""The command that hands results to emulation and commendation."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.run import CycleArgument, known
from flows.commands.show import console, show_table
from flows.workplace import permitted
from models.rules.errors import WrongCall
from models.rules.roles import Doing


def commend(
    cycle: CycleArgument,
    file: Annotated[Path | None, typer.Argument(metavar="[FILE]", help="quyết định khen thưởng (YAML)")] = None,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="ghi danh sách bàn giao / write the list")] = None,
) -> int:
    """Khen thưởng: ghi quyết định, bàn giao danh sách / Commendations: record a decision, hand the list over."""
    from flows.commendations import record_commendation, summary, write_commendations

    if file is not None and to is not None:
        raise WrongCall("FILE hoặc --to / FILE or --to, one at a time")
    if file is not None:
        number = record_commendation(permitted(Doing.COMMEND), known(cycle), file)
        console().print(f"Khen thưởng / commendation {number}: parindex commend {cycle} --to DIR")
        return 0
    work = permitted(Doing.READ)
    if to is not None:
        count = write_commendations(work, known(cycle), to)
        console().print(f"{count} dòng / rows → {to / 'commendations.csv'} (không công bố / not for publication)")
        return 0
    found = summary(work, known(cycle))
    show_table(
        f"Khen thưởng / commendations · {cycle}",
        ("số / no.", "quyết định / decision", "bản / version", "tập thể / collectives", "cá nhân / individuals"),
        found.to_numpy().tolist(),
    )
    return 0


COMMANDS = {"commend": commend}
