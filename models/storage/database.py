"""Opens the database, brought to the newest migration; a write is one transaction, whole or not at all."""

from __future__ import annotations

import fcntl
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, OperationalError
from sqlmodel import Session

from models.rules.errors import StepFailed, WrongCall
from models.storage.settings import Settings

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
WAIT_SECONDS = 30  # for another writer on SQLite
_ONE_MIGRATION = 7_211_959  # any number, the same for every process: PostgreSQL's advisory lock
_DRIVERS = {"sqlite": "pysqlite", "postgresql": "psycopg"}
_PRAGMAS = (
    f"busy_timeout={WAIT_SECONDS * 1000}",  # first: the next one may have to wait
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "recursive_triggers=ON",  # so that INSERT OR REPLACE cannot slip past the append-only triggers
)
# What a person can mend; any other error of SQLite (no such column, syntax) is a bug and crashes loudly.
_SQLITE_TROUBLE = tuple(
    f"SQLITE_{name}" for name in ("BUSY", "LOCKED", "IOERR", "FULL", "CANTOPEN", "PERM", "AUTH", "NOTADB", "CORRUPT")
)
_NO_PRIVILEGE = "42501"  # PostgreSQL's insufficient_privilege


def open_database(settings: Settings) -> Engine:
    """The database of this installation, its tables at the newest migration. Several may open it at once.

    Raises WrongCall for an address that cannot be one, or a database of a newer version of this program;
    StepFailed when the database cannot be reached or written.
    """
    url = _address(settings.database_url)
    try:
        settings.home.mkdir(parents=True, exist_ok=True)
        engine = _engine(url)
        with _in_words(url, "SQLITE_READONLY"), _one_at_a_time(_file(url)):
            _bring_up_to_date(engine)
    except OSError as error:
        raise StepFailed(
            f"Không tạo được thư mục dữ liệu / The data folder cannot be made: {error}. PARINDEX_HOME"
        ) from error
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One transaction: committed whole at the end, rolled back whole on any error.

    On SQLite it holds the one writer's place from its first statement on. Raises StepFailed when the database
    went away or another writer kept it busy for too long.
    """
    with (
        _in_words(engine.url, "SQLITE_READONLY"),
        Session(engine, expire_on_commit=False) as session,
        session.begin(),
    ):
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads, all of it on one consistent state; the database refuses to write in it.

    Raises StepFailed when the database went away.
    """
    options: dict[str, Any] = {"reads": True}
    if engine.dialect.name == "postgresql":
        options |= {"isolation_level": "REPEATABLE READ", "postgresql_readonly": True}
    with (
        _in_words(engine.url),
        Session(engine.execution_options(**options), expire_on_commit=False) as session,
    ):
        yield session


def _address(given: str) -> URL:
    try:
        url = make_url(given)
        known = _DRIVERS.get(url.get_backend_name()) == url.get_dialect().driver
    except (ArgumentError, ImportError, ValueError):  # ValueError: a port that is no number
        known = False
    if not known:
        raise WrongCall(
            "PARINDEX_DATABASE_URL sai dạng / is not of the form "
            "postgresql+psycopg://user:password@host/database or sqlite:////folder/file"
        ) from None
    return url


def _file(url: URL) -> Path | None:
    """SQLite's file; None for a database in memory or on a server."""
    name = url.database or ""
    on_disk = url.get_backend_name() == "sqlite" and name not in ("", ":memory:")
    return Path(name) if on_disk and not name.startswith("file:") else None


def _engine(url: URL) -> Engine:
    if url.get_backend_name() == "sqlite":
        engine = create_engine(url, connect_args={"timeout": WAIT_SECONDS})
        _teach_sqlite(engine)
        return engine
    patience = {} if "connect_timeout" in url.query else {"connect_timeout": 10}
    return create_engine(url, connect_args=patience, pool_pre_ping=True)


def _teach_sqlite(engine: Engine) -> None:
    """SQLAlchemy's documented recipe: it says BEGIN itself; a writer at once as one, so none fails late."""

    @event.listens_for(engine, "connect")
    def _connect(connection: sqlite3.Connection, record: object) -> None:
        connection.isolation_level = None
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql(f"PRAGMA query_only={'ON' if reads else 'OFF'}")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def _one_at_a_time(file: Path | None) -> Iterator[None]:
    """Two processes must not make one SQLite file at once: switching on its log cannot wait for the other."""
    if file is None:
        yield
        return
    file.parent.mkdir(parents=True, exist_ok=True)
    with open(file.with_name(f"{file.name}.lock"), "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _bring_up_to_date(engine: Engine) -> None:
    known = sorted(path.name[:4] for path in MIGRATIONS.glob("versions/[0-9]*.py"))
    with engine.execution_options(reads=True).connect() as connection:
        present = _revision(connection)
    if present == known[-1]:
        return  # the usual case: nothing is locked, so a long step elsewhere does not stop `status`
    if present and present not in known:
        raise WrongCall(
            f"Cơ sở dữ liệu của phiên bản mới hơn ({present}); hãy cập nhật parindex / "
            f"The database belongs to a newer version ({present}): update parindex (it knows {known[-1]})"
        )
    with engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _ONE_MIGRATION})
        if _revision(connection) != known[-1]:
            _migrate(connection)


def _revision(connection: Connection) -> str:
    if not inspect(connection).has_table("alembic_version"):
        return ""
    return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar() or "")


def _migrate(connection: Connection) -> None:
    from alembic import command  # late: hardly ever needed, a third of a second
    from alembic.config import Config

    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    command.upgrade(config, "head")


@contextmanager
def _in_words(url: URL, *more: str) -> Iterator[None]:
    """What a person can mend becomes StepFailed, in words, without secrets; the rest is a bug and stays."""
    try:
        yield
    except DatabaseError as error:
        origin: Any = error.orig
        if url.get_backend_name() == "sqlite":
            name = str(getattr(origin, "sqlite_errorname", ""))
            known, place = name.startswith((*_SQLITE_TROUBLE, *more)), str(url.database)
        else:
            known = isinstance(error, OperationalError) or getattr(origin, "sqlstate", "") == _NO_PRIVILEGE
            place = f"{url.host or url.query.get('host', '')}:{url.port or 5432}/{url.database}"
        if not known:
            raise
        said = (str(origin).strip().splitlines() or ["?"])[0]
        raise StepFailed(
            f"Không dùng được cơ sở dữ liệu / The database cannot be used: {place}: {said}. PARINDEX_DATABASE_URL"
        ) from error
