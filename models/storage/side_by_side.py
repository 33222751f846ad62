"""Does the same to many things, several at a time: where what takes time is waiting for a disk or a network."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
AT_ONCE = 8
IN_ONE_GO = 512  # objects kept together …
MOST_BYTES = 32 * 2**20  # … and bytes of them, about
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


def while_made(keep: Callable[[list[bytes]], list[str]], items: Iterable[bytes]) -> list[str]:
    """Keeps some while the next ones are made; few are held in memory at once."""
    kept: list[str] = []
    waiting: Future[list[str]] | None = None
    with ThreadPoolExecutor(1) as behind:
        for several in portions(items, len, MOST_BYTES, IN_ONE_GO):
            kept += waiting.result() if waiting else []
            waiting = behind.submit(keep, several)
        kept += waiting.result() if waiting else []
    return kept


def portions(items: Iterable[Item], size: Callable[[Item], int], most: int, count: int = 0) -> Iterator[list[Item]]:
    """The items in their order, as many together as are of `most` size in all and `count` in number (0: any); what is
    larger by itself comes alone."""
    together: list[Item] = []
    held = 0
    for one in items:
        if together and (held + size(one) > most or len(together) == count):
            yield together
            together, held = [], 0
        together.append(one)
        held += size(one)
    if together:
        yield together
