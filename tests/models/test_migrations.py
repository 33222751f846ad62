"""The migrated database is the one the tables describe, whoever opens it first, and it refuses to forget."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, Executable, make_url, select, text
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, SQLModel

from models import tables
from models.rules.errors import PersonError, StepFailed, WrongCall
from models.storage.database import MIGRATIONS, open_database, reading, transaction
from models.storage.settings import Settings
from models.tables.mark import ASKING, Mark

NOON = dt.datetime(2026, 1, 15, 12, 0, tzinfo=dt.UTC)
RECORDS = {
    "submission": "outcome", "received_file": "sha256", "claim": "points", "evidence_document": "title",
    "explanation": "text", "mark": "points", "survey_count": "count", "survey_valid": "valid",
    "survey_sample": "sent", "statistic": "points", "adjustment": "points", "exemption": "reason",
    "previous_result": "rank", "earlier_result": "source", "previous_score": "final", "crosswalk": "reference",
    "correction": "body", "commendation": "body", "publication": "manifest_sha256",
    "publication_file": "sha256", "audit_event": "actor",
}  # fmt: skip


def one_of_each(session: Session) -> None:
    """A row in every table that only grows."""
    session.add(tables.Cycle(id="nho", year=2020, opened_at=NOON))
    session.flush()
    session.add(tables.Submission(id=1, cycle="nho", kind="marks", received_at=NOON))
    session.flush()
    session.add(tables.ReceivedFile(submission=1, path="a", size=1))
    for table in (
        tables.Claim, tables.EvidenceDocument, tables.Explanation, tables.Mark, tables.SurveyCount,
        tables.SurveyValid, tables.SurveySample, tables.Statistic, tables.Adjustment, tables.Exemption,
        tables.PreviousResult, tables.EarlierResult, tables.PreviousScore, tables.Crosswalk,
    ):  # fmt: skip
        session.add(table(submission=1, cycle="nho"))
    session.add(tables.Correction(cycle="nho", number=1, position=0, recorded_at=NOON))
    session.add(tables.Commendation(cycle="nho", number=1, version=1, recorded_at=NOON))
    session.add(tables.Publication(cycle="nho", version=1, published_at=NOON, audit_events=1))
    session.add(tables.PublicationFile(cycle="nho", version=1, annex=False, path="a", size=1))
    session.add(tables.AuditEvent(cycle="nho", seq=1))


def differences(connection: Connection) -> list[object]:
    """What alembic would still have to change; it cannot compare an empty default on SQLite."""
    options = {"compare_type": True, "compare_server_default": connection.dialect.name == "postgresql"}
    return list(compare_metadata(MigrationContext.configure(connection, opts=options), SQLModel.metadata))


def test_the_migrated_schema_is_the_one_the_tables_describe(engine: Engine) -> None:
    with engine.connect() as connection:
        assert differences(connection) == []


def test_a_difference_would_be_seen(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("ALTER TABLE cycle_unit ADD COLUMN colour TEXT"))
        connection.execute(text("DROP INDEX one_running_step_per_cycle"))
        assert len(differences(connection)) == 2


def test_migrations_are_numbered_and_follow_one_another() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    scripts = list(ScriptDirectory.from_config(config).walk_revisions())[::-1]
    assert [one.revision for one in scripts] == [f"{number:04}" for number in range(1, len(scripts) + 1)]
    assert all(Path(one.path).name.startswith(f"{one.revision}_") for one in scripts)


def test_what_was_recorded_is_neither_changed_nor_deleted(engine: Engine) -> None:
    verbs = {"UPDATE": "UPDATE {table} SET {column} = 'other'", "DELETE": "DELETE FROM {table}"}
    if engine.dialect.name == "postgresql":
        verbs["TRUNCATE"] = "TRUNCATE {table} CASCADE"
    with transaction(engine) as session:
        one_of_each(session)
    for table, column in RECORDS.items():
        for verb, statement in verbs.items():
            attempt = text(statement.format(table=table, column=f'"{column}"'))
            with pytest.raises(IntegrityError, match=rf"\w+: .* append-only: {verb} refused") as caught:
                refused(engine, attempt)
            assert verb == "TRUNCATE" or table in str(caught.value)  # CASCADE starts with another table
        with reading(engine) as session:
            assert session.execute(text(f'SELECT "{column}" FROM {table}')).scalars().all() == [""]


def refused(engine: Engine, statement: Executable) -> None:
    with transaction(engine) as session:
        session.execute(statement)


def test_replacing_a_record_on_sqlite_is_changing_it(tmp_path: Path) -> None:
    engine = open_database(Settings.from_environment({"PARINDEX_HOME": str(tmp_path)}, "lan"))
    with transaction(engine) as session:
        one_of_each(session)
    with pytest.raises(IntegrityError, match="append-only"), transaction(engine) as session:
        session.execute(text("INSERT OR REPLACE INTO audit_event (cycle, seq, actor) VALUES ('nho', 1, 'other')"))


def test_everything_a_submission_brings_only_grows() -> None:
    brought = {name for name, table in SQLModel.metadata.tables.items() if "submission" in table.c}
    assert brought - {"finding"} <= set(RECORDS)


def test_several_processes_may_open_a_new_installation_at_once(settings: Settings) -> None:
    script = "import os; from models.storage.workspace import open_workspace; open_workspace()"
    environ = os.environ | {
        "PARINDEX_HOME": str(settings.home),
        "PARINDEX_DATABASE_URL": settings.database_url,
        "PARINDEX_STORE_URL": settings.store_url,
    }
    started = [subprocess.Popen([sys.executable, "-c", script], env=environ) for _ in range(4)]
    assert [one.wait(120) for one in started] == [0, 0, 0, 0]
    with open_database(settings).connect() as connection:
        assert differences(connection) == []


def test_who_opens_a_sqlite_file_waits_for_who_is_making_it(tmp_path: Path) -> None:
    settings = Settings.from_environment({"PARINDEX_HOME": str(tmp_path)}, "lan")
    with ThreadPoolExecutor(1) as pool, open(tmp_path / "parindex.sqlite.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        waiting = pool.submit(open_database, settings)
        with pytest.raises(TimeoutError):
            waiting.result(0.5)
        assert not (tmp_path / "parindex.sqlite").exists()
        fcntl.flock(lock, fcntl.LOCK_UN)
        waiting.result(30).dispose()


def test_opening_again_does_not_wait_for_a_writer(engine: Engine, tmp_path: Path) -> None:
    again = Settings.from_environment({"PARINDEX_HOME": str(tmp_path / "home")}, "lan")
    again = replace(again, database_url=engine.url.render_as_string(hide_password=False))
    with transaction(engine) as session:
        session.add(tables.Cycle(id="long", year=2020, opened_at=NOON))
        session.flush()
        other = open_database(again)
        with reading(other) as reader:
            assert reader.get(tables.Cycle, "long") is None
        other.dispose()


def test_a_database_of_a_newer_version_is_left_alone(engine: Engine, tmp_path: Path) -> None:
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    url = engine.url.render_as_string(hide_password=False)
    settings = Settings.from_environment({"PARINDEX_HOME": str(tmp_path), "PARINDEX_DATABASE_URL": url}, "lan")
    with pytest.raises(WrongCall, match="9999"):
        open_database(settings)


@pytest.mark.parametrize(
    "url",
    [
        "nonsense",
        "mysql://u@h/d",
        "postgresql+psycopg2://u@h/d",
        "postgresql+psycopg://u:bimat@h:port/d",
        "sqlite+x:///f",
    ],
)
def test_an_address_that_cannot_be_one_is_a_wrong_call(tmp_path: Path, url: str) -> None:
    settings = Settings.from_environment({"PARINDEX_HOME": str(tmp_path), "PARINDEX_DATABASE_URL": url}, "lan")
    with pytest.raises(WrongCall, match="PARINDEX_DATABASE_URL") as caught:
        open_database(settings)
    assert "bimat" not in str(caught.value)


@pytest.mark.parametrize("query", ["", "?password=bimat"])
def test_a_server_that_does_not_answer_is_told_without_the_password(tmp_path: Path, query: str) -> None:
    url = f"postgresql+psycopg://u:bimat@127.0.0.1:9/d{query}"
    settings = Settings.from_environment({"PARINDEX_HOME": str(tmp_path), "PARINDEX_DATABASE_URL": url}, "lan")
    with pytest.raises(StepFailed, match=r"127\.0\.0\.1:9/d") as caught:
        open_database(settings)
    assert "bimat" not in str(caught.value)


def test_a_database_that_does_not_exist_is_told(tmp_path: Path, postgres_server: Callable[[], str]) -> None:
    url = make_url(postgres_server()).set(database="no_such").render_as_string(hide_password=False)
    settings = Settings.from_environment({"PARINDEX_HOME": str(tmp_path), "PARINDEX_DATABASE_URL": url}, "lan")
    with pytest.raises(StepFailed, match="no_such"):
        open_database(settings)


def test_files_that_are_no_database_are_told(tmp_path: Path) -> None:
    settings = Settings.from_environment({"PARINDEX_HOME": str(tmp_path / "home")}, "lan")
    text_file = tmp_path / "thư.sqlite"
    text_file.write_text("Kính gửi Sở Nội vụ, " * 100)
    for place in (text_file, tmp_path):
        with pytest.raises(PersonError):
            open_database(replace(settings, database_url=f"sqlite:///{place}"))
    with pytest.raises(PersonError):
        open_database(replace(settings, home=text_file))


def test_sqlite_writes_through_to_the_disk_before_it_says_done(tmp_path: Path) -> None:
    engine = open_database(Settings.from_environment({"PARINDEX_HOME": str(tmp_path)}, "lan"))
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30000}
    with engine.connect() as connection:
        found = {name: connection.execute(text(f"PRAGMA {name}")).scalar() for name in expected}
    assert found == expected
    assert sqlite3.threadsafety == 3


def test_one_units_rows_and_what_is_asked_are_found_without_reading_the_others(tmp_path: Path) -> None:
    engine = open_database(Settings.from_environment({"PARINDEX_HOME": str(tmp_path)}, "lan"))
    marks = Mark.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    here = marks.cycle == "nho"
    asked = {
        "ix_mark_cycle (cycle=? AND submission=?)": select(Mark).where(here, marks.submission.in_([1, 2])),
        "ix_mark_asking (cycle=?)": select(marks.unit).where(here, ASKING).distinct(),
    }
    with engine.connect() as connection:
        for index, statement in asked.items():
            words = str(statement.compile(engine, compile_kwargs={"literal_binds": True}))
            plan = connection.execute(text(f"EXPLAIN QUERY PLAN {words}")).all()
            assert any(f"USING INDEX {index}" in str(step) for step in plan), plan
        whole = select(Mark).where(here).order_by(marks.submission, marks.id)
        plan = connection.execute(
            text(f"EXPLAIN QUERY PLAN {whole.compile(compile_kwargs={'literal_binds': True})}")
        ).all()
        assert "TEMP B-TREE" not in str(plan)  # in order of arrival without sorting
