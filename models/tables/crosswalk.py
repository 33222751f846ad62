"""Which leaves of a framework mean the same as leaves of the one before it."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class Crosswalk(SubmittedRow, table=True):
    """One line of a crosswalk (frame CROSSWALK); old_codes are ;-separated. Append-only."""

    framework: str = cell()
    code: str = cell()
    old_framework: str = cell()
    old_codes: str = cell()
    same_meaning: str = cell()
    reference: str = cell()
