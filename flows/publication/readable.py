"""What people read of a publication: the site, the workbook, the printable report."""

from __future__ import annotations

import pandas as pd

from flows.publication.report import results_report
from flows.publication.site import render_site
from flows.publication.site_input import SiteInput
from flows.publication.workbook import results_workbook
from models.rules.cycle import CycleInputs

SYNTHETIC = "minh hoạ"  # rows whose own titles say so are made up, and the pages say it too


def readable_files(
    inputs: CycleInputs, results: pd.DataFrame, scores: pd.DataFrame, version: int, paths: list[str]
) -> dict[str, bytes]:
    """Site, workbook and report as bytes by path. paths: the other files of the export, for the list of them."""
    settings = inputs.settings
    before = dict(zip(inputs.previous["unit"], inputs.previous["framework"], strict=True))
    given = SiteInput(
        cycle=settings.id,
        name=settings.name,
        year=settings.year,
        version=version,
        decimals=settings.decimals,
        results=results,
        scores=scores,
        frameworks=inputs.frameworks,
        blocs=[(bloc.key, bloc.name) for bloc in settings.blocs],
        last_frameworks={unit: before.get(unit, "") for unit in results["unit"]},
        bands={bloc.key: [(band.name, band.floor) for band in bloc.bands] for bloc in settings.blocs},
        synthetic=bool(inputs.evidence["title"].str.lower().str.contains(SYNTHETIC, regex=False).any()),
        files=paths,
    )
    site = {f"site/{path}": data for path, data in render_site(given).items()}
    return site | {"results.xlsx": results_workbook(given), "report.html": results_report(given)}
