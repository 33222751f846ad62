"""What people read of a publication: the site, the workbook, the printable report."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from flows.publication.report import results_report
from flows.publication.site import render_site
from flows.publication.site_input import site_input
from flows.publication.workbook import results_workbook
from models.rules.cycle import CycleInputs


def readable_files(
    inputs: CycleInputs,
    results: pd.DataFrame,
    scores: pd.DataFrame,
    version: int,
    paths: Sequence[str],
    notes: Sequence[str] = (),
) -> dict[str, bytes]:
    """Site, workbook and report as bytes by path.

    paths: the other files of the export, for the list of them. notes: sentences for readers.
    """
    given = site_input(inputs, results, scores, version, files=paths, notes=notes)
    site = {f"site/{path}": data for path, data in render_site(given).items()}
    return site | {"results.xlsx": results_workbook(given), "report.html": results_report(given)}
