"""What an admin sees in Prefect: names, tags, progress and a summary of every step, and that nobody is called home."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import small_cycle
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterTags,
)
from prefect.client.schemas.sorting import FlowRunSort
from prefect.settings import get_current_settings


def test_prefect_shows_each_step_by_name_with_tags_and_a_summary(installation, tmp_path: Path) -> None:
    parindex = installation()
    made = small_cycle.files()
    made["cycle.yaml"] = str(made["cycle.yaml"]).replace("nho-2020", "xem-2020")  # the server has runs of other tests
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 0, parindex.err
    with get_client(sync_client=True) as client:
        ours = FlowRunFilter(tags=FlowRunFilterTags(all_=["xem-2020"]))
        runs = client.read_flow_runs(flow_run_filter=ours, sort=FlowRunSort.START_TIME_ASC, limit=200)
        asked = {"artifacts": {"key": {"like_": "parindex-"}}, "sort": "CREATED_DESC", "limit": 200}
        told = client.request("POST", "/artifacts/filter", json=asked).json()
    names = {run.name for run in runs}
    assert {"1 thu nhận · collect · xem-2020", "5 công bố · publish · xem-2020"} <= names
    assert "chu trình năm · year · xem-2020" in names
    summaries = {one["key"]: one["data"] for one in told if one["description"] == "xem-2020"}
    assert set(summaries) == {f"parindex-{step}" for step in ("collect", "validate", "appraise", "survey", "publish")}
    assert "accepted: **3**" in summaries["parindex-collect"]


class Overloaded(BaseHTTPRequestHandler):
    """A Prefect server that has too much to do."""

    def do_POST(self) -> None:
        self.send_response(503)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_POST

    def log_message(self, *_: object) -> None:
        """Says nothing."""


def test_a_prefect_server_that_cannot_answer_fails_the_step_in_words(installation, tmp_path: Path) -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Overloaded)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    environ = os.environ | {
        "PREFECT_API_URL": f"http://127.0.0.1:{server.server_address[1]}/api",
        "PREFECT_CLIENT_MAX_RETRIES": "0",
        "PARINDEX_HOME": str(tmp_path / "home"),
    }
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    for words, again in ((["run", str(folder)], "parindex rerun nho-2020"), (["deploy"], "parindex deploy")):
        command = [str(Path(sys.executable).parent / "parindex"), *words]
        done = subprocess.run(command, env=environ, capture_output=True, text=True)
        assert done.returncode == 4, done.stderr
        assert again in done.stderr
        assert "Traceback" not in done.stdout + done.stderr
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize(
    "address", ["foo", "http://[::1/api", "http://host:port/api", "ftp://host/api", "http://prefect.so-noi-vu.vn/api"]
)
def test_an_address_that_is_none_is_a_wrong_call(installation, monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("PREFECT_API_URL", address)
    parindex = installation()
    assert parindex("deploy") == 2
    assert parindex("run", "nho-2020") == 2
    assert address in parindex.err


def test_prefect_and_great_expectations_call_nobody() -> None:
    settings = get_current_settings()
    assert settings.server.analytics_enabled is False
    assert settings.cloud.enable_orchestration_telemetry is False
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
