"""Opens documents once per content: what a file is depends on its bytes alone, so the answer is kept."""

from __future__ import annotations

from collections.abc import Sequence

from sqlmodel import Session, col, select

from models.actions.share_batches import Done
from models.rules.roles import Doing
from models.storage.database import reading, transaction
from models.storage.documents import inspect_document
from models.storage.workspace import Workspace
from models.tables import InspectedDocument


def inspect_documents(workspace: Workspace, digests: Sequence[str], done: Done) -> dict[str, str]:
    """By SHA-256: the document's kind (pdf, docx, …) or the id of the check it fails.

    done: called with it in the transaction.
    """
    workspace.check_may(Doing.STEP)
    with reading(workspace.engine) as session:
        known = _known(session, digests)
    found = {one: inspect_document(workspace.vault.get(one)).found for one in digests if one not in known}
    told = known | found
    with transaction(workspace.engine) as session:  # opened before it: on SQLite nobody else could write meanwhile
        meanwhile = _known(session, list(found))
        session.add_all(InspectedDocument(sha256=one, found=found[one]) for one in found if one not in meanwhile)
        done(session, told)
    return told


def _known(session: Session, digests: Sequence[str]) -> dict[str, str]:
    asked = select(InspectedDocument).where(col(InspectedDocument.sha256).in_(digests))
    return {row.sha256: row.found for row in session.exec(asked)}
