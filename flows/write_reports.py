"""Writes the documents of a published version: annex of the decision, deck tables, minutes, a letter per unit."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from flows.export import check_empty
from flows.reports.analysis_workbook import analysis_workbook
from flows.reports.decision_annex import decision_annex
from flows.reports.deck import deck
from flows.reports.document import Document
from flows.reports.letters import letter
from flows.reports.minutes import minutes
from flows.reports.pdf import as_pdf
from flows.reports.version import Version, Whole, read_version
from flows.reports.word import as_docx
from models.rules.errors import WrongCall
from models.storage.checkpoints import checkpoint_text
from models.storage.workspace import Workspace

Files = Iterator[tuple[str, bytes]]


def write_reports(
    workspace: Workspace, cycle: str, to: Path, version: int = 0, unit: str = "", annex: bool = False
) -> int:
    """Write the documents below `to`, an empty folder; returns how many. unit: that unit's letter alone.

    annex: letters of unpublished units and the analyses too, below annex/. The same version gives the same bytes.
    Raises WrongCall, NotAllowedNow before the first publication.
    """
    check_empty(to)
    whole = read_version(workspace, cycle, version)
    files = _letters_of(whole, unit, annex) if unit else _every(workspace, whole, annex)
    count = 0
    for path, data in files:
        (to / path).parent.mkdir(parents=True, exist_ok=True)
        (to / path).write_bytes(data)
        count += 1
    return count


def _every(workspace: Workspace, whole: Whole, annex: bool) -> Files:
    main = whole.main
    if len(main.given.results):
        yield from _both("decision-annex", decision_annex(main))
        yield from _both("minutes", minutes(main))
        yield "deck.xlsx", deck(main)
    said = checkpoint_text(main.given.cycle, main.head, workspace.settings.signing_key)
    yield "checkpoint.txt", said.encode()
    for one in _units(main):
        yield from _both(f"letters/{one}", letter(main, one))
    if annex:
        for closed in whole.closed:
            for one in _units(closed):
                yield from _both(f"annex/letters/{one}", letter(closed, one))
        if whole.analyses:
            yield "annex/analysis.xlsx", analysis_workbook(whole.analyses)


def _letters_of(whole: Whole, unit: str, annex: bool) -> Files:
    if unit in _units(whole.main):
        return _both(f"letters/{unit}", letter(whole.main, unit))
    for closed in whole.closed if annex else ():
        if unit in _units(closed):
            return _both(f"annex/letters/{unit}", letter(closed, unit))
    raise WrongCall(
        f"Không có đơn vị công bố / No published unit: {unit} (đơn vị không công bố / not published: --annex)"
    )


def _units(version: Version) -> list[str]:
    units: list[str] = version.given.results["unit"].tolist()
    return units


def _both(path: str, document: Document) -> Files:
    yield f"{path}.docx", as_docx(document)
    yield f"{path}.pdf", as_pdf(document)
