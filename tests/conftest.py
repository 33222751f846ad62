"""What tests share: real servers on loopback, started when first asked for, and a command line on a fresh installation."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))  # small_cycle, random_cycle, servers

import hypothesis
import pytest
from servers import PrefectServer, S3Server, make_prefect_database, postgresql, prefect_home, prefect_server, seaweedfs
from sqlalchemy import Engine

from flows.embedded_server import prepare_engine, silence_telemetry
from models.storage.database import open_database
from models.storage.settings import Settings


def pytest_configure(config: pytest.Config) -> None:
    """Prefect reads its settings when it is imported, and collecting the tests imports it: so here, not in a fixture.

    Whoever only hands out tests makes Prefect's database for those who run them, and starts no server.
    """
    home = Path(tempfile.mkdtemp(prefix="parindex-prefect-"))
    os.environ["PARINDEX_ACTOR"] = "kiem-thu"
    os.environ["PREFECT_HOME"] = str(home)
    # registered first, so done last: after Prefect's own, which stops its server
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    if config.getoption("numprocesses", None) and not hasattr(config, "workerinput"):
        silence_telemetry()
        make_prefect_database(home)
    else:
        prefect_home(home)
        prepare_engine()


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes made by a library may hold the time; two workers must call a test by one name all the same."""
    return argname if isinstance(val, bytes) and len(val) > 12 else None


hypothesis.settings.register_profile(
    "house", deadline=None, suppress_health_check=list(hypothesis.HealthCheck), print_blob=True
)
hypothesis.settings.load_profile("house")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Callable[[], str]]:
    """A real PostgreSQL; each call gives the address of a fresh, empty database.

    Not below pytest's own folder: another run of pytest that starts meanwhile shuts that to everybody but its owner,
    and started by root the server is another user.
    """
    place = tempfile.TemporaryDirectory(prefix="parindex-pg-", ignore_cleanup_errors=True)
    with place as folder, postgresql(Path(folder)) as fresh:
        yield fresh


@pytest.fixture(scope="session")
def s3_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[S3Server]:
    """A real S3 server."""
    with seaweedfs(tmp_path_factory.mktemp("s3")) as server:
        yield server


@pytest.fixture(scope="session", name="prefect")
def prefect_on_its_own(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrefectServer]:
    """A real Prefect server with all its services, apart from the one commands start for themselves."""
    with prefect_server(tmp_path_factory.mktemp("prefect")) as server:
        yield server


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
        workplace.opened.cache_clear()
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
