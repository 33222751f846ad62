"""A year as a ministry runs it: PostgreSQL with a login for each, S3, a Prefect server with its services, a worker."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import small_cycle
import urllib3
from prefect.client.orchestration import get_client
from prefect.settings import PREFECT_API_URL, temporary_settings
from servers import PrefectServer, S3Server, worker
from sqlalchemy import create_engine, make_url

from models.storage.database import open_database
from models.storage.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
CALENDAR = "calendar: {opens: 2020-12-01, self_assessment_closes: 2999-12-30, self_assessment_locks: 2999-12-31}\n"
DIFFERS_BY_RIGHT = ("audit.jsonl", "manifest.json", "manifest.sha256")
GROUPS = {"thu-ky-a": "secretariat", "quan-tri-a": "admin", "kiem-toan-a": "auditor", "worker-a": "system"}


PATIENT = urllib3.PoolManager(
    timeout=30,
    retries=urllib3.Retry(8, backoff_factor=0.2, status_forcelist=[503], allowed_methods=None, raise_on_status=False),
)


def ask(api: str, path: str, body: dict[str, Any]) -> Any:
    """One question to the Prefect server. On SQLite it says 503, and does nothing, when two of its writers meet; as
    Prefect's own client, this one asks again then."""
    answer = PATIENT.request("POST", f"{api}{path}", json=body)
    assert answer.status in (200, 201), (answer.status, answer.data)
    return answer.json()


def until(found: Callable[[], Any]) -> Any:
    """What is found in the end; servers do things in their own time."""
    for _ in range(300):
        if value := found():
            return value
        time.sleep(0.2)
    raise AssertionError("it never came")


def logins(database_url: str) -> dict[str, str]:
    """The database with its roles; its address for each login."""
    open_database(
        Settings.from_environment({"PARINDEX_DATABASE_URL": database_url, "PARINDEX_HOME": "/tmp"}, "x")
    ).dispose()
    owner = create_engine(database_url)
    with owner.begin() as connection:
        connection.connection.driver_connection.execute((ROOT / "deploy/postgresql/roles.sql").read_text("utf-8"))
        for login, group in GROUPS.items():
            connection.exec_driver_sql(f'DROP ROLE IF EXISTS "{login}"')
            connection.exec_driver_sql(f'CREATE ROLE "{login}" LOGIN IN ROLE parindex_{group}')
    owner.dispose()
    url = make_url(database_url)
    return {login: url.set(username=login).render_as_string(hide_password=False) for login in GROUPS}


def test_deploying_again_leaves_alone_what_an_admin_set(installation, prefect: PrefectServer) -> None:
    parindex = installation(**prefect.environ)
    with temporary_settings({PREFECT_API_URL: prefect.api_url}):
        _deploy_twice(parindex)


def _deploy_twice(parindex: Any) -> None:
    assert parindex("deploy") == 0, parindex.err
    theirs = {
        "parameters": {"cycle": "nho-2020"},
        "job_variables": {"env": {"PARINDEX_HOME": "/srv"}},
        "tags": ["parindex", "của-tôi"],
        "paused": True,
    }
    with get_client(sync_client=True) as client:
        year = client.read_deployment_by_name("run-year/year")
        client.request("PATCH", f"/deployments/{year.id}", json=theirs)
        cron = {"schedule": {"cron": "0 7 * * 1", "timezone": "Asia/Ho_Chi_Minh"}, "slug": "sang-thu-hai"}
        client.request("POST", f"/deployments/{year.id}/schedules", json=[cron])
        night = client.read_deployment_by_name("follow-calendar/calendar")
        off = f"/deployments/{night.id}/schedules/{night.schedules[0].id}"
        client.request("PATCH", off, json={"active": False})
    assert parindex("deploy") == 0, parindex.err
    with get_client(sync_client=True) as client:
        again = client.read_deployment_by_name("run-year/year")
        night = client.read_deployment_by_name("follow-calendar/calendar")
        for one in client.read_deployments():
            client.delete_deployment(one.id)  # other tests have this server too
    assert (again.id, again.parameters, again.job_variables, again.paused) == (
        year.id, theirs["parameters"], theirs["job_variables"], True,
    )  # fmt: skip
    assert set(again.tags) == set(theirs["tags"])
    assert [one.slug for one in again.schedules] == ["sang-thu-hai"]
    assert [(one.slug, one.active) for one in night.schedules] == [("parindex-nightly", False)]


def test_a_year_on_servers(
    installation, postgres_server: Callable[[], str], s3_server: S3Server, prefect: PrefectServer, tmp_path: Path
) -> None:
    made = small_cycle.files()
    made["cycle.yaml"] = str(made["cycle.yaml"]) + CALENDAR
    local = installation("local")
    assert local("run", small_cycle.write(tmp_path / "c", made)) == 0, local.err

    bucket = s3_server.bucket()

    def send(*paths: str) -> None:
        for path in paths:
            data = made[path]
            body = data.encode() if isinstance(data, str) else data
            s3_server.client().put_object(Bucket=bucket, Key=f"ky/{path}", Body=body)

    late = [path for path in made if path.startswith("inbox/gamma/")]
    send(*(path for path in made if path not in late))
    addresses = logins(postgres_server())

    def environ(login: str) -> dict[str, str]:
        home = tmp_path / login
        home.mkdir(exist_ok=True)
        return {
            **s3_server.environ,
            **prefect.environ,
            "PARINDEX_HOME": str(home),
            "PARINDEX_DATABASE_URL": addresses[login],
            "PARINDEX_STORE_URL": f"s3://{bucket}/kho",
            "PARINDEX_S3_ENDPOINT_URL": s3_server.endpoint_url,
            "PARINDEX_ACTOR": "",
            "PREFECT_HOME": str(home / "prefect"),
        }

    def parindex(login: str, *words: object) -> subprocess.CompletedProcess[str]:
        command = [str(Path(sys.executable).parent / "parindex"), *map(str, words)]
        return subprocess.run(command, env=os.environ | environ(login), capture_output=True, text=True)

    opened = parindex("thu-ky-a", "cycle", "open", f"s3://{bucket}/ky")
    assert opened.returncode == 0, opened.stderr
    refused = parindex("kiem-toan-a", "run", "nho-2020", "--remote")
    assert refused.returncode == 6
    assert "kiểm toán / auditor" in refused.stderr
    deployed = parindex("quan-tri-a", "deploy")
    assert deployed.returncode == 0, deployed.stderr

    with worker(environ("worker-a"), tmp_path):
        _forms_arrive(prefect.api_url)
        send(*late)
        ran = parindex("thu-ky-a", "run", "nho-2020", "--remote", "--reason", "theo kế hoạch")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "1 thu nhận · collect · nho-2020: Completed" in ran.stdout
    assert "✓ publish: " in ran.stdout

    _events_and_automation(prefect.api_url)
    _schedules(prefect.api_url)
    history = json.loads(parindex("kiem-toan-a", "history", "nho-2020", "--json").stdout)
    published = next(run for run in history["runs"] if run["step"] == "publish")
    assert (published["actor"], published["reason"]) == ("thu-ky-a (via worker-a)", "theo kế hoạch")
    to = tmp_path / "export"
    assert parindex("kiem-toan-a", "export", "nho-2020", "--to", to).returncode == 0
    far = {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*") if path.is_file()}
    near = local.exported("nho-2020")
    assert {name for name in near.keys() | far.keys() if near.get(name) != far.get(name)} == set(DIFFERS_BY_RIGHT)
    assert subprocess.run([sys.executable, "-I", "-B", to / "verify.py"], capture_output=True).returncode == 0


def _forms_arrive(api: str) -> None:
    """Collecting alone starts validation."""
    [collect] = ask(api, "/deployments/filter", {"deployments": {"name": {"any_": ["collect"]}}})
    ask(api, f"/deployments/{collect['id']}/create_flow_run", {"parameters": {"cycle": "nho-2020"}})
    until(lambda: [one for one in _by_automation(api) if one["state_type"] == "COMPLETED"])


def _by_automation(api: str) -> list[dict[str, Any]]:
    runs = ask(api, "/flow_runs/filter", {"sort": "EXPECTED_START_TIME_DESC", "limit": 200})
    return [one for one in runs if (one["created_by"] or {}).get("type") == "AUTOMATION"]


def _events_and_automation(api: str) -> None:
    """Every status the units came to was announced; within a year's run, arrivals start no second validation."""
    asked = {"filter": {"event": {"prefix": ["parindex.units."]}}, "limit": 50}
    told = until(lambda: [one for one in ask(api, "/events/filter", asked)["events"] if "published" in one["event"]])
    assert told[0]["payload"]["units"] == ["alpha", "beta", "gamma"]
    everything = ask(api, "/events/filter", asked)["events"]
    within: dict[str, set[str]] = {"no": set(), "yes": set()}
    for one in everything:
        within[one["resource"]["parindex.within-a-year"]].add(one["event"].removeprefix("parindex.units."))
    assert within == {
        "no": {"submitted", "validated"},
        "yes": {"submitted", "validated", "appraised", "published"},
    }
    assert len(_by_automation(api)) == 1


def _schedules(api: str) -> None:
    """The calendar is registered, and the server's scheduler plans the nightly look at it for midnight in Vietnam."""
    asked = {"deployments": {"name": {"any_": ["calendar"]}}}
    slugs = {one["slug"] for one in ask(api, "/deployments/filter", asked)[0]["schedules"]}
    assert slugs == {
        f"parindex-{one}" for one in ("nightly", "nho-2020-self-assessment-closes", "nho-2020-self-assessment-locks")
    }
    runs = {"sort": "EXPECTED_START_TIME_DESC", "limit": 200}
    planned = until(
        lambda: [one for one in ask(api, "/flow_runs/filter", runs) if one["parameters"].get("cycle") == "*"]
    )
    assert {one["expected_start_time"][11:16] for one in planned} == {"17:05"}  # 00:05 there
