"""Opens documents once per content: what a file is depends on its bytes alone, so the answer is kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import select

from models.storage.database import transaction
from models.storage.documents import inspect_document
from models.storage.workspace import Workspace
from models.tables import InspectedDocument


def inspect_documents(workspace: Workspace, digests: Sequence[str]) -> dict[str, str]:
    """By SHA-256: the document's kind (pdf, docx, …) or the id of the check it fails."""
    with transaction(workspace.engine) as session:
        known = {
            row.sha256: row.found
            for row in session.exec(select(InspectedDocument).where(InspectedDocument.sha256.in_(digests)))  # type: ignore[attr-defined]
        }
        for sha256 in digests:
            if sha256 not in known:
                known[sha256] = inspect_document(workspace.vault.get(sha256)).found
                session.add(InspectedDocument(sha256=sha256, found=known[sha256]))
    return known
