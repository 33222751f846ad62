"""A few disturbed cycles in every test run; `make chaos` does hundreds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

HARNESS = Path(__file__).with_name("harness.py")


def disturbed(
    kills: int, faults: int, seed: int, on: str = "local", workers: int = 2
) -> subprocess.CompletedProcess[str]:
    """One run of the harness."""
    words = ["--workers", str(workers), "--on", on, "--kills", str(kills), "--faults", str(faults), "--seed", str(seed)]
    return subprocess.run([sys.executable, str(HARNESS), *words], capture_output=True, text=True, check=False)


def test_a_cycle_that_is_killed_or_disturbed_is_published_as_if_nothing_had_happened() -> None:
    done = disturbed(kills=3, faults=2, seed=20201216)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "5 publications compared; 0 differences" in done.stdout


def test_a_cycle_on_servers_survives_kills_and_faults() -> None:
    done = disturbed(kills=1, faults=2, seed=5, on="servers", workers=1)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "3 publications compared; 0 differences" in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_many_cycles_that_are_killed_or_disturbed() -> None:
    done = disturbed(kills=60, faults=20, seed=7)
    assert done.returncode == 0, done.stderr + done.stdout
    assert "80 publications compared; 0 differences" in done.stdout


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_cycles_on_servers_survive_kills_dropped_connections_failover_and_cut_transfers() -> None:
    done = disturbed(kills=10, faults=10, seed=3, on="servers")
    assert done.returncode == 0, done.stderr + done.stdout
    assert "20 publications compared; 0 differences" in done.stdout
