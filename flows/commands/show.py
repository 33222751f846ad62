"""How the command line shows things: tables on a terminal, findings on stderr."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table

from checks.rule_book import findings
from models.rules.findings import Fault

MOST = 60  # findings shown on a terminal; the file has them all


def console() -> Console:
    """A console for stdout; wide when it is not a terminal, so that nothing is cut in a log."""
    return Console(width=None if sys.stdout.isatty() else 160, highlight=False)


def show_table(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """A table with a title."""
    table = Table(title=title, title_justify="left")
    for name in columns:
        table.add_column(name, overflow="fold")
    for row in rows:
        table.add_row(*[str(cell) for cell in row])
    console().print(table)


def show_faults(faults: Sequence[Fault], step: str = "collect") -> None:
    """Faults in the rule book's words, on stderr."""
    show_findings(findings(faults, step))


def show_findings(found: pd.DataFrame) -> None:
    """Findings on stderr, what refuses first."""
    order = {"refuse": 0, "warn": 1, "info": 2}
    rows = sorted(found.to_dict("records"), key=lambda row: order[row["severity"]])
    for row in rows[:MOST]:
        place = " ".join(part for part in (row["unit"], row["code"], row["location"]) if part)
        print(f"[{row['severity']}] {row['check']} · {place}", file=sys.stderr)
        if row["found"]:
            print(f"    thấy / found: {row['found']}", file=sys.stderr)
        print(f"    {row['expected']}", file=sys.stderr)
        print(f"    → {row['advice']}", file=sys.stderr)
    if len(rows) > MOST:
        print(f"… và {len(rows) - MOST} phát hiện khác / and {len(rows) - MOST} more", file=sys.stderr)
