"""Evidence as received: documents and explanations' files with where they stood, and files of earlier cycles."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import pandas as pd
from sqlalchemy import select, union
from sqlmodel import Session

from models.rules.frames import EVIDENCE
from models.storage.submissions import standing_rows
from models.tables import Cycle, EvidenceDocument, Explanation


def read_located_evidence(
    session: Session, cycle: str, units: Iterable[str] | None, about: Collection[str] | None = None
) -> pd.DataFrame:
    """Frame EVIDENCE plus location, of accepted submissions of these units; about: few of them, read by themselves."""
    columns = (*EVIDENCE, "location")
    documents = standing_rows(
        session,
        EvidenceDocument,
        [name for name in columns if name != "kind"],
        cycle,
        "self_assessment",
        units,
        about=about,
    ).assign(kind="evidence")
    told = standing_rows(
        session,
        Explanation,
        ("unit", "code", "file", "sha256", "size", "location"),
        cycle,
        "explanations",
        units,
        about=about,
    )
    told = told[(told["file"] != "").to_numpy()].assign(kind="explanation")
    both = pd.concat([documents, told], ignore_index=True)
    return both.reindex(columns=list(columns)).fillna("").astype("str")


def earlier_files(session: Session, cycle: str) -> dict[str, str]:
    """SHA-256 of files units of this cycle name that were evidence in a cycle of an earlier year too -> that cycle."""
    by, told, cycles = (one.__table__.c for one in (EvidenceDocument, Explanation, Cycle))  # type: ignore[union-attr]
    year = select(cycles.year).where(cycles.id == cycle).scalar_subquery()
    named = union(*(select(one.sha256).where(one.cycle == cycle, one.sha256 != "") for one in (by, told)))
    rows = session.execute(
        select(by.sha256, by.cycle)
        .join(Cycle, cycles.id == by.cycle)
        .where(by.sha256.in_(named), cycles.year < year)
        .distinct()
        .order_by(by.cycle)
    )
    return {sha256: other for sha256, other in rows}


def sharing_units(session: Session, cycle: str, units: Collection[str]) -> set[str]:
    """These units, and all that ever named a file one of these ever named in this cycle.

    What is said of a file that several sent may change for each of them when one sends another.
    """
    sent = [one.__table__.c for one in (EvidenceDocument, Explanation)]  # type: ignore[union-attr]
    theirs = union(
        *(select(by.sha256).where(by.cycle == cycle, by.unit.in_(sorted(units)), by.sha256 != "") for by in sent)
    ).subquery()
    documents, told = (
        select(by.unit, by.cycle).where(by.sha256.in_(select(theirs.c.sha256))) for by in sent
    )  # documents by the file alone: for that there is an index, and few are named in several cycles
    named = union(documents, told.where(sent[1].cycle == cycle))
    return {*units} | {unit for unit, where in session.execute(named) if where == cycle}
