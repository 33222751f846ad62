"""What an admin sees in Prefect: names, tags, progress and a summary of every step, and that nobody is called home."""

from __future__ import annotations

from pathlib import Path

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


def test_prefect_and_great_expectations_call_nobody() -> None:
    import os

    settings = get_current_settings()
    assert settings.server.analytics_enabled is False
    assert settings.cloud.enable_orchestration_telemetry is False
    assert os.environ["GX_ANALYTICS_ENABLED"] == "false"
