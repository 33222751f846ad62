"""Medians, spreads and ratios of what was measured: the arithmetic between the raw runs and what is said of them."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

Results = dict[str, Any]
Runs = Sequence[dict[str, Any]]


@dataclass(frozen=True)
class Spread:
    """A median with the least and the most."""

    median: float
    least: float
    most: float

    def said(self, decimals: int = 2, unit: str = "") -> str:
        """3.10 (2.90 … 3.40)."""
        if self.least == self.most:
            return f"{self.median:,.{decimals}f}{unit}"
        return f"{self.median:,.{decimals}f}{unit} ({self.least:,.{decimals}f} … {self.most:,.{decimals}f})"


def spread(values: Sequence[float]) -> Spread:
    """Of at least one value."""
    return Spread(statistics.median(values), min(values), max(values))


def of(runs: Runs, name: str) -> Spread:
    """One figure over all repeats."""
    return spread([run[name] for run in runs])


def ratio(above: Runs, below: Runs, name: str = "wall_s") -> Spread:
    """The ratio within each repeat: what ran side by side is compared with each other, not with the day's median."""
    return spread([one[name] / other[name] for one, other in zip(above, below, strict=False)])


def parts(results: Results, kind: str) -> dict[str, dict[str, Any]]:
    """What was measured of one kind, by id without the kind; the smaller cycles first."""
    found = {name.partition(":")[2]: part for name, part in results["parts"].items() if part["kind"] == kind}
    return dict(sorted(found.items(), key=lambda pair: _size(pair[0], pair[1])))


def _size(name: str, part: dict[str, Any]) -> tuple[int, int, str]:
    holds = part["holds"].get("once", part["holds"])
    return holds.get("units", 0), holds.get("responses", 0), name


def by_step(runs: Runs, name: str) -> dict[str, float]:
    """Medians of a figure that each run has by step."""
    steps = dict.fromkeys(step for run in runs for step in run[name])
    return {step: statistics.median(run[name].get(step, 0) for run in runs) for step in steps}
