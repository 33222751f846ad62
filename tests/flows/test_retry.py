"""An admin retries a failed run in Prefect, and it ends as if nothing had happened."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import UUID

import pytest
import small_cycle
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment

from flows import embedded_server

BIN = Path(sys.executable).parent
BY_RIGHT = ("audit.jsonl", "manifest.json", "manifest.sha256")


@contextmanager
def worker(home: Path) -> Iterator[None]:
    """A Prefect worker of an installation, as a service would run it."""
    environ = os.environ | {"PARINDEX_HOME": str(home)}
    command = [str(BIN / "prefect"), "worker", "start", "--pool", "parindex"]
    with open(home / "worker.log", "w") as log:
        process = subprocess.Popen(command, env=environ, cwd=home, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(30)


def ended(run: UUID, times: int) -> FlowRun:
    """The run, once it came to its end for this many times."""
    with get_client(sync_client=True) as client:
        for _ in range(600):
            found = client.read_flow_run(run)
            if found.run_count >= times and found.state is not None and found.state.is_final():
                return found
            time.sleep(0.2)
    raise AssertionError(f"{run} does not end")


@pytest.mark.slow
def test_a_failed_run_that_is_retried_in_prefect_publishes_the_same(installation, tmp_path: Path) -> None:
    embedded_server.wait()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    undisturbed = installation("undisturbed")
    assert undisturbed("run", folder) == 0, undisturbed.err
    expected = undisturbed.exported("nho-2020")

    parindex = installation("retried")
    for _ in range(2):  # registering twice is registering
        assert parindex("deploy") == 0, parindex.err
    assert parindex("cycle", "open", folder) == 0
    store = parindex.home / "store"
    store.rename(parindex.home / "gone")
    store.touch()  # the disk behind the vault is not mounted
    with worker(parindex.home):
        run = run_deployment("run-year/year", parameters={"cycle": "nho-2020"}, timeout=0)
        assert isinstance(run, FlowRun)
        failed = ended(run.id, times=1)
        assert failed.state_name == "Failed"
        assert "vault" in str(failed.state and failed.state.message)
        assert parindex("history", "nho-2020") == 0
        assert "failed" in parindex.out
        store.unlink()
        (parindex.home / "gone").rename(store)
        retry = subprocess.run([BIN / "prefect", "flow-run", "retry", str(run.id)], capture_output=True, text=True)
        assert retry.returncode == 0, retry.stdout + retry.stderr
        assert ended(run.id, times=2).state_name == "Completed"
    published = parindex.exported("nho-2020")
    assert {path: data for path, data in published.items() if path not in BY_RIGHT} == {
        path: data for path, data in expected.items() if path not in BY_RIGHT
    }
    assert parindex("audit", "verify", "nho-2020") == 0
