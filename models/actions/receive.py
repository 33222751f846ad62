"""Takes in what a party sent: one submission, its rows, findings, receipt event and the unit's move, together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlmodel import Session, SQLModel

from models.storage.audit_chain import NewEvent, append
from models.storage.bulk import insert_frame
from models.storage.inbox import Received
from models.storage.locks import reason_of_step
from models.storage.submissions import Latest, latest
from models.storage.workspace import Workspace
from models.tables import Finding, ReceivedFile, Submission


@dataclass(frozen=True)
class Part:
    """Some rows of a frame by position, not taken out of it: what was read together is stored together."""

    frame: pd.DataFrame
    places: npt.NDArray[np.int64]

    @classmethod
    def by_unit(cls, frame: pd.DataFrame) -> dict[str, Part]:
        """Each unit's rows, in their order."""
        return {str(unit): cls(frame, np.sort(places)) for unit, places in frame.groupby("unit").indices.items()}


@dataclass(frozen=True)
class Arrival:
    """One thing received and checked. rows: by table, the accepted rows; empty when refused.

    findings: frame FINDINGS of this arrival; unit: the unit it belongs to, "" for appraisers and shared files.
    """

    kind: str
    party: str
    digest: str
    files: Sequence[Received]
    accepted: bool
    late: bool = False
    unit: str = ""
    rows: Mapping[type[SQLModel], pd.DataFrame | Part] = field(default_factory=dict)
    findings: pd.DataFrame = field(default_factory=pd.DataFrame)

    def with_rows(self, rows: Mapping[type[SQLModel], pd.DataFrame | Part]) -> Arrival:
        """The arrival with the rows it brings."""
        return replace(self, rows=rows)


def receive(
    session: Session,
    workspace: Workspace,
    cycle: str,
    arrivals: Sequence[Arrival],
    before: Mapping[str, Latest],
) -> dict[str, Latest]:
    """Store arrivals as new submissions; what was stored, by party. before: the latest submissions of that kind."""
    if not arrivals:
        return {}
    now = workspace.now()
    stored = _submitted(session, cycle, arrivals, before, received_at=now, received_by=workspace.actor)
    files = [
        {"submission": str(kept.id), "path": file.path, "sha256": file.sha256, "size": str(file.size)}
        for kept, one in zip(stored, arrivals, strict=True)
        for file in one.files
    ]
    if files:
        insert_frame(session, ReceivedFile, pd.DataFrame(files, dtype="str"))
    _store_rows(session, cycle, stored, arrivals)
    told = _of_submissions((kept, one.findings) for kept, one in zip(stored, arrivals, strict=True))
    insert_frame(session, Finding, told, cycle=cycle)
    reason = reason_of_step(session, cycle)
    append(
        session,
        cycle,
        [_receipt(kept, one, before.get(one.party), reason) for kept, one in zip(stored, arrivals, strict=True)],
        at=now,
        actor=workspace.actor,
        salts=workspace.salt,
    )
    return {one.party: kept for kept, one in zip(stored, arrivals, strict=True)}


def _submitted(
    session: Session, cycle: str, arrivals: Sequence[Arrival], before: Mapping[str, Latest], **received: Any
) -> list[Latest]:
    """The new submissions as stored, all of one kind: one statement writes them, one reads their numbers."""
    (kind,) = {one.kind for one in arrivals}
    rows = pd.DataFrame(
        {
            "party": [one.party for one in arrivals],
            "version": [str(before[one.party].version + 1 if one.party in before else 1) for one in arrivals],
            "digest": [one.digest for one in arrivals],
            "outcome": ["accepted" if one.accepted else "refused" for one in arrivals],
            "late": [one.late for one in arrivals],
        }
    )
    insert_frame(session, Submission, rows, cycle=cycle, kind=kind, **received)
    stored = latest(session, cycle, kind)
    return [stored[one.party] for one in arrivals]


def _store_rows(session: Session, cycle: str, stored: Sequence[Latest], arrivals: Sequence[Arrival]) -> None:
    """All accepted rows of a table in one bulk write."""
    for table in dict.fromkeys(table for one in arrivals for table in one.rows):
        insert_frame(
            session,
            table,
            _of_submissions(
                (kept, one.rows[table])
                for kept, one in zip(stored, arrivals, strict=True)
                if one.accepted and table in one.rows
            ),
            cycle=cycle,
        )


def _of_submissions(parts: Iterable[tuple[Latest, pd.DataFrame | Part]]) -> pd.DataFrame:
    """The rows of all in one frame, each with its submission."""
    frames: dict[int, pd.DataFrame] = {}
    places: dict[int, list[npt.NDArray[np.int64]]] = {}
    submissions: dict[int, list[str]] = {}
    for kept, rows in parts:
        part = rows if isinstance(rows, Part) else Part(rows, np.arange(len(rows)))
        frames[id(part.frame)] = part.frame
        places.setdefault(id(part.frame), []).append(part.places)
        submissions.setdefault(id(part.frame), []).extend([str(kept.id)] * len(part.places))
    taken = [
        frame.take(np.concatenate(places[key])).assign(submission=submissions[key])
        for key, frame in frames.items()
        if submissions[key]
    ]
    return pd.concat(taken, ignore_index=True) if taken else pd.DataFrame()


def _receipt(kept: Latest, one: Arrival, last: Latest | None, reason: str) -> NewEvent:
    """The receipt: what arrived, under which digest, and what became of it."""
    refused = one.findings[one.findings["severity"] == "refuse"] if len(one.findings) else one.findings
    return NewEvent(
        action="received" if one.accepted else "refused",
        unit=one.unit,
        object=f"{one.kind}:{one.party}" if one.party else one.kind,
        before=None if last is None else {"version": last.version, "digest": last.digest, "outcome": last.outcome},
        after={
            "version": kept.version,
            "digest": kept.digest,
            "outcome": kept.outcome,
            "late": kept.late,
            "files": [{"path": file.path, "sha256": file.sha256, "size": file.size} for file in one.files],
            "findings": len(one.findings),
            "refusals": [] if one.accepted else refused.to_dict("records"),
        },
        reason=reason,
    )
