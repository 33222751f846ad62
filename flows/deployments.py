"""Registers what deploy/prefect.yaml lists with a Prefect server: one deployment per step and one for the year."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from prefect.client.orchestration import get_client
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.objects import ConcurrencyLimitConfig
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectAlreadyExists
from prefect.types.entrypoint import EntrypointType
from prefect.utilities.importtools import import_object
from prefect.workers.process import ProcessWorker


def listed() -> list[dict[str, Any]]:
    """The deployments of prefect.yaml: beside the packages in a checkout, inside them when installed."""
    here = Path(__file__).resolve().parents[1]
    inside = here / "parindex_deploy" / "prefect.yaml"
    text = (inside if inside.is_file() else here / "deploy" / "prefect.yaml").read_text(encoding="utf-8")
    found: list[dict[str, Any]] = yaml.safe_load(text)["deployments"]
    return found


def register_deployments() -> list[str]:
    """Make or renew every deployment and the work pools they name; gives their names, flow/deployment.

    What an admin set on the server by hand (schedules, a pool's own settings) is left alone. Safe to run again.
    """
    entries = listed()
    with get_client(sync_client=True) as client:
        for pool in sorted({entry["work_pool"]["name"] for entry in entries}):
            try:
                template = ProcessWorker.get_default_base_job_template()
                client.create_work_pool(WorkPoolCreate(name=pool, type="process", base_job_template=template))
            except ObjectAlreadyExists:
                continue
    names = []
    for entry in entries:
        flow = import_object(entry["entrypoint"])
        deployment = RunnerDeployment.from_flow(
            flow,
            name=entry["name"],
            description=entry["description"],
            tags=entry["tags"],
            concurrency_limit=ConcurrencyLimitConfig(**entry["concurrency_limit"]),
            work_pool_name=entry["work_pool"]["name"],
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        deployment.apply()
        names.append(f"{flow.name}/{entry['name']}")
    return names
