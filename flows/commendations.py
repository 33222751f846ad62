"""Records commendations from a file, and hands them over as a closed list with what each rests on."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
from sqlmodel import Session, col, select

from checks.commendations import check_commended, read_commendation
from flows.export import check_empty
from flows.handed_file import file_bytes
from flows.publication.csv_text import csv_bytes, frame_of
from models.actions.commend import check_version, commend
from models.actions.publish import latest_publication, published_tables
from models.rules.commendation import Commended, Result, from_body
from models.rules.errors import NotAllowedNow, Refused
from models.rules.frames import frame
from models.rules.framework_json import canonical_json
from models.rules.totals import records_by_unit
from models.storage.database import reading
from models.storage.inputs import read_cycle, read_settings
from models.storage.workspace import Workspace
from models.tables import Commendation, Publication

COLUMNS = (
    "number", "decision", "issued_on", "issuer", "decided_by", "version", "kind", "unit", "unit_name", "name",
    "position", "bloc", "index", "rank", "classification", "criterion", "meets_newest",
)  # fmt: skip
NUMERIC = ("number", "version", "index", "rank")


def record_commendation(workspace: Workspace, cycle: str, file: Path) -> int:
    """Check the file against the version it names and record it. Raises Refused with every fault."""
    data = file_bytes(file)
    commended, faults = read_commendation(data.decode("utf-8", "replace"), str(file))
    if commended is not None:
        with reading(workspace.engine) as session:
            blocs = [bloc.key for bloc in read_settings(session, cycle).blocs]
            check_version(session, cycle, commended.version)
            results = results_of(workspace, session, cycle, commended.version)
        faults = [*faults, *check_commended(commended, results, blocs, str(file))]
    if faults or commended is None:
        raise Refused("Danh sách khen thưởng bị từ chối / The commendation is refused", faults)
    workspace.vault.put(data)
    return commend(workspace, cycle, commended, hashlib.sha256(data).hexdigest())


def recorded(session: Session, cycle: str) -> list[Commendation]:
    """The commendations on record, in order."""
    read_cycle(session, cycle)
    return list(
        session.exec(select(Commendation).where(Commendation.cycle == cycle).order_by(col(Commendation.number)))
    )


def results_of(workspace: Workspace, session: Session, cycle: str, version: int) -> dict[str, Result]:
    """Published results by unit, the annexes' too."""
    tables = [data for path, data in published_tables(session, cycle, version) if path.endswith("results.csv")]
    found: dict[str, Result] = {}
    for sha256 in tables:
        found |= records_by_unit(frame_of(workspace.vault.get(sha256)))
    return found


def write_commendations(workspace: Workspace, cycle: str, to: Path) -> int:
    """commendations.csv and its manifest below `to`; the number of rows. Not for publication: it names persons.

    Raises NotAllowedNow where nothing is on record.
    """
    check_empty(to)
    with reading(workspace.engine) as session:
        kept = recorded(session, cycle)
        newest = latest_publication(session, cycle)
        if not kept or newest is None:
            raise NotAllowedNow(f"Kỳ {cycle} chưa có quyết định khen thưởng / No commendation is on record")
        versions = {one.version for one in kept} | {newest.version}
        results = {version: results_of(workspace, session, cycle, version) for version in sorted(versions)}
        published = session.exec(
            select(Publication).where(Publication.cycle == cycle, col(Publication.version).in_(versions))
        ).all()
        drawn_from = {str(one.version): one.manifest_sha256 for one in published}
    rows = [row for one in kept for row in _rows(one, results[one.version], results[newest.version])]
    table = csv_bytes(frame(rows, COLUMNS), COLUMNS, NUMERIC)
    manifest = {
        "cycle": cycle,
        "drawn_from": drawn_from,
        "decisions": {str(one.number): {"decision": one.decision, "file": one.file} for one in kept},
        "files": {"commendations.csv": {"sha256": hashlib.sha256(table).hexdigest(), "size": len(table)}},
    }
    to.mkdir(parents=True, exist_ok=True)
    (to / "commendations.csv").write_bytes(table)
    (to / "manifest.json").write_text(canonical_json(manifest), encoding="utf-8")
    return len(rows)


def _rows(one: Commendation, results: dict[str, Result], newest: dict[str, Result]) -> list[dict[str, str]]:
    criteria, named = from_body(json.loads(one.body))
    decided = Commended(one.decision, one.issued_on, one.issuer, one.decided_by, one.version, criteria, named)
    rows = []
    for who in named:
        result = results[who.unit]
        basis, now = decided.basis(result), newest.get(who.unit)
        rows.append(
            {
                "number": str(one.number), "decision": one.decision, "issued_on": one.issued_on, "issuer": one.issuer,
                "decided_by": one.decided_by, "version": str(one.version), "kind": who.kind, "unit": who.unit,
                "unit_name": result["name"], "name": who.name, "position": who.position, "bloc": result["bloc"],
                "index": result["index"], "rank": result["rank"], "classification": result["classification"],
                "criterion": "" if basis is None else basis.words,
                "meets_newest": "yes" if now is not None and decided.basis(now) is not None else "no",
            }
        )  # fmt: skip
    return rows


def summary(workspace: Workspace, cycle: str) -> pd.DataFrame:
    """One row per decision on record: number, decision, version, collectives, individuals; nobody's name."""
    with reading(workspace.engine) as session:
        kept = recorded(session, cycle)
    rows = []
    for one in kept:
        named = from_body(json.loads(one.body))[1]
        counts = {kind: str(sum(who.kind == kind for who in named)) for kind in ("collective", "individual")}
        rows.append({"number": str(one.number), "decision": one.decision, "version": str(one.version), **counts})
    return frame(rows, ("number", "decision", "version", "collective", "individual"))
