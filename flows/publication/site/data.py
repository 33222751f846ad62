"""The page of data: every file to download with digest and size, and the dictionary of their columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import quote

from flows.publication.site.dcat import about
from flows.publication.site.dictionary import TYPES, columns_of
from flows.publication.site_input import Listed, SiteInput

FIRST = ("results.csv", "scores.csv", "results.xlsx", "report.html", "changes.csv", "findings.csv", "verify.py")


def data(given: SiteInput) -> dict[str, object]:
    """What data.html is rendered from."""
    order = {path: place for place, path in enumerate(FIRST)}
    files = sorted(given.files, key=lambda one: ("/" in one.path, order.get(one.path, len(FIRST)), one.path))
    return {"files": list(_files(files)), "tables": list(_tables(files))}


def _files(files: Sequence[Listed]) -> Iterator[dict[str, object]]:
    for one in files:
        yield {
            "path": one.path,
            "href": f"../{quote(one.path)}",
            "about": about(one.path),
            "sha256": one.sha256,
            "size": kilobytes(one.size),
        }


def _tables(files: Sequence[Listed]) -> Iterator[dict[str, object]]:
    for one in files:
        columns = columns_of(one.path)
        if columns:
            told = [(column.column, TYPES[column.type], column.meaning) for column in columns]
            yield {"path": one.path, "about": about(one.path), "columns": told}


def kilobytes(size: int) -> str:
    """A size as people read it: whole kilobytes of 1024, at least 1; "" for none."""
    return f"{max(1, (size + 512) // 1024)} KB" if size else ""
