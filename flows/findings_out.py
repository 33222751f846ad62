"""Writes units' findings as pages: all that is known by command, what must be acted on after each step."""

from __future__ import annotations

from pathlib import Path

from flows.export import check_local
from flows.publication.findings_page import index_page, page, workbook
from flows.unit_findings import MENDED, unit_pages
from models.rules.errors import WrongCall
from models.storage.database import reading
from models.storage.inputs import read_cycle, read_units
from models.storage.workspace import Workspace

INDEX = "index.html"


def write_findings(workspace: Workspace, cycle: str, to: Path, unit: str = "") -> list[Path]:
    """A page and a workbook for every unit with findings (or one), and a list of them; what was there is replaced.

    Raises WrongCall for an unknown cycle, or a unit that is not scored.
    """
    check_local(to)
    with reading(workspace.engine) as session:
        known = read_units(session, read_cycle(session, cycle).id)
        if unit and unit not in set(known.loc[(known["scored"] == "yes").to_numpy(), "unit"]):
            raise WrongCall(f"Không có đơn vị được chấm điểm / No scored unit: {unit}")
        pages = unit_pages(session, cycle, unit)
    files = {f"{one.unit}.html": page(one) for one in pages} | {f"{one.unit}.xlsx": workbook(one) for one in pages}
    if pages and not unit:
        files[INDEX] = index_page(pages[0].cycle_name, pages)
    return _write(to, files)


def keep_findings(workspace: Workspace, cycle: str) -> Path | None:
    """Pages of the units that have something to do, beside the cycle's findings.csv; None when there are none.

    A unit that has mended everything loses its page.
    """
    with reading(workspace.engine) as session:
        pages = unit_pages(session, cycle, levels=MENDED)
    place = Path(workspace.settings.home) / "cycles" / cycle / "findings"
    files = {f"{one.unit}.html": page(one) for one in pages}
    if pages:
        files[INDEX] = index_page(pages[0].cycle_name, pages)
    for old in sorted(place.glob("*.html")):
        if old.name not in files:
            old.unlink()
    _write(place, files)
    return place / INDEX if pages else None


def _write(to: Path, files: dict[str, bytes]) -> list[Path]:
    """Write what differs from what is there."""
    for name, data in files.items():
        path = to / name
        if not path.exists() or path.read_bytes() != data:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
    return [to / name for name in files]
