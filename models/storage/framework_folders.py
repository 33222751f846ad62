"""Finds frameworks: built in by id, in a folder, or as one file; built-in ones are never edited once used."""

from __future__ import annotations

from functools import cache
from importlib import resources
from pathlib import Path

from models.rules.errors import WrongCall
from models.rules.findings import Fault
from models.rules.framework import Framework
from models.rules.framework_json import dump
from models.rules.framework_text import read_framework

Found = tuple[Framework | None, list[Fault]]


def built_in_ids() -> list[str]:
    """Ids of the frameworks that come with the system."""
    base = resources.files("models").joinpath("frameworks")
    return sorted(folder.name for folder in base.iterdir() if folder.is_dir() and not folder.name.startswith("_"))


@cache
def _built_in(identity: str) -> tuple[Framework | None, tuple[Fault, ...]]:
    base = resources.files("models").joinpath("frameworks").joinpath(identity)
    documents = {
        f"{identity}/{entry.name}": entry.read_text(encoding="utf-8")
        for entry in sorted(base.iterdir(), key=lambda entry: entry.name)
        if entry.name.endswith(".yaml")
    }
    framework, faults = read_framework(documents)
    return framework, tuple(faults)


def built_in(identity: str) -> Found:
    """A built-in framework; WrongCall for an id that is not built in."""
    if identity not in built_in_ids():
        raise WrongCall(f"Không có bộ tiêu chí {identity} / No built-in framework: {', '.join(built_in_ids())}")
    framework, faults = _built_in(identity)
    return framework, list(faults)


def find_framework(path: str) -> Found:
    """A framework by file, folder or built-in id. Raises WrongCall when there is nothing there."""
    place = Path(path)
    if place.is_dir():
        files = sorted(place.glob("*.yaml"))
    elif place.is_file():
        alone = place.name != "framework.yaml" or len(list(place.parent.glob("*.yaml"))) == 1
        files = [place] if alone else sorted(place.parent.glob("*.yaml"))
    else:
        return built_in(path)
    return read_documents({str(file): file.read_bytes() for file in files})


def read_documents(files: dict[str, bytes]) -> Found:
    """A framework from files as received; not UTF-8 is a fault."""
    documents, faults = {}, []
    for path, data in files.items():
        try:
            documents[path] = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            faults.append(Fault("yaml-unreadable", location=path, found=f"byte {error.start}", expected="UTF-8"))
    if faults:
        return None, faults
    return read_framework(documents)


def same_framework(left: Framework, right: Framework) -> bool:
    """Whether two frameworks with one id say the same."""
    return dump(left) == dump(right)
