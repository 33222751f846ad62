"""The readers hold against a fuzzer for a fixed time."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

pytest.importorskip(
    "atheris", reason="there is no atheris for this platform; Hypothesis tests of the readers run anyway"
)
SECONDS = 40


@pytest.mark.slow
@pytest.mark.parametrize("target", ["form", "table", "document", "settings"])
def test_a_fuzzer_finds_nothing_in_the_readers(target: str, tmp_path: Path) -> None:
    program = Path(__file__).with_name("readers.py")
    command = [sys.executable, program, target, str(SECONDS), tmp_path / "corpus"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr[-4000:]
    runs = re.search(r"stat::number_of_executed_units: (\d+)", done.stderr)
    assert runs is not None
    assert int(runs.group(1)) > 100
