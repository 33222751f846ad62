"""Reads and checks a correction file: who decided what, on which leaf of which unit."""

from __future__ import annotations

import hashlib
from pathlib import Path

from checks.corrections import check_correction, check_outcome, read_correction
from checks.rule_book import refusing
from flows.handed_file import file_bytes
from models.actions.correct import correct
from models.rules.errors import Refused
from models.storage.database import reading
from models.storage.inputs import load_inputs
from models.storage.workspace import Workspace


def record_correction(workspace: Workspace, cycle: str, file: Path) -> int:
    """Check the file against the cycle and record it. Raises Refused with every fault, WrongCall without a file."""
    data = file_bytes(file)
    decided, faults = read_correction(data.decode("utf-8", "replace"), str(file))
    if decided is not None:
        with reading(workspace.engine) as session:
            inputs = load_inputs(session, cycle)
        faults = [*faults, *check_correction(decided, inputs, str(file))]
        faults = faults if refusing(faults) else [*faults, *check_outcome(decided, inputs, str(file))]
    wrong = refusing(faults)
    if wrong or decided is None:
        raise Refused("Đính chính bị từ chối / The correction is refused", wrong)
    workspace.vault.put(data)
    return correct(workspace, cycle, decided, hashlib.sha256(data).hexdigest())
