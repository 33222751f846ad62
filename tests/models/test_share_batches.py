"""Batches of a step: one holder each, nothing twice, what a dead worker held is taken again."""

from __future__ import annotations

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from models.actions.run_step import running
from models.actions.share_batches import ATTEMPTS, LEASE, Batch, holding, outcomes, share_out, standing, take_batch
from models.rules.errors import NotAllowedNow, StepFailed
from models.storage.database import open_database, transaction
from models.storage.settings import Settings
from models.storage.vault import open_vault
from models.storage.workspace import Workspace
from models.tables import Cycle

NOON = dt.datetime(2026, 1, 15, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def work(settings: Settings) -> Workspace:
    opened = Workspace(settings, open_database(settings), open_vault(settings), now=lambda: NOON)
    with transaction(opened.engine) as session:
        session.add(Cycle(id="nho", year=2020, opened_at=NOON))
    return opened


def work_and_account(work: Workspace, batch: Batch) -> None:
    """Do something and account for it, in one transaction."""
    with transaction(work.engine) as session:
        session.add(Cycle(id="half", year=2020, opened_at=NOON))
        session.flush()
        batch.done(session, "late")


def at(work: Workspace, later: dt.timedelta) -> Workspace:
    """The same installation, some time later."""
    return replace(work, now=lambda: NOON + later)


def test_every_batch_is_done_once_whoever_takes_it(work: Workspace) -> None:
    with running(work, "nho", "collect") as record:
        numbers = share_out(work, record.id, "collect", [[f"u{n}"] for n in range(20)])

        def help_out(_: int) -> list[str]:
            mine = []
            while (batch := take_batch(work, record.id)) is not None:
                with holding(work, batch), transaction(work.engine) as session:
                    batch.done(session, batch.items[0])
                mine += batch.items
            return mine

        with ThreadPoolExecutor(4) as helpers:
            shares = list(helpers.map(help_out, range(4)))
        assert sorted(unit for share in shares for unit in share) == sorted(f"u{n}" for n in range(20))
        assert outcomes(work, record.id, numbers) == [f"u{n}" for n in range(20)]
        assert standing(work, record.id, numbers).counts == {"done": 20}


def test_what_a_dead_worker_held_is_taken_again_and_it_commits_nothing_more(work: Workspace) -> None:
    with running(work, "nho", "collect") as record:
        numbers = share_out(work, record.id, "collect", [["a"], ["b"]])
        dead = take_batch(work, record.id)
        assert dead is not None
        assert take_batch(work, record.id) is not None
        assert take_batch(at(work, LEASE / 2), record.id) is None
        again = take_batch(at(work, LEASE * 2), record.id)
        assert again is not None
        assert again.items == dead.items
        with pytest.raises(NotAllowedNow):
            work_and_account(work, dead)
        with transaction(work.engine) as session:
            assert session.get(Cycle, "half") is None
            again.done(session, "in time")
        assert outcomes(work, record.id, numbers[:1]) == ["in time"]


def test_a_batch_that_fails_goes_back_and_fails_for_good_after_a_few_attempts(work: Workspace) -> None:
    with running(work, "nho", "collect") as record:
        numbers = share_out(work, record.id, "collect", [["a"]])
        for _ in range(ATTEMPTS):
            batch = take_batch(work, record.id)
            assert batch is not None
            with pytest.raises(StepFailed), holding(work, batch):
                raise StepFailed("kho mất / the vault is gone")
        found = standing(work, record.id, numbers)
        assert (found.open, found.errors) == (0, ("kho mất / the vault is gone",))
        assert take_batch(work, record.id) is None


def test_nobody_takes_a_batch_of_a_run_that_has_ended(work: Workspace) -> None:
    with running(work, "nho", "collect") as record:
        share_out(work, record.id, "collect", [["a"], ["b"]])
        held = take_batch(work, record.id)
    assert held is not None
    assert take_batch(at(work, LEASE * 2), record.id) is None
    with pytest.raises(NotAllowedNow):
        work_and_account(work, held)
