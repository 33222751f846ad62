"""Finds crosswalks: frameworks/<id>/crosswalk/<old id>.yaml in a cycle folder, crosswalk/ below a framework's own."""

from __future__ import annotations

import re
from pathlib import Path

from models.rules.findings import Fault
from models.rules.framework import Framework
from models.storage.cycle_folder import CycleFolder
from models.storage.framework_folders import built_in, built_in_ids, find_framework
from models.storage.inbox import Form, Received
from models.storage.vault import Vault

MOST_YAML = 2 * 2**20
PLACE = re.compile(r"frameworks/[^/]+/crosswalk/[^/]+\.yaml")


def read_crosswalk_files(folder: CycleFolder, vault: Vault) -> Form:
    """Every crosswalk of a cycle folder as texts; `came` is False where there is none."""
    form = Form("")
    for entry in folder.list("frameworks"):
        if PLACE.fullmatch(entry.path):
            data = folder.read_entry(entry, MOST_YAML)
            form.files.append(Received(entry.path, vault.put(data), len(data)))
            take_text(form, entry.path, data)
    return form


def take_text(form: Form, path: str, data: bytes) -> None:
    """A text file into the form; not UTF-8 is a fault."""
    try:
        form.texts[path] = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        form.faults.append(Fault("yaml-unreadable", location=path, found=f"byte {error.start}", expected="UTF-8"))


def crosswalks_beside(path: str) -> Form:
    """The crosswalks below a framework's folder (none for a single file or a built-in id)."""
    form, place = Form(""), Path(path)
    for file in sorted(place.glob("crosswalk/*.yaml")) if place.is_dir() else []:
        take_text(form, str(file), file.read_bytes())
    return form


def framework_at_hand(identity: str, beside: Path | None = None) -> Framework | None:
    """A framework that is built in, or lies in a folder of its id beside another one's; None where it is not."""
    if identity in built_in_ids():
        return built_in(identity)[0]
    if beside is not None and identity and "/" not in identity and (beside.parent / identity).is_dir():
        return find_framework(str(beside.parent / identity))[0]
    return None
