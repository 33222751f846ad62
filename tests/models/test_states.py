"""The table of moves is complete: every status has an owner and a way in, and none is a dead end by mistake."""

import pytest

from models.rules.states import MOVES, TURNS, Status, may_move, target


def test_every_status_has_an_owner_and_words_in_both_languages() -> None:
    assert set(TURNS) == set(Status)
    assert all(turn.owner and turn.vi and turn.en for turn in TURNS.values())


def test_every_status_but_the_first_is_reached_and_only_locked_is_final() -> None:
    assert {move.target for move in MOVES} == set(Status) - {Status.AWAITED}
    assert set(Status) - {move.origin for move in MOVES} == {Status.LOCKED}


def test_one_action_leads_from_a_status_to_one_status() -> None:
    assert len({(move.origin, move.action) for move in MOVES}) == len(MOVES)


@pytest.mark.parametrize("action", ["submit", "return", "validate", "settle", "reopen", "lock"])
def test_a_published_cycle_cannot_be_marked_or_resubmitted(action: str) -> None:
    assert not may_move(Status.PUBLISHED, action)


def test_an_unknown_move_is_a_bug() -> None:
    with pytest.raises(KeyError):
        target(Status.LOCKED, "publish")
