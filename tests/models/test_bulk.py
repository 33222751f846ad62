"""Whole frames go into and come out of the database as they are, in one statement each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count

import numpy as np
import pandas as pd
import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event, select
from sqlalchemy.exc import IntegrityError

from models.rules import frames
from models.storage.bulk import insert_frame, read_frame
from models.storage.database import reading, transaction
from models.tables import Claim, Cycle, CycleUnit, Finding, ReceivedFile, Responsibility, StepRun, Submission

NOON = dt.datetime(2026, 1, 15, 12, 0, tzinfo=dt.UTC)
CLAIM = Claim.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
NAMES = (f"cycle-{number}" for number in count())
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12)  # what UTF-8 can say


def submission(engine: Engine, cycle: str) -> int:
    """A cycle with a submission; gives its id."""
    with transaction(engine) as session:
        session.add(Cycle(id=cycle, year=2020, opened_at=NOON))
        session.flush()
        sent = Submission(cycle=cycle, kind="self_assessment", received_at=NOON)
        session.add(sent)
        session.flush()
        assert sent.id is not None
        return sent.id


def claims(number: int) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series([f"{name} {row}" for row in range(number)], dtype="str") for name in frames.CLAIMS}
    )


@contextmanager
def statements(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """Every statement sent to the database, COPY included."""
    seen: list[str] = []
    copy = psycopg.Cursor.copy

    def copying(cursor: psycopg.Cursor, statement: str, *more: object) -> object:
        seen.append(statement)
        return copy(cursor, statement, *more)

    def executing(connection: object, cursor: object, statement: str, *more: object) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append(statement)

    event.listen(engine, "before_cursor_execute", executing)
    with monkeypatch.context() as patch:
        patch.setattr(psycopg.Cursor, "copy", copying)
        yield seen
    event.remove(engine, "before_cursor_execute", executing)


@settings(max_examples=60)
@given(rows=st.lists(st.tuples(TEXT, TEXT, TEXT), min_size=1, max_size=8))
def test_any_text_comes_back_as_it_was(engine: Engine, rows: list[tuple[str, str, str]]) -> None:
    cycle = next(NAMES)
    sent = submission(engine, cycle)
    given_frame = pd.DataFrame(rows, columns=["unit", "explanation", "location"], dtype="str")
    with transaction(engine) as session:
        insert_frame(session, Claim, given_frame, submission=sent, cycle=cycle)
    with reading(engine) as session:
        columns = [CLAIM[name] for name in given_frame.columns]
        found = read_frame(session, select(*columns).where(CLAIM.cycle == cycle).order_by(CLAIM.id))
    pd.testing.assert_frame_equal(found, given_frame)


def test_text_that_looks_like_something_else_stays_text(engine: Engine) -> None:
    texts = ["\t", "\\N", "\\.", 'a"b', "a\nb\r\nc", "", " ", "NULL", "'; DROP TABLE claim", "ẵ𝄞", "=1+1", "1.10"]
    sent = submission(engine, "nho")
    with transaction(engine) as session:
        frame = pd.DataFrame({"unit": texts}, dtype="str")
        insert_frame(session, Claim, frame, submission=sent, cycle="nho")
    with reading(engine) as session:
        assert list(session.execute(select(CLAIM.unit).order_by(CLAIM.id)).scalars()) == texts


def test_the_number_of_statements_does_not_depend_on_the_number_of_rows(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = submission(engine, "nho")
    for number in (1, 7, 3000):
        with statements(engine, monkeypatch) as seen, transaction(engine) as session:
            insert_frame(session, Claim, claims(number), submission=sent, cycle="nho")
        assert len(seen) == 1
        with statements(engine, monkeypatch) as seen, reading(engine) as session:
            read_frame(session, select(*CLAIM))
        assert len(seen) == 1


def test_what_is_not_named_takes_its_default(engine: Engine) -> None:
    sent = submission(engine, "nho")
    with transaction(engine) as session:
        insert_frame(session, Claim, frames.frame([{"code": "1.1"}], ["code"]), submission=sent, cycle="nho")
        units = frames.frame([{"unit": "a"}], ["unit"])
        insert_frame(session, CycleUnit, units, cycle="nho", status_since=NOON)
    with reading(engine) as session:
        claim, unit = session.get(Claim, 1), session.get(CycleUnit, ("nho", "a"))
        assert claim is not None
        assert unit is not None
        assert (claim.submission, claim.code, claim.met, claim.location) == (sent, "1.1", "", "")
        assert (unit.scored, unit.position, unit.status, unit.status_since) == ("yes", 0, "awaited", NOON)


def test_whole_numbers_are_read_from_text_and_an_empty_one_is_null(engine: Engine) -> None:
    sent = submission(engine, "nho")
    files = frames.frame([{"submission": str(sent), "path": "a", "size": "12"}], ["submission", "path", "size"])
    told = frames.frame([{"submission": "", "check": "x"}], ["submission", "check"])
    with transaction(engine) as session:
        insert_frame(session, ReceivedFile, files)
        insert_frame(session, Finding, told, cycle="nho")
    with reading(engine) as session:
        assert session.execute(select(ReceivedFile.size)).scalar() == 12
        assert session.execute(select(Finding.submission)).scalar() is None


def test_a_number_that_is_none_is_refused(engine: Engine) -> None:
    files = frames.frame([{"submission": "1", "path": "a", "size": "twelve"}], ["submission", "path", "size"])
    with pytest.raises(ValueError, match="twelve"), transaction(engine) as session:
        insert_frame(session, ReceivedFile, files)


def test_a_frame_is_text_whatever_is_stored(engine: Engine) -> None:
    submission(engine, "nho")
    with transaction(engine) as session:
        session.add(StepRun(id="r", cycle="nho", step="collect", started_at=NOON, heartbeat_at=NOON, state="done"))
    with reading(engine) as session:
        sent = Submission.__table__.c  # type: ignore[attr-defined]
        found = read_frame(session, select(sent.version, sent.late, sent.received_at, sent.party))
        assert found.to_dict("list") == {
            "version": ["1"], "late": ["no"], "received_at": ["2026-01-15T12:00:00+00:00"], "party": [""],
        }  # fmt: skip
        ended = read_frame(session, select(StepRun.__table__.c.ended_at))  # type: ignore[attr-defined]
        assert ended.to_dict("list") == {"ended_at": [""]}
        assert {str(kind) for kind in [*found.dtypes, *ended.dtypes]} == {"str"}


def test_no_rows_make_an_empty_frame_of_text(engine: Engine) -> None:
    submission(engine, "nho")
    with transaction(engine) as session:
        insert_frame(session, Claim, claims(0), submission=1, cycle="nho")
    with reading(engine) as session:
        found = read_frame(session, select(CLAIM.unit, CLAIM.code))
    assert found.columns.tolist() == ["unit", "code"]
    assert len(found) == 0
    assert [str(kind) for kind in found.dtypes] == ["str", "str"]


@pytest.mark.parametrize(
    ("frame", "said"),
    [
        (pd.DataFrame({"unit": ["a"], "colour": ["red"]}, dtype="str"), "no column colour"),
        (pd.DataFrame({"unit": pd.Series(["a", np.nan], dtype="str")}), "NaN"),
    ],
)
def test_a_frame_that_does_not_fit_is_refused(engine: Engine, frame: pd.DataFrame, said: str) -> None:
    with pytest.raises(ValueError, match=said), transaction(engine) as session:
        insert_frame(session, Claim, frame, submission=1, cycle="nho")


def test_rows_that_clash_are_told_as_everywhere_and_none_of_them_stays(engine: Engine) -> None:
    submission(engine, "nho")
    twice = frames.frame([{"appraiser": "a", "code": "1"}] * 2, ["appraiser", "code"])
    with pytest.raises(IntegrityError), transaction(engine) as session:
        insert_frame(session, Responsibility, twice, cycle="nho")
    with reading(engine) as session:
        assert session.execute(select(Responsibility)).first() is None
