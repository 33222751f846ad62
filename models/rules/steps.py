"""The five steps of the year, and what each one waits for."""

from __future__ import annotations

from collections.abc import Iterable

STEPS = ("collect", "validate", "appraise", "survey", "publish")
DEPENDS: dict[str, tuple[str, ...]] = {
    "collect": (),
    "validate": ("collect",),
    "appraise": ("validate",),
    "survey": (),
    "publish": STEPS[:4],
}


def dependents(steps: Iterable[str]) -> tuple[str, ...]:
    """These steps and all that depend on them, in order."""
    found = set(steps)
    for name in STEPS:
        if found & set(DEPENDS[name]):
            found.add(name)
    return tuple(name for name in STEPS if name in found)
