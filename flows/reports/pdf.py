"""Documents as PDF: tagged (PDF/UA-1) and archival (PDF/A-2a), the letter embedded, headings as bookmarks."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import asdict
from functools import cache
from importlib import resources
from typing import Any

import typst

from flows.reports.document import DOTS, MOTTO, Document

STANDARDS: list[typst.PDFStandard] = ["a-2a", "ua-1"]
AUTHOR = "parindex"
BREAKS = str.maketrans("\n\r\t", "   ")


@cache
def _template() -> bytes:
    return resources.files("flows.reports").joinpath("document.typ").read_bytes()


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False)


@cache
def _compiler() -> typst.Compiler:
    """One for all documents, so that letters are read once; those of the machine are left aside."""
    return typst.Compiler(_template(), font_paths=_fonts())


@cache
def _can_show(sign: str) -> bool:
    """Whether the letters carried along have this sign in every style used: an archival PDF must show all it says."""
    trial = '#set text(font: "Libertinus Serif")\n#let s = sys.inputs.s\n#s #strong(s) #emph(s)'
    compiler = typst.Compiler(trial.encode(), font_paths=_fonts(), sys_inputs={"s": sign})
    try:
        compiler.compile(format="pdf", pdf_standards=["a-2a"], timestamp=0)
    except typst.TypstError:
        return False
    return True


def _shown(text: str) -> str:
    """The text with signs no letter is there for as �; all Vietnamese ones are."""
    text = text.translate(BREAKS)
    strange = {sign for sign in set(text) if not sign.isascii() and not _can_show(sign)}
    strange |= {sign for sign in set(text) if sign.isascii() and not sign.isprintable()}
    return text.translate({ord(sign): "\ufffd" for sign in strange}) if strange else text


def _json(given: dict[str, Any]) -> str:
    """As JSON, every text in it such that it can be shown."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return _shown(value)
        if isinstance(value, dict):
            return {key: clean(one) for key, one in value.items()}
        return [clean(one) for one in value] if isinstance(value, list | tuple) else value

    return json.dumps(clean(given), ensure_ascii=False)


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
        sys_inputs={"document": _json(given)},
        pdf_standards=STANDARDS,
        timestamp=midnight,
    )
    assert isinstance(made, bytes)  # several pages are one PDF
    return made
