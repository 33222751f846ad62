"""What people read of a publication: the site, the workbook, the printable report."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain

import pandas as pd

from flows.publication.report import results_report
from flows.publication.site import site_pages
from flows.publication.site_input import Listed, site_input
from flows.publication.workbook import results_workbook
from models.rules.cycle import CycleInputs

SEALED_LATER = ("audit.jsonl", "manifest.json")  # made when the version is frozen, over these pages too


def readable_files(
    inputs: CycleInputs,
    results: pd.DataFrame,
    scores: pd.DataFrame,
    version: int,
    files: Mapping[str, bytes],
    notes: Sequence[str] = (),
    changes: pd.DataFrame | None = None,
) -> Iterator[tuple[str, bytes]]:
    """Path and bytes of workbook, report and site, page by page.

    files: the other files of the export by path, for the list of them. notes: sentences for readers. changes: frame
    of changes.csv; None for the first version.
    """
    given = site_input(inputs, results, scores, version, notes=notes, changes=changes)
    made = {"results.xlsx": results_workbook(given), "report.html": results_report(given)}
    listed = [
        Listed(path, hashlib.sha256(data).hexdigest(), len(data)) for path, data in sorted({**files, **made}.items())
    ]
    given = replace(given, files=[*listed, *(Listed(path) for path in SEALED_LATER)])
    site = ((f"site/{path}", page) for path, page in site_pages(given))
    return chain(made.items(), site)
