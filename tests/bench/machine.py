"""What a measurement was made on: processor, memory, system, versions, commit and day."""

from __future__ import annotations

import datetime as dt
import os
import platform
import subprocess
from importlib import metadata
from pathlib import Path

PACKAGES = ("prefect", "dagster", "pandas", "numpy", "sqlalchemy", "great-expectations", "python-calamine", "openpyxl")
HERE = Path(__file__).parent


def environment(note: str = "") -> dict[str, str]:
    """All of it as text. note: what a reader must know of this run."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    facts = {
        "processor": _processor(),
        "cores": str(len(os.sched_getaffinity(0))),
        "memory": f"{memory:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": ", ".join(f"{name} {metadata.version(name)}" for name in PACKAGES),
        "commit": _commit(),
        "date": dt.datetime.now(dt.UTC).strftime("%Y-%m-%d"),
    }
    return facts | ({"note": note} if note else {})


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return " ".join(value.split())
    return platform.machine()


def _commit() -> str:
    """The commit, with a + where files were changed since."""
    words = ["git", "-C", str(HERE), "describe", "--always", "--dirty=+", "--abbrev=10"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    return done.stdout.strip() or "?"
