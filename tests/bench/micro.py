"""Two things measured alone, in this process: scoring by the pure rules, and reading workbooks."""

from __future__ import annotations

import io
import sys
import time
from pathlib import Path
from typing import Any

from oracle import Truth

sys.path.append(str(Path(__file__).parent / "variants"))
import plain_steps

FORMS = 20  # workbooks read in one go


def scoring(folder: Path, answer: Truth, repeats: int) -> tuple[list[dict[str, float]], dict[str, Any]]:
    """Seconds for the leaf points of a whole cycle, and for totals and ranks on top of them. Inputs lie in memory."""
    from models.rules.scoring import score
    from models.rules.totals import standings, totals

    inputs = plain_steps.gather(folder)
    runs = []
    for _ in range(repeats):
        start = time.perf_counter()
        sheets = score(inputs)
        scored = time.perf_counter()
        found = totals(inputs, sheets)
        standings(inputs, found)
        ended = time.perf_counter()
        leaves = sum(sheet.final.state.size for sheet in sheets.values())
        runs.append({"score_s": scored - start, "totals_s": ended - scored, "leaves": leaves})
    wrong = [unit for unit, total in found.items() if total.index != answer.index[unit]]
    if wrong:
        sys.exit(f"scoring, {wrong[0]}: {found[wrong[0]].index}, exactly {answer.index[wrong[0]]}")
    return runs, {"against": "oracle", "units": len(found), "exact": True}


def filled_forms(folder: Path) -> list[bytes]:
    """Workbooks as `parindex template` makes them, filled in with the units' claims and evidence."""
    from flows.publication.forms import unit_form

    base = plain_steps.register(folder)
    made = []
    for unit, name in zip(base.units["unit"].tolist(), base.units["name"].tolist(), strict=True):
        filled = plain_steps.collect(base, folder, [unit])
        made.append(unit_form("Đo", "do", unit, name, base.frameworks["do"], filled=filled))
    return made


def by_openpyxl(data: bytes) -> int:
    """All values of all sheets, in openpyxl's fastest mode; how many cells hold one."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
    return sum(
        value is not None for sheet in book.worksheets for row in sheet.iter_rows(values_only=True) for value in row
    )


def by_us(data: bytes) -> int:
    """As a form is received: guarded, read, turned to text; how many rows."""
    from models.storage.spreadsheets import read_workbook

    tables, faults = read_workbook(data, "self_assessment.xlsx")
    if faults:
        sys.exit(f"xlsx: {faults[:3]}")
    return sum(len(table.rows) for table in tables)


def forms(folder: Path, repeats: int) -> tuple[dict[str, list[dict[str, float]]], dict[str, int]]:
    """Seconds to read the same forms in turn by us and by openpyxl."""
    made = filled_forms(folder)
    runs: dict[str, list[dict[str, float]]] = {"ours": [], "openpyxl": []}
    holds = {"forms": len(made), "bytes": sum(map(len, made))}
    for _ in range(repeats):
        for name, read in (("ours", by_us), ("openpyxl", by_openpyxl)):
            start = time.perf_counter()
            read_in = sum(map(read, made))
            runs[name].append({"wall_s": time.perf_counter() - start})
            holds[f"{name}_read"] = read_in
    return runs, holds
