"""Reads one of the files the secretariat provides (exemptions, statistics, responses …), if it is there."""

from __future__ import annotations

from collections.abc import Sequence

from models.storage.cycle_folder import CycleFolder
from models.storage.inbox import MOST_TABLE_BYTES, Form, read_form
from models.storage.vault import Vault


def read_shared(folder: CycleFolder, vault: Vault, kind: str, paths: Sequence[str]) -> Form:
    """The files of one kind as a form; `came` is False where none of them exists."""
    form = Form("")
    for path in paths:
        entry = folder.find(path)
        if entry is not None:
            read_form(folder, vault, form, entry, MOST_TABLE_BYTES)
        form.faults += [fault for fault in folder.faults if fault.location == path]
    return form
