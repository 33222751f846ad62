"""On which inputs a step stands: everything received that it reads, in one digest; and what came since."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import func, select
from sqlmodel import Session

from models.storage.crosswalks import PLACE
from models.storage.cycle_folder import CycleFolder, Entry
from models.storage.inbox import MIDYEAR
from models.storage.side_by_side import side_by_side
from models.tables import Correction, ReceivedFile, Submission

# What each step reads, by kind of submission; publication reads everything.
_KINDS = {
    "midyear": {"registration", "midyear"},
    "collect": {"registration", "self_assessment", "explanations", "midyear"},
    "validate": {"registration", "self_assessment"},
    "appraise": {"registration", "self_assessment", "explanations", "exemptions", "marks"},
    "survey": {"registration", "survey", "statistics", "lower"},
}
# Which step takes a file of the cycle folder in.
_TAKEN_BY = {"inbox": "collect", "appraisal": "appraise", "survey": "survey", "previous": "publish"} | {
    "exemptions.csv": "appraise",
    "statistics.csv": "survey",
    "adjustments.csv": "publish",
}
_FORMS = {"self_assessment.xlsx", "self_assessment.csv", "explanations.csv", "evidence.csv", "marks.csv", "marks.xlsx"}
_SHARED = {
    "exemptions.csv",
    "statistics.csv",
    "adjustments.csv",
    "previous/results.csv",
    "previous/history.csv",
    "previous/scores.csv",
    "survey/responses.csv",
    "survey/sample.csv",
}


def inputs_digest(session: Session, cycle: str, step: str) -> str:
    """SHA-256 over the latest submission of every party that the step reads, decided corrections included."""
    return inputs_digests(session, cycle, [step])[step]


def inputs_digests(session: Session, cycle: str, steps: Iterable[str]) -> dict[str, str]:
    """`inputs_digest` of each of these steps."""
    by = Submission.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    newest = select(func.max(by.id)).where(by.cycle == cycle).group_by(by.kind, by.party).scalar_subquery()
    rows = session.execute(select(by.kind, by.party, by.digest, by.outcome).where(by.id.in_(newest)))
    latest = sorted(list(row) for row in rows)
    found = {}
    for step in steps:
        kinds = _KINDS.get(step)
        read = [row for row in latest if kinds is None or row[0] in kinds]
        if kinds is None:
            read.append(["corrections", str(_corrections(session, cycle)), "", ""])
        found[step] = hashlib.sha256(json.dumps(read, ensure_ascii=False).encode()).hexdigest()
    return found


def _corrections(session: Session, cycle: str) -> int:
    by = Correction.__table__.c  # type: ignore[attr-defined]
    return int(session.execute(select(func.count()).where(by.cycle == cycle)).scalar_one())


def changed_files(
    session: Session, cycle: str, folder: CycleFolder, entries: Iterable[Entry], parties: set[str]
) -> dict[str, list[str]]:
    """By step: which of these files of the cycle folder are new or other than what was last received of them.

    parties: units and appraisers of the cycle; folders of nobody are left alone. Reads every form and every document
    received before; writes nothing, not even to the vault.
    """
    known = _known(session, cycle)
    found: dict[str, list[str]] = {}
    for step, entry in _taken(known, entries, parties):
        if not _is_known(known, folder, entry):
            found.setdefault(step, []).append(entry.path)
    return found


def as_received(session: Session, cycle: str, folder: CycleFolder, entries: list[Entry], parties: set[str]) -> bool:
    """Whether every form and document among these files has the bytes last received of it.

    parties: as for `changed_files`. Reads as much; in a local folder no further than to the first that differs.
    """
    known = _known(session, cycle)
    taken = [entry for _, entry in _taken(known, entries, parties)]
    if any(entry.path not in known for entry in taken):
        return False
    if not folder.far:
        return all(_is_known(known, folder, entry) for entry in taken)
    return all(side_by_side(lambda entry: _is_known(known, folder, entry), taken))


def _known(session: Session, cycle: str) -> dict[str, str]:
    """SHA-256 of what was last received, by path."""
    by, sent = ReceivedFile.__table__.c, Submission.__table__.c  # type: ignore[attr-defined]
    rows = session.execute(
        select(by.path, by.sha256)
        .join(Submission, by.submission == sent.id)
        .where(sent.cycle == cycle)
        .order_by(sent.id)
    )
    return {path: sha256 for path, sha256 in rows}


def _taken(known: Mapping[str, str], entries: Iterable[Entry], parties: set[str]) -> Iterator[tuple[str, Entry]]:
    """The files a step of the year takes in, with that step: forms, and documents received before."""
    for entry in entries:
        first, _, rest = entry.path.partition("/")
        step = "publish" if PLACE.fullmatch(entry.path) else _TAKEN_BY.get(first)
        if first in ("inbox", "appraisal") and rest.partition("/")[0] not in parties:
            continue
        if step is None or entry.path.rpartition("/")[2] in MIDYEAR:  # taken by a step that is not of the year
            continue
        if entry.path in known or _is_form(entry.path):
            yield step, entry


def _is_known(known: Mapping[str, str], folder: CycleFolder, entry: Entry) -> bool:
    data = folder.read_entry(entry, 2 * entry.size + 1)
    return known.get(entry.path) == hashlib.sha256(data).hexdigest()


def _is_form(path: str) -> bool:
    return path in _SHARED or PLACE.fullmatch(path) is not None or path.rpartition("/")[2] in _FORMS
