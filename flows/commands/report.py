"""Commands for the secretariat's desk: documents of a published version, and what would have been otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.run import CycleArgument
from flows.commands.show import console
from flows.workplace import permitted
from models.rules.roles import Doing


def report(
    cycle: CycleArgument,
    to: Annotated[Path, typer.Option(metavar="DIR", help="thư mục trống / an empty folder")],
    version: Annotated[int, typer.Option(help="bản / version; mới nhất / newest by default")] = 0,
    unit: Annotated[str, typer.Option(help="chỉ thư của đơn vị này / this unit's letter only")] = "",
    annex: Annotated[bool, typer.Option("--annex", help="kèm phụ lục kín / what is closed too")] = False,
) -> int:
    """Văn bản của một bản công bố / A version's documents: decision annex, minutes, deck tables, letters."""
    from flows.write_reports import write_reports

    work = permitted(Doing.CLOSED if annex else Doing.READ)
    count = write_reports(work, cycle, to, version, unit, annex)
    console().print(f"{cycle}: {count} tệp / files → {to}")
    return 0


COMMANDS = {"report": report}
