"""Does the same to many things, several at a time: where what takes time is waiting for a disk or a network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
AT_ONCE = 8
PORTIONS = 4  # for each thread: handing over one thing costs more than many a thing itself


def side_by_side(perform: Callable[[Item], Result], items: Sequence[Item]) -> list[Result]:
    """What perform gives for each, in their order; the first error in that order is raised."""
    if len(items) < 2:
        return [perform(one) for one in items]
    size = -(-len(items) // (AT_ONCE * PORTIONS))
    portions = [items[start : start + size] for start in range(0, len(items), size)]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        done = pool.map(lambda portion: [perform(one) for one in portion], portions)
        return [one for portion in done for one in portion]
