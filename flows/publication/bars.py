"""Bars of a chart, as labels and lengths; the drawing itself is a template."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from models.rules.numbers import show

FULL = 76  # percent of the drawing's width that stands for 100; the rest is for the figure
MOST_BARS = 60  # above it a chart counts units per step of the index
STEP = 5


@dataclass(frozen=True)
class Bar:
    """One bar: its label, the figure beside it, its length in percent of the width, more where it fits."""

    label: str
    told: str
    width: str
    more: str = ""
    full: int = FULL


@dataclass(frozen=True)
class Chart:
    """Bars with the title and description a screen reader tells."""

    title: str
    description: str
    rows: Sequence[Bar]


def bar(label: str, told: str, percent: str, more: str = "") -> Bar:
    """A bar for a value in percent (decimal text, "" is none); none below 0, the full length from 100 on."""
    share = min(max(Fraction(percent or "0"), Fraction(0)), Fraction(100))
    return Bar(label, told, show(share * FULL / 100, 2), more)


def index_chart(bloc: str, units: Sequence[tuple[str, str, str]]) -> Chart:
    """The index of a bloc's units; units: (name, index, class) in published order.

    One bar per unit, or the number of units per 5 percent of the index where there are very many.
    """
    if len(units) > MOST_BARS:
        return _distribution(bloc, [index for _, index, _ in units if index])
    rows = [bar(name, index or "–", index, kind) for name, index, kind in units]
    return Chart(
        f"Chỉ số của các đơn vị, {bloc}",
        "Mỗi thanh là chỉ số (%) của một đơn vị, từ 0 đến 100; cùng số liệu với bảng trên. "
        "One bar per unit, 0 to 100; the same figures as the table above.",
        rows,
    )


def _distribution(bloc: str, indices: Sequence[str]) -> Chart:
    counts: dict[int, int] = {}
    for index in indices:
        step = min(max(int(Fraction(index) // STEP) * STEP, 0), 100 - STEP)
        counts[step] = counts.get(step, 0) + 1
    most = max(counts.values(), default=1)
    steps = range(max(counts, default=0), min(counts, default=0) - STEP, -STEP)
    rows = [
        bar(
            f"{step} – {step + STEP}{'' if step + STEP == 100 else ' (chưa tới)'}",
            f"{counts.get(step, 0)} đơn vị",
            str(counts.get(step, 0) * 100 // most),
        )
        for step in steps
    ]
    return Chart(
        f"Phân bố chỉ số, {bloc}",
        f"Số đơn vị theo từng khoảng {STEP} điểm phần trăm của chỉ số; thanh dài nhất là {most} đơn vị. "
        f"Units per {STEP} percent of the index; the longest bar is {most} units.",
        rows,
    )
