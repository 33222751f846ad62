"""Writes what is generated of the small example cycles: python deploy/examples/build.py [NAME…]

Hand-written files of a folder (README.md, cycle.yaml, units.csv, appraisers.csv, previous/, frameworks/) stay as
they are; inbox/, appraisal/, survey/ and statistics.csv are written anew, the same bytes every time: no clock,
no chance.
"""

from __future__ import annotations

import importlib
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

from building.folder import cycle_files
from building.ground import read_ground
from building.tables import Files

NAMES = ("ha-giang", "ministries-2020", "nghe-an", "provinces-2025", "tan-ky", "thai-nguyen-2017")
GENERATED = ("inbox", "appraisal", "survey")


def generated(name: str) -> Files:
    """The generated files of one example. Raises ValueError where a figure aimed at cannot be met."""
    story = importlib.import_module(f"stories.{name.replace('-', '_')}").STORY
    return cycle_files(read_ground(HERE / name), story)


def build(name: str) -> None:
    """Write them into the example's folder."""
    files = generated(name)
    for folder in GENERATED:
        shutil.rmtree(HERE / name / folder, ignore_errors=True)
    for path, data in files.items():
        target = HERE / name / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
    print(f"{name}: {len(files)} files, {sum(map(len, files.values())):,} bytes")


if __name__ == "__main__":
    for wanted in sys.argv[1:] or NAMES:
        build(wanted)
