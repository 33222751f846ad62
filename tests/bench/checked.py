"""Holds what every variant wrote to the exact oracle; a benchmark of a wrong answer is worth nothing."""

from __future__ import annotations

import csv
import subprocess
import sys
from fractions import Fraction
from pathlib import Path
from typing import Any

from oracle import ONE, Truth, half_up

MOST_VERIFIED = 10_000  # units: verify.py holds every leaf as a fraction, over a GiB at 3,321 units


def rows(path: Path) -> list[dict[str, str]]:
    """A results.csv."""
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def decimals(above: int, below: int, places: int) -> str:
    """above / below, shown half-up."""
    text = str(half_up(above * 10**places, below)).rjust(places + 1, "0")
    return f"{text[:-places]}.{text[-places:]}"


def shown(truth: Truth, unit: str) -> dict[str, str]:
    """What a publication must say of a unit."""
    index = truth.index[unit]
    return {
        "points": decimals(truth.points[unit], ONE, 5), "maximum": decimals(truth.maximum[unit], 1, 5),
        "index": decimals(index.numerator, index.denominator, 2), "rank": str(truth.rank[unit]),
    }  # fmt: skip


def check_export(truth: Truth, export: Path) -> dict[str, Any]:
    """The publication says exactly what the oracle says, and its own verify.py, run alone, agrees."""
    found = rows(export / "results.csv")
    _all_there(truth, found)
    for row in found:
        expected = shown(truth, row["unit"])
        said = {name: row[name] for name in expected}
        if said != expected:
            sys.exit(f"engine, {row['unit']}: {said}, exactly {expected}")
    if len(found) > MOST_VERIFIED:
        return {"against": "oracle", "units": len(found), "exact": True}
    subprocess.run([sys.executable, str(export / "verify.py")], check=True, stdout=subprocess.DEVNULL)
    return {"against": "oracle and verify.py", "units": len(found), "exact": True}


def check_exact(truth: Truth, path: Path) -> dict[str, Any]:
    """Variants that call the exact rules agree to the last fraction."""
    found = rows(path)
    _all_there(truth, found)
    for row in found:
        unit = row["unit"]
        if Fraction(row["exact_index"]) != truth.index[unit] or int(row["rank"]) != truth.rank[unit]:
            sys.exit(f"{path.name}, {unit}: {row['exact_index']} rank {row['rank']}, exactly {truth.index[unit]}")
    return {"against": "oracle", "units": len(found), "exact": True}


def check_floats(truth: Truth, path: Path) -> dict[str, Any]:
    """Floats agree to rounding: no leaf is off by more than its last decimal. Ranks that differ are counted."""
    found = rows(path)
    _all_there(truth, found)
    worst, off = 0.0, 0
    for row in found:
        unit = row["unit"]
        differs = abs(float(row["index"]) - float(truth.index[unit]))
        if differs > 100 / ONE:
            sys.exit(f"floor, {unit}: {row['index']}, exactly {float(truth.index[unit])}")
        worst, off = max(worst, differs), off + (int(row["rank"]) != truth.rank[unit])
    return {"against": "oracle", "units": len(found), "exact": False, "most_off": worst, "ranks_off": off}


def _all_there(truth: Truth, found: list[dict[str, str]]) -> None:
    if {row["unit"] for row in found} != set(truth.index) or len(found) != len(truth.index):
        sys.exit(f"{len(found)} units, not the {len(truth.index)} of the cycle")
