"""Opens the database, brought to the newest migration; every write is one transaction, whole or not at all."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, OperationalError
from sqlmodel import Session

from models.rules.errors import StepFailed, WrongCall
from models.storage.settings import Settings

MIGRATIONS = Path(__file__).resolve().parents[1] / "migrations"
_MIGRATION_LOCK = 7_211_959  # any number, the same for every process, for PostgreSQL's advisory lock


def open_database(settings: Settings) -> Engine:
    """The database of this installation, its tables at the newest migration.

    Raises WrongCall for an address that is none, StepFailed when the database cannot be reached.
    """
    settings.home.mkdir(parents=True, exist_ok=True)
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        raise WrongCall(
            "PARINDEX_DATABASE_URL không phải địa chỉ / is not an address: postgresql+psycopg://…"
        ) from None
    engine = create_engine(url, connect_args={"timeout": 30} if url.get_backend_name() == "sqlite" else {})
    if engine.dialect.name == "sqlite":
        _teach_sqlite(engine)
    try:
        with _one_migration_at_a_time(engine, settings):
            _migrate(engine)
    except OperationalError as error:
        said = str(error.orig).strip().splitlines()[0] if error.orig else "?"
        shown = url.render_as_string(hide_password=True)
        raise StepFailed(
            f"Không tới được cơ sở dữ liệu / The database cannot be reached: {shown}: {said}"
        ) from None
    return engine


def _teach_sqlite(engine: Engine) -> None:
    """Write-ahead log, full durability, foreign keys; transactions begin as writers, so none fails half-way."""

    @event.listens_for(engine, "connect")
    def _connect(connection, record) -> None:  # type: ignore[no-untyped-def]  # DBAPI objects
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "busy_timeout=30000"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        reads = connection.get_execution_options().get("reads", False)
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")


@contextmanager
def _one_migration_at_a_time(engine: Engine, settings: Settings) -> Iterator[None]:
    if engine.dialect.name == "sqlite":
        with open(settings.home / "migration.lock", "w", encoding="ascii") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    else:
        with engine.connect() as connection:
            connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": _MIGRATION_LOCK})
            try:
                yield
            finally:
                connection.execute(text("SELECT pg_advisory_unlock(:key)"), {"key": _MIGRATION_LOCK})


def _migrate(engine: Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


@contextmanager
def transaction(engine: Engine) -> Iterator[Session]:
    """One transaction: committed whole at the end, rolled back whole on any error."""
    with Session(engine, expire_on_commit=False) as session, session.begin():
        yield session


@contextmanager
def reading(engine: Engine) -> Iterator[Session]:
    """A session that only reads, on one consistent state."""
    with Session(engine.execution_options(reads=True), expire_on_commit=False) as session:
        yield session
