"""Measures one part: alternating runs on one made-up cycle, each answer held to the oracle in the same run."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import micro
from checked import check_exact, check_export, check_floats
from generate import generate
from oracle import Truth, truth
from runners import RUNNERS, Ground, exported, moments
from sizes import Part, Shape


def made(folder: Path, shape: Shape) -> dict[str, int]:
    """The cycle of this shape, in a new folder."""
    return generate(folder, shape.units, shape.leaves, shape.responses, shape.files, shape.form)


def exact(ground: Ground, shape: Shape) -> Truth:
    """The oracle's answer, from csv forms: the same cycle has the same figures in either spelling."""
    folder = ground.base / "cycle-for-the-oracle"
    made(folder, replace(shape, form="csv", files=0))
    try:
        return truth(folder, shape.leaves)
    finally:
        shutil.rmtree(folder)


def case(ground: Ground, part: Part) -> dict[str, Any]:
    """Every variant, in turn, as often as asked for."""
    folder = ground.base / "cycle"
    holds, answer = made(folder, part.shape), exact(ground, part.shape)
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in part.repeats}
    said: dict[str, dict[str, Any]] = {}
    for number in range(max(part.repeats.values())):
        for name, often in part.repeats.items():
            if number < often:
                runs[name].append(RUNNERS[name](ground, folder))
                if number == 0:
                    said[name] = _check(ground, name, answer)
    shutil.rmtree(folder)
    return {"holds": holds, "runs": runs, "checked": said}


def _check(ground: Ground, name: str, answer: Truth) -> dict[str, Any]:
    """The first answer of a variant; the engine's later ones are the same bytes, which other tests hold."""
    if name == "engine":
        return check_export(answer, exported(ground, ground.base / "out"))
    if name == "floor":
        return check_floats(answer, ground.base / "floor/results.csv")
    return check_exact(answer, ground.base / {"naive": "naive/results.csv", "dagster": "dagster-results.csv"}[name])


def doubling(ground: Ground, part: Part) -> dict[str, Any]:
    """The engine on a cycle and on one of twice the units, in turn."""
    folders = {"once": ground.base / "once", "twice": ground.base / "twice"}
    shapes = {"once": part.shape, "twice": part.shape.doubled}
    holds = {name: made(folder, shapes[name]) for name, folder in folders.items()}
    runs: dict[str, list[dict[str, Any]]] = {name: [] for name in folders}
    said = {}
    for number in range(part.repeats["engine"]):
        for name, folder in folders.items():
            runs[name].append(RUNNERS["engine"](ground, folder))
            if number == 0:
                said[name] = check_export(exact(ground, shapes[name]), exported(ground, ground.base / "out"))
    for folder in folders.values():
        shutil.rmtree(folder)
    return {"holds": holds, "runs": runs, "checked": said}


def warm(ground: Ground, part: Part) -> dict[str, Any]:
    """A warm process: the whole, the same again, one unit again."""
    folder = ground.base / "cycle"
    holds = made(folder, part.shape)
    found = moments(ground, folder, part.repeats["warm"])
    shutil.rmtree(folder)
    return {"holds": holds, **found}


def scoring(ground: Ground, part: Part) -> dict[str, Any]:
    """The pure rules alone."""
    folder = ground.base / "cycle"
    holds, answer = made(folder, part.shape), exact(ground, part.shape)
    runs, said = micro.scoring(folder, answer, part.repeats["scoring"])
    shutil.rmtree(folder)
    return {"holds": holds, "runs": runs, "checked": said}


def xlsx(ground: Ground, part: Part) -> dict[str, Any]:
    """Forms as the program itself makes them, read by us and by openpyxl."""
    folder = ground.base / "cycle"
    made(folder, replace(part.shape, units=micro.FORMS))
    runs, holds = micro.forms(folder, part.repeats["forms"])
    shutil.rmtree(folder)
    return {"holds": holds, "runs": runs}


KINDS: Mapping[str, Callable[[Ground, Part], dict[str, Any]]] = {
    "case": case, "doubling": doubling, "moments": warm, "scoring": scoring, "xlsx": xlsx,
}  # fmt: skip
