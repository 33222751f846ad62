"""Whether a workbook is the one made for this unit or appraiser, this cycle and this framework.

`parindex template` writes that into the workbook's title. A workbook without such a title is taken as it is: it was
made by hand, and its rows are checked like any other's.
"""

from __future__ import annotations

import re
from collections.abc import Collection

from models.rules.findings import Fault

_FORM = re.compile(r"(?P<cycle>[^/]+) / (?P<unit>[^/]+) / (?P<framework>[^/ ]+)(?: / (?P<digest>[0-9a-f]{64}))?")
_WORKSHEET = re.compile(r"(?P<cycle>[^/]+) / (?P<appraiser>[^/]+) / marks")
SHOWN = 12  # of a digest, as people compare them


def check_form(title: str, unit: str, cycle: str, digest: str, pinned: Collection[str]) -> list[Fault]:
    """Faults of a unit's form. digest: SHA-256 of the framework it is judged by; pinned: of every one of the cycle.

    A framework that was superseded within the cycle stays pinned: forms made on it are told, not refused.
    """
    made, where = _FORM.fullmatch(title), f"inbox/{unit}/self_assessment.xlsx"
    if made is None:
        return []
    faults = []
    if made["unit"] != unit:
        faults.append(Fault("form-of-another", unit, "", where, made["unit"], unit))
    if made["cycle"] != cycle:
        faults.append(Fault("form-of-another-cycle", unit, "", where, made["cycle"], cycle))
    elif made["digest"] not in (None, digest):
        check = "form-before-migration" if made["digest"] in pinned else "form-of-another-framework"
        found = f"{made['framework']} {made['digest'][:SHOWN]}…"
        faults.append(Fault(check, unit, "", where, found, f"{digest[:SHOWN]}…"))
    return faults


def check_worksheet(title: str, appraiser: str, cycle: str) -> list[Fault]:
    """Faults of an appraiser's worksheet."""
    made = _WORKSHEET.fullmatch(title)
    if made is None or (made["appraiser"], made["cycle"]) == (appraiser, cycle):
        return []
    found = f"{made['cycle']} / {made['appraiser']}"
    return [Fault("worksheet-of-another", "", "", f"appraisal/{appraiser}/marks.xlsx", found, f"{cycle} / {appraiser}")]
