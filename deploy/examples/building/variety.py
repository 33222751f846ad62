"""Variety without chance: the same names always draw the same number, on any machine."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import TypeVar

Thing = TypeVar("Thing")


def draw(below: int, *names: object) -> int:
    """A whole number in 0 … below-1 that depends on the names alone."""
    text = "|".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big") % below


def between(low: int, high: int, *names: object) -> int:
    """A whole number in low … high."""
    return low + draw(high - low + 1, *names)


def one_in(number: int, *names: object) -> bool:
    """True for about one in `number` names."""
    return draw(number, *names) == 0


def pick(things: Sequence[Thing], *names: object) -> Thing:
    """One of the things."""
    return things[draw(len(things), *names)]


def shuffled(things: Sequence[Thing], *names: object) -> list[Thing]:
    """The things in an order that depends on the names alone."""
    return sorted(things, key=lambda thing: draw(2**62, *names, thing))
