"""Freezes a publication: files, manifest, signature, the move of every unit and one event, or nothing of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from importlib import metadata
from typing import Any

import pandas as pd
from sqlmodel import Session, col, select

from models.actions.move_units import move_units
from models.rules.framework_json import canonical_json
from models.rules.hiding import Hidden
from models.rules.roles import Doing
from models.rules.states import Status
from models.storage.audit_chain import NewEvent, append, head, lines, opened
from models.storage.database import transaction
from models.storage.received import received_files
from models.storage.signing import signature_file
from models.storage.software import software_digest
from models.storage.workspace import Workspace
from models.tables import Publication, PublicationFile

Files = Mapping[str, bytes]


def latest_publication(session: Session, cycle: str) -> Publication | None:
    """The newest version, None before the first."""
    return session.exec(
        select(Publication).where(Publication.cycle == cycle).order_by(col(Publication.version).desc()).limit(1)
    ).first()


def published_tables(session: Session, cycle: str, version: int) -> list[tuple[str, str]]:
    """(path, SHA-256) of results.csv and scores.csv of a version; those of its annex below annex/."""
    by = PublicationFile.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    rows = session.execute(
        select(by.annex, by.path, by.sha256).where(
            by.cycle == cycle, by.version == version, by.path.in_(["results.csv", "scores.csv"])
        )
    )
    return [(f"annex/{path}" if annex else path, sha256) for annex, path, sha256 in rows]


def listed(files: Files) -> dict[str, dict[str, Any]]:
    """Digest and size of every file, by path."""
    return {
        path: {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)} for path, data in sorted(files.items())
    }


def freeze(workspace: Workspace, cycle: str, main: Files, annex: Files, inputs_digest: str, units: pd.DataFrame) -> int:
    """Store a new version and return its number.

    main, annex: bytes by path, annex paths relative to annex/. units: frame UNITS plus status, every unit.
    """
    workspace.check_may(Doing.PUBLISH)
    hidden = Hidden.among(units)
    workspace.vault.put_many([*main.values(), *annex.values()])
    with transaction(workspace.engine) as session:
        now = workspace.now()
        last = latest_publication(session, cycle)
        version = 1 if last is None else last.version + 1
        scored = units[(units["scored"] == "yes").to_numpy()]
        move_units(session, workspace, cycle, [(unit, "publish") for unit in scored["unit"].tolist()])
        told = {
            "version": version,
            "inputs_digest": inputs_digest,
            "results": hashlib.sha256(main["results.csv"]).hexdigest(),
            "scores": hashlib.sha256(main["scores.csv"]).hexdigest(),
        }
        before = None if last is None else {"version": last.version, "inputs_digest": last.inputs_digest}
        event = NewEvent("published", "", "publication", before, told, "")
        append(session, cycle, [event], at=now, actor=workspace.actor, salts=workspace.salt)
        chain = head(session, cycle)
        public = dict(main) | {"audit.jsonl": _text(lines(session, cycle, set(hidden.units)))}
        closed = dict(annex)
        if hidden.units:
            closed["audit_contents.jsonl"] = _text(opened(session, cycle, set(hidden.units)))
        manifest = canonical_json(
            {
                "cycle": cycle,
                "version": version,
                "published_at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "published_by": workspace.actor,
                "software": {"version": metadata.version("parindex"), "digest": software_digest()},
                "frameworks": {
                    path.removeprefix("inputs/frameworks/").removesuffix(".json"): entry["sha256"]
                    for path, entry in listed(public).items()
                    if path.startswith("inputs/frameworks/")
                },
                "received": received_files(session, cycle, hidden),
                "files": listed(public),
                "audit": {"events": chain.count, "head": chain.digest},
            }
        ).encode()
        digest = hashlib.sha256(manifest).hexdigest()
        public["manifest.json"] = manifest
        public["manifest.sha256"] = f"{digest}  manifest.json\n".encode()
        if workspace.settings.signing_key:
            public["manifest.sig"] = signature_file(workspace.settings.signing_key, manifest)
        annex_digest = ""
        if closed:
            closing = canonical_json({"cycle": cycle, "version": version, "of": digest, "files": listed(closed)})
            closed["manifest.json"] = closing.encode()
            annex_digest = hashlib.sha256(closed["manifest.json"]).hexdigest()
        workspace.vault.put_many([*public.values(), *closed.values()])
        for inside, files in ((False, public), (True, closed)):
            for path, entry in listed(files).items():
                session.add(PublicationFile(cycle=cycle, version=version, annex=inside, path=path, **entry))
        session.add(
            Publication(
                cycle=cycle, version=version, inputs_digest=inputs_digest, manifest_sha256=digest,
                annex_sha256=annex_digest, published_at=now, published_by=workspace.actor,
                audit_events=chain.count, audit_head=chain.digest,
            )
        )  # fmt: skip
        after = {
            "version": version,
            "manifest_sha256": digest,
            "audit_events": chain.count,
            "audit_head": chain.digest,
        }
        checkpoint = NewEvent("checkpoint", "", "publication", None, after, "")
        append(session, cycle, [checkpoint], at=now, actor=workspace.actor, salts=workspace.salt)
    return version


def _text(rows: Any) -> bytes:
    return "".join(f"{row}\n" for row in rows).encode()


PUBLISHED = Status.PUBLISHED
