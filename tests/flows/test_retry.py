"""An admin retries a failed run in Prefect, by command or on its page, and it ends as if nothing had happened."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
import small_cycle
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.deployments import run_deployment
from prefect.settings import PREFECT_API_URL, temporary_settings
from servers import PrefectServer, worker

from flows import embedded_server

BY_RIGHT = ("audit.jsonl", "manifest.json", "manifest.sha256")
BROWSER = shutil.which("chromium") or shutil.which("google-chrome")


def ended(run: UUID, times: int) -> FlowRun:
    """The run, once it came to its end for this many times."""
    with get_client(sync_client=True) as client:
        for _ in range(600):
            found = client.read_flow_run(run)
            if found.run_count >= times and found.state is not None and found.state.is_final():
                return found
            time.sleep(0.2)
    raise AssertionError(f"{run} does not end")


def by_command(server: PrefectServer, run: UUID) -> None:
    """Retry as a script would."""
    command = [str(Path(sys.executable).parent / "prefect"), "flow-run", "retry", str(run)]
    retry = subprocess.run(command, env=os.environ | server.environ, capture_output=True, text=True)
    assert retry.returncode == 0, retry.stdout + retry.stderr


def on_its_page(server: PrefectServer, run: UUID) -> None:
    """Retry as an admin would, with a mouse."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        page = browser.new_page()
        hosts = set[str]()
        page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
        page.goto(f"{server.api_url.removesuffix('/api')}/runs/flow-run/{run}")
        page.get_by_text("Failed").first.wait_for()
        page.locator(".p-icon-button-menu").first.click()
        page.get_by_text("Retry", exact=True).first.click()
        page.get_by_role("dialog").get_by_role("button", name="Retry").click()
        page.get_by_text("Completed").first.wait_for(timeout=180_000)
        browser.close()
    assert hosts == {server.api_url.split("/")[2]}


@pytest.mark.slow
@pytest.mark.parametrize(
    "retry",
    [
        by_command,
        pytest.param(on_its_page, marks=pytest.mark.skipif(not BROWSER, reason="no Chromium on this machine")),
    ],
)
def test_a_failed_run_that_is_retried_in_prefect_publishes_the_same(
    installation, tmp_path: Path, prefect: PrefectServer, retry: Callable[[PrefectServer, UUID], None]
) -> None:
    embedded_server.wait()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    undisturbed = installation("undisturbed")
    assert undisturbed("run", folder) == 0, undisturbed.err
    expected = undisturbed.exported("nho-2020")

    parindex = installation("retried")
    assert parindex("cycle", "open", folder) == 0
    store = parindex.home / "store"
    store.rename(parindex.home / "gone")
    store.touch()  # the disk behind the vault is not mounted
    environ = prefect.environ | {"PARINDEX_HOME": str(parindex.home), "PREFECT_HOME": str(tmp_path / "prefect")}
    with temporary_settings({PREFECT_API_URL: prefect.api_url}), worker(environ, tmp_path):
        assert parindex("deploy") == 0, parindex.err
        run = run_deployment("run-year/year", parameters={"cycle": "nho-2020"}, timeout=0)
        assert isinstance(run, FlowRun)
        failed = ended(run.id, times=1)
        assert failed.state_name == "Failed"
        assert "vault" in str(failed.state and failed.state.message)
        assert parindex("history", "nho-2020") == 0
        assert "failed" in parindex.out
        store.unlink()
        (parindex.home / "gone").rename(store)
        retry(prefect, run.id)
        assert ended(run.id, times=2).state_name == "Completed"
    published = parindex.exported("nho-2020")
    assert {path: data for path, data in published.items() if path not in BY_RIGHT} == {
        path: data for path, data in expected.items() if path not in BY_RIGHT
    }
    assert parindex("audit", "verify", "nho-2020") == 0
