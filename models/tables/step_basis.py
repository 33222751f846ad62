"""What the last complete run of a step stood on: who finds the same again need not compute it again."""

from __future__ import annotations

from sqlmodel import SQLModel

from models.tables.columns import cell, key


class StepBasis(SQLModel, table=True):
    """The basis of the last run of a step that did all its work and ended well; there is none after any other.

    run: its id. basis: SHA-256 of all it read and left. outcome: JSON text. Follows from the rest: safe to delete.
    """

    __tablename__ = "step_basis"

    cycle: str = key(foreign_key="cycle.id")
    step: str = key()
    run: str = cell()
    basis: str = cell()
    outcome: str = cell()
