"""One process with the engine started and warm: a whole cycle, the same again with nothing new, and one unit again.

    python moments.py FOLDER BASE REPORT.json REPEATS
FOLDER: a cycle of csv forms (one form is changed and put back). BASE: an empty folder for installations and PREFECT_HOME
beside it. Each figure is the time of one whole command, from its words to its exit status, without starting Python,
importing, or starting the Prefect server.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FOLDER, BASE, REPORT, REPEATS = Path(sys.argv[1]), Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4])
START = time.perf_counter()

from flows import embedded_server
from flows.cli import call
from flows.embedded_server import prepare_engine
from flows.workplace import opened

os.environ["PARINDEX_HOME"] = str(BASE / "first")
prepare_engine()

import flows.run_year  # noqa: F401 - what a warm process has imported

embedded_server.wait()
STARTED = time.perf_counter() - START


def installation(name: str) -> None:
    """From here on an empty installation of its own."""
    os.environ["PARINDEX_HOME"] = str(BASE / name)
    opened.cache_clear()


def seconds(*words: str) -> float:
    """How long one command takes; what the one before left to write is on the disk by then."""
    os.sync()
    start = time.perf_counter()
    with contextlib.redirect_stdout(sys.stderr):
        status = call(list(words))
    if status:
        sys.exit(f"parindex {' '.join(words)}: exit {status}")
    return time.perf_counter() - start


@contextmanager
def one_form_changed() -> Iterator[str]:
    """The unit whose first claim is turned around."""
    unit = sorted(path.name for path in (FOLDER / "inbox").iterdir())[-1]
    path = FOLDER / "inbox" / unit / "self_assessment.csv"
    before = path.read_text(encoding="utf-8")
    head, first, rest = before.split("\n", 2)
    other = first.replace("yes", "no") if "yes" in first else first.replace("no", "yes")
    path.write_text("\n".join([head, other, rest]), encoding="utf-8")
    try:
        yield unit
    finally:
        path.write_text(before, encoding="utf-8")


def once(number: int) -> dict[str, float]:
    """One repeat of everything."""
    found = {}
    installation(f"whole{number}")
    found["full_s"] = seconds("run", str(FOLDER))
    found["again_s"] = seconds("run", "do")
    installation(f"part{number}")
    found["until_survey_s"] = seconds("run", str(FOLDER), "--until", "survey")
    with one_form_changed() as unit:
        found["one_unit_s"] = seconds("rerun", "do", "--unit", unit, "--yes", "--reason", "sửa biểu")
        found["publish_s"] = seconds("publish", "do")
    return found


if __name__ == "__main__":
    installation("warm")
    cold = seconds("run", str(BASE / "tiny"))
    runs = [once(number) for number in range(REPEATS)]
    REPORT.write_text(
        json.dumps({"engine_start_s": STARTED, "first_tiny_cycle_s": cold, "runs": runs}), encoding="utf-8"
    )
