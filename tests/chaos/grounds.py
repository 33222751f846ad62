"""Where disturbed cycles live: SQLite and a folder, or PostgreSQL and S3 behind a wire that can be cut."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Protocol

from disturb import FAULTS
from sqlalchemy import Engine, create_engine, inspect, make_url, text
from sqlalchemy.exc import DBAPIError

Act = Callable[[str], None]


class Ground(Protocol):
    """What the harness must know of the place a cycle lives in."""

    name: str
    faults: Mapping[str, Act]

    def environ(self, home: Path) -> dict[str, str]: ...
    def engine(self, home: Path) -> Engine: ...
    def objects(self, home: Path) -> dict[str, bytes]: ...


class Local:
    """The embedded default."""

    name = "sqlite and a folder"
    faults: Mapping[str, Act] = FAULTS

    def environ(self, home: Path) -> dict[str, str]:
        """Settings of one installation."""
        return {"PARINDEX_HOME": str(home)}

    def engine(self, home: Path) -> Engine:
        """Its database, to look into."""
        return create_engine(f"sqlite:///file:{home / 'parindex.sqlite'}?mode=ro&uri=true")

    def objects(self, home: Path) -> dict[str, bytes]:
        """Its vault, by name."""
        found = (home / "store" / "objects").glob("??/??/*")
        return {path.name: path.read_bytes() for path in found if path.is_file()}


class Servers:
    """PostgreSQL and S3, each behind a wire; every installation has a database and a prefix of its own."""

    name = "postgresql and s3"

    def __init__(self, fresh: Callable[[], str], s3, bucket: str, ports: tuple[int, int, int]) -> None:  # type: ignore[no-untyped-def]
        self._fresh, self._s3, self._bucket, self._ports = fresh, s3, bucket, ports
        self._databases: dict[Path, str] = {}

    @property
    def faults(self) -> Mapping[str, Act]:
        """Orders to the wires."""
        orders = {
            "connection dropped": "db drop",
            "failover": "db down 2",
            "store gone": "s3 down 3",
            "transfers cut": "s3 cut 3",
            "store slow": "s3 slow 1",
        }
        return {name: _order(self._ports[0], words) for name, words in orders.items()}

    def environ(self, home: Path) -> dict[str, str]:
        """Settings of one installation, by way of the wires."""
        if home not in self._databases:  # a new case: what the last one left armed must not fall on this one
            for wire in ("db", "s3"):
                _order(self._ports[0], f"{wire} calm")("")
            self._databases[home] = self._fresh()
        _, database, store = self._ports
        url = make_url(self._databases[home]).set(host="127.0.0.1", port=database, query={})
        return self._s3.environ | {
            "PARINDEX_HOME": str(home),
            "PARINDEX_DATABASE_URL": url.render_as_string(hide_password=False),
            "PARINDEX_STORE_URL": f"s3://{self._bucket}/{home.name}",
            "PARINDEX_S3_ENDPOINT_URL": f"http://127.0.0.1:{store}",
        }

    def engine(self, home: Path) -> Engine:
        """Its database, past the wire."""
        return create_engine(self._databases[home])

    def objects(self, home: Path) -> dict[str, bytes]:
        """Its vault, past the wire."""
        client = self._s3.client()
        pages = client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=f"{home.name}/")
        keys = [entry["Key"] for page in pages for entry in page.get("Contents", [])]
        return {key.rpartition("/")[2]: client.get_object(Bucket=self._bucket, Key=key)["Body"].read() for key in keys}


def _order(control: int, words: str) -> Act:
    def act(name: str) -> None:
        from wire import tell

        tell(control, words)

    return act


@contextmanager
def local(base: Path) -> Iterator[Callable[[], Ground]]:
    """Grounds on this machine's disk."""
    yield Local


@contextmanager
def servers(base: Path) -> Iterator[Callable[[], Ground]]:
    """Grounds on servers started for them; each has wires of its own until the end of the block."""
    from contextlib import ExitStack

    from servers import free_ports, postgresql, seaweedfs
    from wire import wired

    (base / "pg").mkdir()
    (base / "s3").mkdir()
    with ExitStack() as stack:
        fresh = stack.enter_context(postgresql(base / "pg"))
        store = stack.enter_context(seaweedfs(base / "s3"))
        behind = make_url(fresh())
        socket = f"{behind.query['host']}/.s.PGSQL.{behind.port or 5432}"

        def make() -> Ground:
            control, database, bucket = free_ports(3)
            upstream = store.endpoint_url.removeprefix("http://")
            stack.enter_context(wired(control, {"db": (database, socket), "s3": (bucket, upstream)}))
            return Servers(fresh, store, store.bucket(), (control, database, bucket))

        yield make


GROUNDS = {"local": local, "servers": servers}


def number_of(ground: Ground, home: Path, table: str, where: str = "true") -> int:
    """Rows of a table; 0 where there is no such table or database yet."""
    engine = ground.engine(home)
    try:
        with engine.connect() as connection:
            return int(connection.execute(text(f'SELECT count(*) FROM "{table}" WHERE {where}')).scalar_one())
    except DBAPIError:
        return 0
    finally:
        engine.dispose()


def stored(ground: Ground, home: Path, growing: tuple[str, ...]) -> dict[str, str]:
    """How many rows each table holds but `growing`, and every object of the vault that is not what its name says."""
    if not number_of(ground, home, "cycle"):
        return {"stored": "nothing"}
    engine = ground.engine(home)
    try:
        with engine.connect() as connection:
            tables = sorted(set(inspect(connection).get_table_names()) - set(growing))
            found = {
                name: str(connection.execute(text(f'SELECT count(*) FROM "{name}"')).scalar_one()) for name in tables
            }
            named = connection.execute(
                text("SELECT sha256 FROM received_file UNION SELECT sha256 FROM publication_file")
            ).scalars()
            wanted = sorted(named)
    finally:
        engine.dispose()
    # A killed publication leaves objects that nothing names (who and when are in them): harmless, and never deleted.
    objects = ground.objects(home)
    broken = [name for name, data in objects.items() if hashlib.sha256(data).hexdigest() != name]
    return found | {
        "runs still running": str(number_of(ground, home, "step_run", "state = 'running'")),
        "publication events": str(number_of(ground, home, "audit_event", "action = 'published'")),
        "objects missing": ",".join(sha256 for sha256 in wanted if sha256 not in objects),
        "broken objects": ",".join(broken),
    }
