"""What has been received so far: the latest submission of each party, and the rows of those that stand."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

import pandas as pd
from sqlalchemy import Pool, Table, func, select
from sqlmodel import Session, SQLModel

from models.storage.bulk import read_frame
from models.tables import Submission

FEW = 500  # units whose rows are asked for by name
OWN = ("self_assessment", "explanations")  # what a unit sends of itself: found by its submission


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
    about: Collection[str] | None = None,
) -> pd.DataFrame:
    """Rows of the latest submission of each party (of these parties), with these columns.

    A party whose latest submission is refused has no rows; with accepted, those of the last that was accepted.
    about: only rows about these units, whoever sent them; where they are few no others are read.
    """
    found = latest(session, cycle, kind, accepted)
    standing = {party: one.id for party, one in found.items() if one.outcome == "accepted"}
    rows = _rows(session, table, cycle, kind, standing, about)
    if parties is not None and not standing.keys() <= (wanted := set(parties)):
        ids = [str(one) for party, one in standing.items() if party in wanted]
        rows = rows[rows["submission"].isin(ids).to_numpy()]
    return rows[list(columns)].reset_index(drop=True)


# What was read lately, by database: rows of a committed submission never change, and a year asks for them step by step.
_read: WeakKeyDictionary[Pool, dict[tuple[str, str, str], tuple[frozenset[int], pd.DataFrame]]] = WeakKeyDictionary()


def _rows(
    session: Session,
    table: type[SQLModel],
    cycle: str,
    kind: str,
    standing: Mapping[str, int],
    about: Collection[str] | None,
) -> pd.DataFrame:
    """All columns of these submissions' rows, in order of arrival. standing: by party.

    Only what a reading session saw is kept: what is not committed may come to nothing, its number be given anew.
    """
    stored: Table = table.__table__  # type: ignore[attr-defined]  # set by SQLModel
    connection, ids = session.connection(), frozenset(standing.values())
    kept = _read.setdefault(connection.engine.pool, {})
    last = kept.get((stored.name, cycle, kind))
    known = last[1] if last is not None and last[0] == ids else None
    few = sorted(about) if about is not None and len(about) <= FEW else None
    if known is None:
        columns = [column for column in stored.c if column.name not in ("id", "cycle")]
        asked = select(*columns).where(stored.c.cycle == cycle).order_by(stored.c.submission, stored.c.id)
        if few is not None:
            theirs = [standing[one] for one in few if one in standing]
            asked = asked.where(stored.c.submission.in_(theirs) if kind in OWN else stored.c.unit.in_(few))
        known = read_frame(session, asked)
        if len(known):
            known = known[known["submission"].isin([str(one) for one in ids]).to_numpy()].reset_index(drop=True)
        if few is None and connection.get_execution_options().get("reads", False):
            kept[stored.name, cycle, kind] = (ids, known)
    return known if about is None else known[known["unit"].isin(list(about)).to_numpy()]


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
