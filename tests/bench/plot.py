"""Cost against size as an SVG: wall time over units, over responses, and the engine's peak memory."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from figures import Results, of, parts

LOOKS = {"floor": ("#888888", "o"), "engine": ("#b3261e", "s"), "dagster": ("#4f43dd", "^"), "naive": ("#1f7a4d", "D")}
WORDS = {"floor": "pandas script", "engine": "parindex run", "dagster": "Dagster job", "naive": "a task per unit"}


Point = tuple[float, float, float, float]  # size, median, least, most


@dataclass(frozen=True)
class Panel:
    """One of the three drawings; `allowed`: a target drawn as a dotted line, by itself or times the floor."""

    key: str
    title: str
    below: str
    logarithmic: bool = True
    allowed: float = 0
    allowed_of_floor: float = 0
    nearest: int = 0  # digits its sizes are told to


PANELS = (
    Panel("units", "wall seconds, csv forms", "units", allowed_of_floor=3),
    Panel("responses", "wall seconds, 332 units", "survey responses", allowed_of_floor=3, nearest=-3),
    Panel("memory", "peak MiB, all processes (dotted: 1.5 GiB)", "units", logarithmic=False, allowed=1536),
)


def points(results: Results) -> dict[str, dict[str, list[Point]]]:
    """What is drawn, by panel and variant. Of csv forms without evidence files."""
    plain = {name: part for name, part in parts(results, "case").items() if name.endswith("-csv")}
    found: dict[str, dict[str, list[Point]]] = {panel.key: {} for panel in PANELS}
    usual = _usual(plain)
    for name, part in plain.items():
        holds = part["holds"]
        for who, runs in part["runs"].items():
            if name in usual:
                found["units"].setdefault(who, []).append(_point(holds["units"], runs, "wall_s"))
                found["memory"].setdefault(who, []).append(_point(holds["units"], runs, "peak_mib"))
            if (holds["units"], holds["leaves"]) == (332, 100):
                found["responses"].setdefault(who, []).append(_point(holds["responses"], runs, "wall_s"))
    return found


def _point(size: int, runs: list[dict[str, Any]], name: str) -> Point:
    here = of(runs, name)
    return size, here.median, here.least, here.most


def _usual(plain: dict[str, dict[str, Any]]) -> set[str]:
    """One cycle per number of units: the one with most nearly 300 responses a unit."""
    best: dict[int, tuple[float, str]] = {}
    for name, part in plain.items():
        holds = part["holds"]
        off = abs(holds["responses"] / holds["units"] - 300)
        best[holds["units"]] = min(best.get(holds["units"], (off, name)), (off, name))
    return {name for _, name in best.values()}


def digest(results: Results) -> str:
    """What the drawing stands for; it carries this, so that a stale one is found."""
    return hashlib.sha256(json.dumps(points(results), sort_keys=True).encode()).hexdigest()


def draw(results: Results, to: Path) -> None:
    """Write the SVG; the same results give the same drawing with the same version of matplotlib."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams.update({"svg.fonttype": "none", "svg.hashsalt": "parindex", "font.size": 9})
    from matplotlib import pyplot

    drawn = points(results)
    figure, axes = pyplot.subplots(1, 3, figsize=(11, 3.7), layout="constrained")
    for axis, panel in zip(axes, PANELS, strict=True):
        _panel(axis, panel, drawn[panel.key])
    handles, names = axes[0].get_legend_handles_labels()
    figure.legend(handles, names, loc="outside lower center", ncols=len(names), frameon=False)
    figure.savefig(to, format="svg", metadata={"Date": None, "Description": digest(results)})
    pyplot.close(figure)


def _panel(axis: Any, panel: Panel, lines: dict[str, list[Point]]) -> None:
    """One panel: a line per variant with the spread of its repeats, and what the target allows."""
    for who, found in lines.items():
        color, marker = LOOKS[who]
        xs, ys, lows, highs = zip(*sorted(found), strict=True)
        spread = [
            [y - low for y, low in zip(ys, lows, strict=True)],
            [high - y for y, high in zip(ys, highs, strict=True)],
        ]
        axis.errorbar(
            xs,
            ys,
            spread,
            color=color,
            marker=marker,
            markersize=4,
            linewidth=1.4,
            elinewidth=0.8,
            capsize=2,
            label=WORDS[who],
        )
    if panel.allowed_of_floor and "floor" in lines:
        xs, ys, *_ = zip(*sorted(lines["floor"]), strict=True)
        axis.plot(xs, [panel.allowed_of_floor * y for y in ys], color="#888888", linestyle=":", label="3 × the script")
    if panel.allowed:
        axis.axhline(panel.allowed, color="#888888", linestyle=":")
    sizes = sorted({point[0] for found in lines.values() for point in found})
    axis.set_title(panel.title, fontsize=9, loc="left")
    axis.set_xlabel(panel.below)
    axis.set_xscale("log")
    axis.set_xticks(sizes, [f"{round(size, panel.nearest):,}" for size in sizes], rotation=30, fontsize=8)
    axis.set_xticks([], minor=True)
    if panel.logarithmic:
        axis.set_yscale("log")
        least, most = axis.get_ylim()
        axis.set_ylim(10 ** math.floor(math.log10(least)), 10 ** math.ceil(math.log10(most)))  # whole decades
        axis.yaxis.set_major_formatter(lambda value, _: f"{value:,g}")
        axis.yaxis.set_minor_formatter(lambda value, _: "")
    else:
        axis.set_ylim(bottom=0)
    axis.grid(True, axis="y", linewidth=0.4, alpha=0.6)
    axis.spines[["top", "right"]].set_visible(False)
