"""What the tables promise, on SQLite and on PostgreSQL alike; and transactions, whole or not at all."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import Engine, inspect, select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, StatementError
from sqlmodel import Session, SQLModel

from models import tables
from models.rules import frames
from models.rules.errors import StepFailed
from models.storage import database
from models.storage.bulk import insert_frame, read_frame
from models.storage.database import open_database, reading, transaction
from models.storage.settings import Settings

NOON = dt.datetime(2026, 1, 15, 12, 0, 0, 123456, tzinfo=dt.UTC)
HANOI = dt.timezone(dt.timedelta(hours=7))


def opened_cycle(session: Session, name: str = "dien-bien-2020") -> int:
    """A cycle with one submission; gives the submission's id."""
    session.add(tables.Cycle(id=name, year=2020, opened_at=NOON))
    session.flush()
    sent = tables.Submission(cycle=name, kind="self_assessment", party="so-noi-vu", received_at=NOON)
    session.add(sent)
    session.flush()
    assert sent.id is not None
    return sent.id


def run(name: str, state: str, cycle: str = "nho") -> tables.StepRun:
    return tables.StepRun(id=name, cycle=cycle, step="collect", started_at=NOON, heartbeat_at=NOON, state=state)


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        (tables.Claim, (*frames.CLAIMS, "location")),
        (tables.Mark, (*(name for name in frames.MARKS if name != "correction"), "location")),
        (tables.EvidenceDocument, (*(name for name in frames.EVIDENCE if name != "kind"), "location")),
        (tables.SurveyCount, frames.SURVEY_COUNTS),
        (tables.SurveyValid, frames.SURVEY_VALID),
        (tables.Statistic, frames.STATISTICS),
        (tables.Adjustment, frames.ADJUSTMENTS),
        (tables.Exemption, frames.EXEMPTIONS),
        (tables.PreviousResult, frames.PREVIOUS),
        (tables.EarlierResult, frames.HISTORY),
        (tables.PreviousScore, frames.PREVIOUS_SCORES),
        (tables.Crosswalk, frames.CROSSWALK),
    ],
)
def test_a_table_of_rows_has_the_columns_of_its_frame(table: type[SQLModel], columns: tuple[str, ...]) -> None:
    stored = table.__table__.columns.keys()  # type: ignore[attr-defined]  # set by SQLModel
    assert stored == ["id", "submission", "cycle", *columns]


def test_units_and_responsibilities_have_the_columns_of_their_frames() -> None:
    units = tables.CycleUnit.__table__.columns.keys()  # type: ignore[attr-defined]
    assert sorted(units) == sorted(["cycle", *frames.REGISTERED, "position", "status", "status_since"])
    responsible = tables.Responsibility.__table__.columns.keys()  # type: ignore[attr-defined]
    assert sorted(responsible) == sorted(["cycle", *frames.RESPONSIBILITIES])


def test_no_text_is_ever_null_and_what_is_not_given_is_empty(engine: Engine) -> None:
    found = inspect(engine)
    for table in SQLModel.metadata.tables:
        keys = found.get_pk_constraint(table)["constrained_columns"]
        for column in found.get_columns(table):
            if column["type"].python_type is str:
                assert not column["nullable"], (table, column["name"])
                assert column["name"] in keys or str(column["default"]).startswith("'"), (table, column["name"])


def test_text_sorts_by_code_point_whatever_the_language_of_the_server(engine: Engine) -> None:
    names = ["a", "Đ", "b", "B", "ă", "z", "á", "Z", "_", "1.10", "1.2", "đ"]
    with transaction(engine) as session:
        opened_cycle(session, "nho")
        for name in names:
            session.add(tables.CycleUnit(cycle="nho", unit=name, status_since=NOON))
    with reading(engine) as session:
        found = session.execute(select(tables.CycleUnit.unit).order_by(tables.CycleUnit.unit)).scalars()
        assert list(found) == sorted(names)
    if engine.dialect.name == "postgresql":
        with engine.connect() as connection:
            other = connection.execute(
                text(
                    "SELECT c.relname, a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid "
                    "JOIN pg_collation l ON l.oid = a.attcollation JOIN pg_namespace n ON n.oid = c.relnamespace "
                    "WHERE n.nspname = 'public' AND c.relkind = 'r' AND l.collname <> 'C' "
                    "AND c.relname <> 'alembic_version'"
                )
            ).all()
        assert other == []


def test_a_moment_comes_back_as_the_same_moment_in_utc(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(tables.Cycle(id="nho", year=2020, opened_at=NOON.astimezone(HANOI)))
    with reading(engine) as session:
        cycle = session.get(tables.Cycle, "nho")
        assert cycle is not None
        assert cycle.opened_at == NOON
        assert cycle.opened_at.utcoffset() == dt.timedelta(0)


def test_a_moment_without_its_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(StatementError, match="without its zone"), transaction(engine) as session:
        session.add(tables.Cycle(id="nho", year=2020, opened_at=NOON.replace(tzinfo=None)))


def test_words_the_database_reserves_are_columns_like_others(engine: Engine) -> None:
    with transaction(engine) as session:
        sent = opened_cycle(session)
        session.add(tables.SurveyValid(submission=sent, unit="a", code="1", group="người dân", valid="3"))
        session.add(tables.Finding(cycle="dien-bien-2020", check="file-absent", submission=sent))
        frame = frames.frame([{"unit": "b", "code": "1", "group": "lãnh đạo", "valid": "1"}], frames.SURVEY_VALID)
        insert_frame(session, tables.SurveyValid, frame, submission=sent, cycle="dien-bien-2020")
        old = frames.frame([{"unit": "b", "index": "76.23", "rank": "5"}], frames.PREVIOUS)
        insert_frame(session, tables.PreviousResult, old, submission=sent, cycle="dien-bien-2020")
    with reading(engine) as session:
        by = tables.SurveyValid.__table__.c  # type: ignore[attr-defined]
        found = read_frame(session, select(by.group, by.valid).order_by(by.group))
        assert found.to_dict("list") == {"group": ["lãnh đạo", "người dân"], "valid": ["1", "3"]}
        assert session.execute(select(tables.Finding.check)).scalar() == "file-absent"
        assert session.execute(select(tables.PreviousResult.index)).scalar() == "76.23"


def test_one_step_of_a_cycle_runs_at_a_time(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add_all([run("1", "running"), run("2", "done"), run("3", "done"), run("4", "running", "other")])
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(run("5", "running"))
    with transaction(engine) as session:
        first = session.get(tables.StepRun, "1")
        assert first is not None
        first.state = "done"
        session.flush()
        session.add(run("6", "running"))


def test_a_version_of_a_submission_exists_once(engine: Engine) -> None:
    with transaction(engine) as session:
        opened_cycle(session, "nho")
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(tables.Submission(cycle="nho", kind="self_assessment", party="so-noi-vu", received_at=NOON))


def test_rows_belong_to_a_submission_and_that_to_a_cycle(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(tables.Claim(submission=77, cycle="nho", unit="a", code="1"))
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(tables.Submission(cycle="unknown", kind="marks", received_at=NOON))


def test_a_transaction_that_breaks_off_leaves_nothing(engine: Engine) -> None:
    def interrupted() -> None:
        with transaction(engine) as session:
            sent = opened_cycle(session)
            claims = frames.frame([{"unit": "a", "code": "1"}], frames.CLAIMS)
            insert_frame(session, tables.Claim, claims, submission=sent, cycle="dien-bien-2020")
            raise RuntimeError("the power went off")

    with pytest.raises(RuntimeError):
        interrupted()
    with reading(engine) as session:
        for table in (tables.Cycle, tables.Submission, tables.Claim):
            assert session.execute(select(table)).first() is None


def test_a_reader_sees_one_state_while_others_write(engine: Engine) -> None:
    with transaction(engine) as session:
        session.add(tables.Cycle(id="a", year=2020, opened_at=NOON))
    with reading(engine) as reader:
        before = reader.execute(select(tables.Cycle.id)).scalars().all()
        with transaction(engine) as writer:
            writer.add(tables.Cycle(id="b", year=2021, opened_at=NOON))
        assert reader.execute(select(tables.Cycle.id)).scalars().all() == before == ["a"]
    with reading(engine) as reader:
        assert len(reader.execute(select(tables.Cycle.id)).all()) == 2


def test_a_reader_cannot_write(engine: Engine) -> None:
    def write() -> None:
        with reading(engine) as session:
            session.add(tables.Cycle(id="a", year=2020, opened_at=NOON))
            session.commit()

    with pytest.raises(DatabaseError, match=r"read-?only"):
        write()
    with transaction(engine) as session:
        session.add(tables.Cycle(id="a", year=2020, opened_at=NOON))


def test_a_writer_who_waited_in_vain_on_sqlite_is_told_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(database, "WAIT_SECONDS", 0.1)
    pragmas = ("busy_timeout=100", *database._PRAGMAS[1:])
    monkeypatch.setattr(database, "_PRAGMAS", pragmas)
    engine = open_database(Settings.from_environment({"PARINDEX_HOME": str(tmp_path)}, "lan"))
    with transaction(engine) as first:
        first.add(tables.Cycle(id="a", year=2020, opened_at=NOON))
        first.flush()
        with pytest.raises(StepFailed, match="locked"), transaction(engine) as second:
            second.add(tables.Cycle(id="b", year=2020, opened_at=NOON))


def test_the_rows_of_a_frame_keep_their_order(engine: Engine) -> None:
    codes = [f"1.{number}" for number in range(500, 0, -1)]
    with transaction(engine) as session:
        sent = opened_cycle(session)
        claims = pd.DataFrame({"unit": "a", "code": codes}, dtype="str")
        insert_frame(session, tables.Claim, claims, submission=sent, cycle="dien-bien-2020")
    with reading(engine) as session:
        assert list(session.execute(select(tables.Claim.code).order_by(tables.Claim.id)).scalars()) == codes
