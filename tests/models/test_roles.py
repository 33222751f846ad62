"""Who may do what: the table is whole, every action asks it, and PostgreSQL refuses by itself."""

from __future__ import annotations

import ast
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from models.actions.lock_stage import lock_stage
from models.actions.request_run import request_run, who_asked
from models.actions.run_step import running
from models.rules.errors import NotPermitted, WrongCall
from models.rules.roles import EVERY_ROLE, MAY, Doing, Identity, Role
from models.storage.database import open_database, transaction
from models.storage.settings import Settings
from models.storage.vault import open_vault
from models.storage.workspace import Workspace
from models.tables import Cycle, Submission

NOON = dt.datetime(2026, 1, 15, 12, 0, tzinfo=dt.UTC)
ROOT = Path(__file__).resolve().parents[2]
ROLES_SQL = (ROOT / "deploy" / "postgresql" / "roles.sql").read_text(encoding="utf-8")
LOGINS = {
    "ba-thu-ky": Role.SECRETARIAT, "ong-hoi-dong": Role.COUNCIL, "ba-kiem-toan": Role.AUDITOR,
    "ong-quan-tri": Role.ADMIN, "may-chay": Role.SYSTEM, "so-a": Role.UNIT, "tham-dinh-a": Role.APPRAISER,
}  # fmt: skip


def test_every_doing_has_its_roles_and_every_role_something_it_may() -> None:
    assert set(MAY) == set(Doing)
    assert set().union(*MAY.values()) == EVERY_ROLE


def test_an_auditor_may_read_and_nothing_else() -> None:
    auditor = Identity("x", frozenset({Role.AUDITOR}))
    assert {one for one in Doing if auditor.may(one)} == {Doing.READ, Doing.LOOK, Doing.RECEIPT, Doing.CLOSED}


def test_a_refusal_names_who_may() -> None:
    with pytest.raises(NotPermitted, match="hội đồng / council"):
        Identity("lan", frozenset({Role.SECRETARIAT})).check_may(Doing.APPROVE)


def test_every_action_that_opens_a_transaction_asks_who_may() -> None:
    """What works inside a session it is given stands inside such an action."""
    asked = set()
    for path in sorted((ROOT / "models" / "actions").glob("*.py")):
        for function in ast.parse(path.read_text(encoding="utf-8")).body:
            if not isinstance(function, ast.FunctionDef) or function.name.startswith("_"):
                continue
            calls = {ast.unparse(node.func) for node in ast.walk(function) if isinstance(node, ast.Call)}
            if "transaction" in calls:
                assert "workspace.check_may" in calls, f"{path.name}: {function.name}"
                asked.add(function.name)
    assert asked >= {"correct", "lock_stage", "open_cycle", "freeze", "running", "inspect_documents", "request_run"}


@pytest.fixture(scope="module")
def installation(postgres_server: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """A database with roles and a login for each; the server is the session's, so logins are named for this module."""
    home = tmp_path_factory.mktemp("roles")
    environ = {"PARINDEX_HOME": str(home), "PARINDEX_DATABASE_URL": postgres_server()}
    settings = Settings.from_environment(environ, "x")
    engine = open_database(settings)
    with transaction(engine) as session:
        session.add(Cycle(id="nho", year=2020, opened_at=NOON))
        session.flush()
        session.add(Submission(id=1, cycle="nho", kind="marks", received_at=NOON))
        session.flush()
        session.execute(text("INSERT INTO cycle_unit (cycle, unit, position, status_since) VALUES "
                             "('nho', 'so-a', 1, now()), ('nho', 'so-b', 2, now())"))  # fmt: skip
        session.execute(text("INSERT INTO responsibility (cycle, appraiser, code, unit) VALUES "
                             "('nho', 'tham-dinh-a', '1', 'so-a')"))  # fmt: skip
        for unit in ("so-a", "so-b"):
            session.execute(text("INSERT INTO claim (submission, cycle, unit, code) VALUES (1, 'nho', :unit, '1')"),
                            {"unit": unit})  # fmt: skip
    with engine.begin() as connection:
        for _ in range(2):  # safe to run again
            connection.connection.driver_connection.execute(ROLES_SQL)  # as psql would: no placeholders
        for login, role in LOGINS.items():
            connection.exec_driver_sql(f'CREATE ROLE "{login}" LOGIN')
            if role in (Role.UNIT, Role.APPRAISER):
                connection.exec_driver_sql(f"SELECT parindex_party('{login}', 'parindex_{role}')")
            else:
                connection.exec_driver_sql(f'GRANT parindex_{role} TO "{login}"')
    yield settings
    with engine.begin() as connection:
        for login in LOGINS:
            connection.exec_driver_sql(f'DROP ROLE "{login}"')
    engine.dispose()


def as_login(settings: Settings, login: str) -> Settings:
    """The same installation under another login."""
    url = make_url(settings.database_url).set(username=login)
    return replace(settings, database_url=url.render_as_string(hide_password=False))


def workspace_of(settings: Settings, login: str, actor: str = "") -> Workspace:
    """An installation as one login sees it."""
    given = replace(as_login(settings, login), actor=actor)
    return Workspace(given, open_database(given), open_vault(given))


@pytest.mark.parametrize(("login", "role"), LOGINS.items())
def test_who_logged_in_acts_in_the_role_they_were_given(installation: Settings, login: str, role: Role) -> None:
    assert workspace_of(installation, login).identity == Identity(login, frozenset({role}))


def test_the_owner_of_the_tables_may_everything(installation: Settings) -> None:
    owner = make_url(installation.database_url).username or ""
    assert workspace_of(installation, owner).identity == Identity(owner, EVERY_ROLE)


def test_nobody_but_owner_and_worker_acts_in_another_name(installation: Settings) -> None:
    with pytest.raises(WrongCall, match="ba-thu-ky"):
        workspace_of(installation, "ba-thu-ky", "giam-doc").check_may(Doing.STEP)
    assert workspace_of(installation, "may-chay", "giam-doc").actor == "giam-doc (via may-chay)"


def test_a_worker_runs_for_whoever_asked(installation: Settings) -> None:
    asked = request_run(workspace_of(installation, "ba-thu-ky"), "nho", "publish", "")
    worker = workspace_of(installation, "may-chay")
    acting = worker.acting_for(who_asked(worker, "nho", asked))
    with running(acting, "nho", "collect"):
        pass
    with open_database(installation).connect() as connection:
        actors = connection.execute(text("SELECT DISTINCT actor FROM audit_event")).scalars()
        assert set(actors) == {"ba-thu-ky", "ba-thu-ky (via may-chay)"}
    with pytest.raises(WrongCall):
        who_asked(worker, "nho", "made-up")


@pytest.mark.parametrize("login", ["ba-kiem-toan", "so-a", "tham-dinh-a", "ong-quan-tri"])
def test_who_may_not_lock_is_refused_by_the_program(installation: Settings, login: str) -> None:
    with pytest.raises(NotPermitted):
        lock_stage(workspace_of(installation, login), "nho", "self_assessment")


@pytest.mark.parametrize("login", ["so-a", "tham-dinh-a", "may-chay"])
def test_the_closed_annex_is_kept_from_units_appraisers_and_workers(installation: Settings, login: str) -> None:
    with pytest.raises(NotPermitted, match="thư ký / secretariat"):
        workspace_of(installation, login).check_may(Doing.CLOSED)


WRITES = {
    "event": "INSERT INTO audit_event (cycle, seq, actor) VALUES ('nho', 999, '{login}')",
    "mark": "INSERT INTO mark (submission, cycle, unit, code) VALUES (1, 'nho', 'so-a', '1')",
    "status": "UPDATE cycle_unit SET status = 'published' WHERE unit = 'so-a'",
    "cycle": "UPDATE cycle SET settings = '' WHERE id = 'nho'",
    "correction": "INSERT INTO correction (cycle, number, position, recorded_at) VALUES ('nho', 9, 9, now())",
    "commendation": "INSERT INTO commendation (cycle, number, version, recorded_at) VALUES ('nho', 9, 1, now())",
    "lock": "INSERT INTO stage_lock (cycle, stage, at) VALUES ('nho', 'x', now())",
    "drop a trigger": "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    "delete": "DELETE FROM finding",
    "table": "CREATE TABLE public.mine (x text)",
}
MAY_WRITE = {
    Role.SECRETARIAT: {"event", "mark", "status", "cycle", "correction", "commendation", "lock", "delete"},
    Role.COUNCIL: {"event", "correction", "commendation", "lock"},
    Role.AUDITOR: set(),
    Role.ADMIN: {"event", "mark", "status", "delete"},
    Role.SYSTEM: {"event", "mark", "status", "lock", "delete"},
    Role.UNIT: set(),
    Role.APPRAISER: set(),
}


@pytest.mark.parametrize(("login", "role"), LOGINS.items())
def test_the_database_itself_lets_each_role_write_its_own_things_alone(
    installation: Settings, login: str, role: Role
) -> None:
    engine = create_engine(as_login(installation, login).database_url)
    done = {name for name, statement in WRITES.items() if _works(engine, statement.format(login=login))}
    engine.dispose()
    assert done == MAY_WRITE[role]


def _works(engine: Engine, statement: str) -> bool:
    """Whether the database lets this login do it; nothing of it stays."""
    with engine.connect() as connection:
        try:
            connection.exec_driver_sql(statement)
        except ProgrammingError as error:
            if getattr(error.orig, "sqlstate", "") != "42501":  # insufficient privilege
                raise
            return False
        finally:
            connection.rollback()
    return True


@pytest.mark.parametrize("login", ["ba-thu-ky", "may-chay", "ong-hoi-dong"])
def test_nobody_records_an_event_in_another_name(installation: Settings, login: str) -> None:
    engine = create_engine(as_login(installation, login).database_url)
    assert not _works(engine, WRITES["event"].format(login="giam-doc"))
    assert _works(engine, WRITES["event"].format(login=f"giam-doc (via {login})")) == (login == "may-chay")
    engine.dispose()


@pytest.mark.parametrize(
    ("login", "seen"), [("so-a", ["so-a"]), ("tham-dinh-a", ["so-b"]), ("ba-kiem-toan", ["so-a", "so-b"])]
)
def test_units_see_themselves_and_appraisers_every_unit_but_their_own(
    installation: Settings, login: str, seen: list[str]
) -> None:
    with open_database(as_login(installation, login)).connect() as connection:
        assert list(connection.execute(text("SELECT DISTINCT unit FROM claim ORDER BY unit")).scalars()) == seen
