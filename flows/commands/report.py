"""Commands for the secretariat's desk: documents of a published version, and what would have been otherwise."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.run import CycleArgument
from flows.commands.show import console, show_table
from flows.workplace import permitted
from models.rules.insight.what_if import SIMULATION
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


def what_if(
    cycle: CycleArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="YAML")],
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="thư mục trống / an empty folder")] = None,
) -> int:
    """Mô phỏng: nếu điểm tối đa, mức xếp loại hoặc một mục khác đi / What if maxima, bands or one leaf were other."""
    from flows.simulate import what_if as simulated
    from flows.simulate import write_simulation

    found = simulated(permitted(Doing.CLOSED), cycle, file)
    rows = found.rows.to_dict("records")
    show_table(
        f"{SIMULATION} · {cycle}",
        ("đơn vị / unit", "chỉ số / index", "hạng / rank", "xếp loại / class"),
        [
            (
                row["unit"] + (" *" if row["unit"] in found.moved else ""),
                *(f"{row[f'{name}_before'] or '–'} → {row[f'{name}_after'] or '–'}" for name in ("index", "rank")),
                f"{row['classification_before'] or '–'} → {row['classification_after'] or '–'}",
            )
            for row in rows
        ],
    )
    console().print(f"* thay đổi / changed: {len(found.moved)}/{len(rows)}. {SIMULATION}")
    if found.missing:
        console().print(f"tạm tính, còn thiếu / provisional, still missing: {found.missing}")
    for path in write_simulation(found, to) if to else ():
        console().print(f"✓ {path}")
    return 0


COMMANDS = {"report": report, "what-if": what_if}
