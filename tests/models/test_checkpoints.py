"""Checkpoints: short texts that show later that nobody computed the chain anew."""

from __future__ import annotations

import pytest

from models.rules.errors import VerificationFailed, WrongCall
from models.storage.audit_chain import Head
from models.storage.checkpoints import checkpoint_text, read_checkpoint

KEY = "11" * 32
HEAD = Head(38, "d5" * 32)


def test_an_unsigned_checkpoint_is_four_lines_and_comes_back() -> None:
    text = checkpoint_text("nho-2020", HEAD, None)
    assert len(text.splitlines()) == 4
    assert max(map(len, text.splitlines())) < 80  # fits a page of minutes
    assert read_checkpoint(text).head == HEAD


@pytest.mark.parametrize(
    "way", [lambda text: text, lambda text: text.replace("\n", "\r\n"), lambda text: f"\n{text}\n"]
)
def test_a_signed_checkpoint_says_who_signed_however_it_was_copied(way) -> None:
    kept = read_checkpoint(way(checkpoint_text("nho-2020", HEAD, KEY)))
    assert (kept.cycle, kept.head) == ("nho-2020", HEAD)
    assert len(kept.public_key) == 64


@pytest.mark.parametrize(("old", "new"), [("events: 38", "events: 37"), ("d5d5", "d6d5"), ("nho-2020", "nho-2021")])
def test_a_changed_word_breaks_the_signature(old: str, new: str) -> None:
    with pytest.raises(VerificationFailed):
        read_checkpoint(checkpoint_text("nho-2020", HEAD, KEY).replace(old, new))


def test_other_text_is_no_checkpoint() -> None:
    with pytest.raises(WrongCall):
        read_checkpoint("events: 38")
