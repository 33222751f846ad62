"""What people read of a publication: the site, the workbook, the report."""

from __future__ import annotations

import pandas as pd

from models.rules.cycle import CycleInputs


def readable_files(inputs: CycleInputs, results: pd.DataFrame, scores: pd.DataFrame, version: int) -> dict[str, bytes]:
    """Site, workbook and report as bytes by path."""
    return {}
