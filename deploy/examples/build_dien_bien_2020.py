"""Writes the example cycle of Điện Biên 2020: python deploy/examples/build_dien_bien_2020.py DIR

DIR receives dien-bien-2020/ (the cycle folder) and dien-bien-2020-later/ (what arrives afterwards). The same
bytes every time: no clock, no chance. What stood in the two folders before is removed.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from dien_bien.engine_inputs import cycle_inputs
from dien_bien.example import make
from dien_bien.folder import cycle_files, later_files
from dien_bien.own_check import differences, ranking
from dien_bien.province import DECIMALS

from models.rules.numbers import show


def build(place: Path) -> None:
    """Make, check and write the example. Raises ValueError when a published figure does not come out."""
    example = make()
    inputs = cycle_inputs(example)
    lines = ranking(inputs)
    if wrong := differences(lines):
        raise ValueError("; ".join(wrong))
    for folder, files in (
        ("dien-bien-2020", cycle_files(example, inputs)),
        ("dien-bien-2020-later", later_files(inputs)),
    ):
        shutil.rmtree(place / folder, ignore_errors=True)
        for path, data in files.items():
            target = place / folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(data)
    for line in lines:
        assert line.total.index is not None
        print(line.total.bloc, line.rank, line.total.unit, show(line.total.index, DECIMALS), line.classification)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    build(Path(sys.argv[1]))
