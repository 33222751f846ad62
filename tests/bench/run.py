"""`make bench`: measures the parts asked for, prints them, and writes them into one JSON file.

What is measured again replaces what the file held of it; the rest stays, each part with the machine and day it was
measured on. docs/performance.md and its plots are made from that file.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
sys.path.insert(0, str(HERE))

from compare import KINDS
from machine import environment
from plot import draw
from report import cases, line_of, markdown, targets
from runners import Ground, prepared_prefect
from sizes import SIZES, Part, chosen


def kept_so_far(path: Path) -> dict[str, Any]:
    """What a results file holds."""
    if not path.exists():
        return {"environments": {}, "parts": {}}
    return dict(json.loads(path.read_text(encoding="utf-8")))


def write(path: Path, results: dict[str, Any]) -> None:
    """The file, in an order of its own, without environments no part names any more."""
    named = {part["environment"] for part in results["parts"].values()}
    results["environments"] = {key: one for key, one in results["environments"].items() if key in named}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=1, ensure_ascii=False, sort_keys=True) + "\n", encoding="utf-8")


def rounded(found: Any) -> Any:
    """Six digits are more than any clock here is good for."""
    if isinstance(found, float):
        return float(f"{found:.6g}")
    if isinstance(found, dict):
        return {key: rounded(value) for key, value in found.items()}
    return [rounded(value) for value in found] if isinstance(found, list) else found


def measure(part: Part, prefect: Path) -> dict[str, Any]:
    """One part, in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="parindex-bench-") as place:
        return {"kind": part.kind, **rounded(KINDS[part.kind](Ground(Path(place), prefect), part))}


def tell(path: Path, results: dict[str, Any]) -> None:
    """The tables for whoever waited; the page and the drawing beside the results; the published page is rendered with the others."""
    draw(results, path.with_suffix(".svg"))
    if path.resolve().parent == ROOT / "docs":
        subprocess.run([sys.executable, str(ROOT / "docs/render.py")], check=True)
    else:
        path.with_suffix(".md").write_text(markdown(results), encoding="utf-8")
    print("\n".join(["", *cases(results), *targets(results), f"→ {path}, .md, .svg"]), flush=True)


def main() -> None:
    """Measure, print, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", choices=SIZES, default="small")
    parser.add_argument("--only", default="", help="parts whose id holds one of these words, comma between them")
    parser.add_argument("--repeats", type=int, default=0, help="instead of each part's own")
    parser.add_argument("--into", type=Path, default=ROOT / "build/bench.json")
    parser.add_argument("--note", default="", help="what a reader must know of this run")
    parser.add_argument("--list", action="store_true", help="only name the parts")
    given = parser.parse_args()
    parts = list(chosen(given.size, given.only))
    if not parts:
        print(f"--only {given.only}: no such part; only drawn again. --list names them", file=sys.stderr)
    if given.list:
        print("\n".join(part.id for part in parts))
        return
    facts, results = environment(given.note), kept_so_far(given.into)
    key = hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:8]
    with tempfile.TemporaryDirectory(prefix="parindex-bench-prefect-") as home:
        prefect = prepared_prefect(Path(home)) if parts else Path(home)
        for part in parts:
            start = time.perf_counter()
            found = measure(part.with_repeats(given.repeats) if given.repeats else part, prefect)
            results["parts"][part.id] = found | {"environment": key}
            results["environments"][key] = facts
            write(given.into, results)
            print(f"{line_of(part.id, found)}  [{time.perf_counter() - start:.0f} s]", flush=True)
    tell(given.into, results)


if __name__ == "__main__":
    main()
