"""Documents as PDF: tagged (PDF/UA-1) and archival (PDF/A-2a), the letter embedded, headings as bookmarks."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from functools import cache
from importlib import resources

import typst

from flows.reports.document import DOTS, MOTTO, Document

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
AUTHOR = "parindex"


@cache
def _template() -> bytes:
    return resources.files("flows.reports").joinpath("document.typ").read_bytes()


@cache
def _compiler() -> typst.Compiler:
    """One for all documents, so that letters are read once; those of the machine are left aside."""
    return typst.Compiler(_template(), font_paths=typst.Fonts(include_system_fonts=False))


def as_pdf(document: Document) -> bytes:
    """The same document gives the same bytes, on any machine with the same libraries."""
    blocks = [{"block": type(block).__name__.lower()} | asdict(block) for block in document.blocks]
    given = {
        "title": document.title,
        "author": AUTHOR,
        "day": document.day,
        "motto": MOTTO,
        "dots": DOTS,
        "blocks": blocks,
    }
    midnight = dt.datetime.fromisoformat(document.day).replace(tzinfo=dt.UTC)
    made = _compiler().compile(
        _template(),
        format="pdf",
        sys_inputs={"document": json.dumps(given, ensure_ascii=False)},
        pdf_standards=STANDARDS,
        timestamp=midnight,
    )
    assert isinstance(made, bytes)  # several pages are one PDF
    return made
