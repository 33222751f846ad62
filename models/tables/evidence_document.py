"""The evidence documents units name."""

from __future__ import annotations

from models.tables.columns import SubmittedRow, cell


class EvidenceDocument(SubmittedRow, table=True):
    """One row of frame EVIDENCE (kind evidence) and where it stood. Append-only.

    file, sha256 and size are "" for a paper document.
    """

    __tablename__ = "evidence_document"

    unit: str = cell()
    code: str = cell()
    document_number: str = cell()
    issuer: str = cell()
    issued_on: str = cell()
    title: str = cell()
    file: str = cell()
    pages: str = cell()
    sha256: str = cell(index=True)  # last year's files are found by it
    size: str = cell()
    location: str = cell()
