"""What has been received so far: the latest submission of each party, and the rows of those that stand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, SQLModel

from models.storage.bulk import read_frame
from models.tables import Submission


@dataclass(frozen=True)
class Latest:
    """The latest submission of one party."""

    id: int
    version: int
    digest: str
    outcome: str
    late: bool


def latest(session: Session, cycle: str, kind: str, accepted: bool = False) -> dict[str, Latest]:
    """By party: the latest submission of a kind; accepted: the latest that was accepted, whatever came after it."""
    by = Submission.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    newest = (
        select(by.party, func.max(by.version).label("version"))
        .where(by.cycle == cycle, by.kind == kind, *([by.outcome == "accepted"] if accepted else []))
        .group_by(by.party)
        .subquery()
    )
    rows = session.execute(
        select(by.party, by.id, by.version, by.digest, by.outcome, by.late)
        .join(newest, (by.party == newest.c.party) & (by.version == newest.c.version))
        .where(by.cycle == cycle, by.kind == kind)
    )
    return {row[0]: Latest(*row[1:]) for row in rows}


def standing_rows(
    session: Session,
    table: type[SQLModel],
    columns: Sequence[str],
    cycle: str,
    kind: str,
    parties: Iterable[str] | None = None,
    accepted: bool = False,
) -> pd.DataFrame:
    """Rows of the latest submission of each party (of these parties), with these columns.

    A party whose latest submission is refused has no rows; with accepted, those of the last that was accepted.
    """
    found = latest(session, cycle, kind, accepted)
    wanted = None if parties is None else set(parties)
    ids = [one.id for party, one in found.items() if one.outcome == "accepted" and (wanted is None or party in wanted)]
    everything = [table.__table__.c[name] for name in columns]  # type: ignore[attr-defined]  # set by SQLModel
    by = table.__table__.c  # type: ignore[attr-defined]
    frame = read_frame(session, select(by.submission, *everything).where(by.cycle == cycle).order_by(by.id))
    kept = frame[frame["submission"].isin([str(one) for one in ids]).to_numpy()]
    return kept[list(columns)].reset_index(drop=True)


def accepted_parties(session: Session, cycle: str, units: Sequence[str]) -> list[str]:
    """Units whose form is accepted and whose explanations, if any, are too."""
    forms, told = latest(session, cycle, "self_assessment"), latest(session, cycle, "explanations")
    return [
        unit
        for unit in units
        if unit in forms
        and forms[unit].outcome == "accepted"
        and (unit not in told or told[unit].outcome == "accepted")
    ]
