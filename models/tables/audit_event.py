"""The audit chain's links."""

from __future__ import annotations

from sqlmodel import Field, SQLModel

from models.tables.columns import cell, key


class AuditEvent(SQLModel, table=True):
    """One link of a cycle's chain; `at` is text as it was hashed, content canonical JSON. Append-only.

    `unit` repeats the unit inside content for queries; verifying the chain compares the two.
    """

    __tablename__ = "audit_event"

    cycle: str = key()
    seq: int = Field(primary_key=True)
    at: str = cell()
    actor: str = cell()
    action: str = cell()
    unit: str = cell()
    content: str = cell()
    content_digest: str = cell()
    previous: str = cell()
    digest: str = cell()
