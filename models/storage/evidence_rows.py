"""Evidence as received: documents and explanations' files with where they stood, and files of earlier cycles."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

import pandas as pd
from sqlalchemy import Column, ColumnCollection, Select, select, union
from sqlmodel import Session

from models.rules.frames import EVIDENCE
from models.storage.submissions import OWN, standing_rows
from models.tables import Cycle, EvidenceDocument, Explanation, Submission

Columns = ColumnCollection[str, Column[Any]]


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


def earlier_files(session: Session, cycle: str, units: Collection[str] | None = None) -> dict[str, str]:
    """SHA-256 of files (these) units name here that were evidence in a cycle of an earlier year too -> that cycle."""
    by, told, cycles = (one.__table__.c for one in (EvidenceDocument, Explanation, Cycle))  # type: ignore[union-attr]
    year = select(cycles.year).where(cycles.id == cycle).scalar_subquery()
    named = union(*(_files(one, cycle, units) for one in (by, told)))
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
    documents, told = (one.__table__.c for one in (EvidenceDocument, Explanation))  # type: ignore[union-attr]
    files = union(*(_files(by, cycle, units) for by in (documents, told))).subquery()
    # documents by the file alone: for that there is an index, and few are named in several cycles
    among = [select(by.unit, by.cycle).where(by.sha256.in_(select(files.c.sha256))) for by in (documents, told)]
    named = union(among[0], among[1].where(told.cycle == cycle))
    return {*units} | {unit for unit, where in session.execute(named) if where == cycle}


def _files(by: Columns, cycle: str, units: Collection[str] | None) -> Select[tuple[str]]:
    """What the rows of a table of evidence name, of whatever (these) units ever sent."""
    named = select(by.sha256).where(by.cycle == cycle, by.sha256 != "")
    if units is None:
        return named
    sent = Submission.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    own = select(sent.id).where(sent.cycle == cycle, sent.kind.in_(OWN), sent.party.in_(sorted(units)))
    return named.where(by.submission.in_(own))
