"""The audit chain is what its description says, and nobody changes it unseen."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event, text
from sqlmodel import Session

from models.storage.audit_chain import GENESIS, Head, NewEvent, append, head, lines, opened, verify
from models.storage.database import reading, transaction
from models.tables import Cycle, Publication

NOON = dt.datetime(2026, 1, 15, 19, 0, 0, 5, tzinfo=dt.timezone(dt.timedelta(hours=7)))
# The head of `story` with the salts of `salts`: the same on every database, machine and version.
KNOWN_HEAD = "d1a33a328f163438e2640821c0a5d39b167f671828e0e666dab3139e39dba3d7"


def salts() -> Callable[[], str]:
    numbers = count()
    return lambda: f"{next(numbers):032x}"


def story(units: tuple[str, ...] = ("so-noi-vu", "ban-kín", "", "so-noi-vu", "ban-kín")) -> list[NewEvent]:
    return [
        NewEvent("received", unit, f"self_assessment:{unit}", None, {"version": number, "tệp": ["a", "b"]}, "")
        for number, unit in enumerate(units, start=1)
    ]


def tell(engine: Engine, cycle: str = "nho", events: list[NewEvent] | None = None) -> Head:
    with transaction(engine) as session:
        return append(session, cycle, story() if events is None else events, at=NOON, actor="lan", salts=salts())


def exported(engine: Engine, hidden: frozenset[str] = frozenset()) -> list[dict[str, Any]]:
    with reading(engine) as session:
        return [json.loads(line) for line in lines(session, "nho", hidden)]


def canonical(value: object) -> bytes:
    return json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def sha256(value: object) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def problems(engine: Engine) -> tuple[str, ...]:
    with reading(engine) as session:
        return verify(session, "nho").problems


@contextmanager
def intruder(engine: Engine) -> Iterator[Session]:
    """Somebody with the rights of the database's owner, who takes the locks off first."""
    with transaction(engine) as session:
        if engine.dialect.name == "sqlite":
            for verb in ("update", "delete"):
                session.execute(text(f"DROP TRIGGER audit_event_refuses_{verb}"))
        else:
            session.execute(text("ALTER TABLE audit_event DISABLE TRIGGER ALL"))
        yield session


def test_every_event_is_bound_to_its_content_and_to_the_one_before(engine: Engine) -> None:
    tell(engine)
    previous = "0" * 64
    found = exported(engine)
    for seq, line in enumerate(found, start=1):
        assert set(line) == {
            "seq", "at", "actor", "action", "cycle", "content_digest", "previous", "digest", "content",
        }  # fmt: skip
        assert set(line["content"]) == {"salt", "unit", "object", "before", "after", "reason"}
        assert line["content_digest"] == sha256(line["content"])
        assert line["digest"] == sha256({key: line[key] for key in line if key not in ("digest", "content")})
        assert (line["seq"], line["previous"], line["cycle"], line["actor"]) == (seq, previous, "nho", "lan")
        assert line["at"] == "2026-01-15T12:00:00.000005Z"
        previous = line["digest"]
    assert len(found) == 5


def test_the_same_events_make_the_same_chain_on_every_database(engine: Engine) -> None:
    assert tell(engine) == Head(5, KNOWN_HEAD)
    with reading(engine) as session:
        assert head(session, "nho") == Head(5, KNOWN_HEAD)


def test_lines_are_canonical_json(engine: Engine) -> None:
    tell(engine)
    with reading(engine) as session:
        for line in [*lines(session, "nho", {"ban-kín"}), *opened(session, "nho", {"ban-kín"})]:
            assert line.encode() == canonical(json.loads(line))


def test_every_cycle_has_a_chain_of_its_own(engine: Engine) -> None:
    tell(engine, "a")
    tell(engine, "b")
    assert tell(engine, "a").count == 10
    with reading(engine) as session:
        assert head(session, "b").count == 5
        assert head(session, "nobody") == Head(0, GENESIS)
        assert verify(session, "a").problems == verify(session, "b").problems == ()


def test_events_of_hidden_units_stay_in_the_chain_without_their_content(engine: Engine) -> None:
    tell(engine)
    shown = exported(engine, frozenset({"ban-kín"}))
    assert ["content" in line for line in shown] == [True, False, True, True, False]
    assert "ban-kín" not in json.dumps(shown, ensure_ascii=False)
    assert [line["digest"] for line in shown] == [line["digest"] for line in exported(engine)]


def test_the_annex_opens_exactly_what_was_hidden(engine: Engine) -> None:
    tell(engine)
    sealed = {line["seq"]: line["content_digest"] for line in exported(engine)}
    with reading(engine) as session:
        found = [json.loads(line) for line in opened(session, "nho", {"ban-kín"})]
    assert [line["seq"] for line in found] == [2, 5]
    assert all(sha256(line["content"]) == sealed[line["seq"]] for line in found)
    assert {line["content"]["unit"] for line in found} == {"ban-kín"}


def test_without_salts_of_ones_own_each_event_gets_one_nobody_can_guess(engine: Engine) -> None:
    with transaction(engine) as session:
        append(session, "nho", story() * 4, at=NOON, actor="lan")
    found = {line["content"]["salt"] for line in exported(engine)}
    assert len(found) == 20
    assert {len(salt) for salt in found} == {32}


def test_a_sound_chain_has_no_problems(engine: Engine) -> None:
    tell(engine)
    last = tell(engine)
    with reading(engine) as session:
        found = verify(session, "nho")
    assert (found.problems, found.count, found.head) == ((), 10, last.digest)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("UPDATE audit_event SET content = replace(content, 'so-noi-vu', 'so-tu-phap') WHERE seq = 4", "event 4"),
        ("UPDATE audit_event SET content = 'nothing' WHERE seq = 3", "event 3"),
        ("UPDATE audit_event SET unit = 'so-tu-phap' WHERE seq = 4", "event 4"),
        ("UPDATE audit_event SET actor = 'another' WHERE seq = 2", "event 2"),
        ("UPDATE audit_event SET at = '2026-01-14T12:00:00.000005Z' WHERE seq = 1", "event 1"),
        ("UPDATE audit_event SET digest = previous WHERE seq = 5", "event 5"),
        ("DELETE FROM audit_event WHERE seq = 1", "event 1 is missing"),
        ("DELETE FROM audit_event WHERE seq IN (3, 4)", "event 3 is missing"),
    ],
)
def test_the_first_event_that_was_changed_or_taken_away_is_named(engine: Engine, change: str, said: str) -> None:
    tell(engine)
    with intruder(engine) as session:
        session.execute(text(change))
    assert len(problems(engine)) == 1
    assert said in problems(engine)[0]


def test_two_events_that_changed_places_are_seen(engine: Engine) -> None:
    tell(engine)
    with intruder(engine) as session:
        for old, new in ((2, 99), (3, 2), (99, 3)):
            session.execute(text(f"UPDATE audit_event SET seq = {new} WHERE seq = {old}"))
    assert "event 2 does not follow the one before" in problems(engine)[0]


def test_an_event_that_was_slipped_in_is_seen(engine: Engine) -> None:
    tell(engine)
    tell(engine, "forged", story(("so-tu-phap",) * 3))
    with intruder(engine) as session:
        for seq in (5, 4, 3):
            session.execute(text(f"UPDATE audit_event SET seq = {seq + 1} WHERE cycle = 'nho' AND seq = {seq}"))
        session.execute(text("UPDATE audit_event SET cycle = 'nho' WHERE cycle = 'forged' AND seq = 3"))
    assert "event 3 does not follow the one before" in problems(engine)[0]


def test_events_cut_off_at_the_end_are_seen_once_a_publication_counted_them(engine: Engine) -> None:
    last = tell(engine)
    with transaction(engine) as session:
        session.add(Cycle(id="nho", year=2020, opened_at=NOON))
        session.flush()
        session.add(
            Publication(
                cycle="nho", version=1, published_at=NOON, audit_events=last.count, audit_head=last.digest
            )
        )  # fmt: skip
    tell(engine)
    assert problems(engine) == ()
    with intruder(engine) as session:
        session.execute(text("DELETE FROM audit_event WHERE seq > 4"))
    assert "version 1 was published with 5 events" in problems(engine)[0]


def test_an_event_of_a_transaction_that_broke_off_never_was(engine: Engine) -> None:
    tell(engine)

    def interrupted() -> None:
        with transaction(engine) as session:
            append(session, "nho", story(), at=NOON, actor="lan", salts=salts())
            raise RuntimeError("the power went off")

    with pytest.raises(RuntimeError):
        interrupted()
    assert tell(engine).count == 10
    assert problems(engine) == ()


def test_many_writers_make_one_chain_without_gaps(engine: Engine) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: tell(engine), range(24)))
    with reading(engine) as session:
        found = verify(session, "nho")
    assert (found.problems, found.count) == ((), 120)


def test_the_number_of_statements_does_not_depend_on_the_number_of_events(engine: Engine) -> None:
    seen: list[str] = []
    event.listen(engine, "before_cursor_execute", lambda *told: seen.append(told[2]))
    numbers = []
    for many in (1, 500):
        seen.clear()
        tell(engine, "nho", story(("so-noi-vu",) * many))
        numbers.append(len(seen))
    assert numbers[0] == numbers[1]


def test_no_events_leave_the_chain_as_it_is(engine: Engine) -> None:
    last = tell(engine)
    assert tell(engine, events=[]) == last


def test_a_moment_without_its_zone_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="zone"), transaction(engine) as session:
        append(session, "nho", story(), at=NOON.replace(tzinfo=None), actor="lan")


def test_what_json_cannot_say_is_refused(engine: Engine) -> None:
    with pytest.raises(ValueError, match="JSON"):
        tell(engine, events=[NewEvent("marked", "a", "mark", None, float("nan"), "")])
