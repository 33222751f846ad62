"""The command for the half-year: take in figures, write the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.run import CycleArgument, Reason, in_words, known
from flows.commands.show import console, show_findings
from flows.embedded_server import prepare_engine
from flows.workplace import engine, permitted
from models.rules.roles import Doing
from models.storage.database import reading
from models.storage.standing_findings import read_findings

MOST_WAITING = 12


def midyear(
    cycle: CycleArgument,
    to: Annotated[Path | None, typer.Option(metavar="DIR", help="nơi ghi báo cáo / where the report goes")] = None,
    reason: Reason = "",
) -> int:
    """Báo cáo 6 tháng / Take in half-year figures (inbox/<unit>/midyear.csv or .xlsx) and report progress."""
    prepare_engine()
    from flows.half_year import midyear_files
    from flows.publication.csv_text import csv_bytes
    from flows.report_midyear import report_midyear

    work, out = permitted(Doing.STEP), console()
    with in_words(f"parindex midyear {cycle}"), engine():
        outcome = report_midyear(known(cycle), reason)
    out.print(f"midyear: {', '.join(f'{name} {number}' for name, number in outcome.done.items())}")
    for text in outcome.waiting[:MOST_WAITING]:
        out.print(f"    · {text}")
    if len(outcome.waiting) > MOST_WAITING:
        out.print(f"    · … +{len(outcome.waiting) - MOST_WAITING}")
    with reading(work.engine) as session:
        found = read_findings(session, cycle, midyear=True)
    place = to or Path(work.settings.home) / "cycles" / cycle / "midyear"
    place.mkdir(parents=True, exist_ok=True)
    for name, data in (midyear_files(work, cycle) | {"findings.csv": csv_bytes(found, list(found.columns))}).items():
        (place / name).write_bytes(data)
        out.print(f"✓ {place / name}")
    if outcome.refusals:
        show_findings(found[(found["severity"] == "refuse").to_numpy()])
    return outcome.exit_status


COMMANDS = {"midyear": midyear}
