"""Freezes a publication: files, manifest, signature, the move of every unit and one event, or nothing of it."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from importlib import metadata
from typing import Any

import pandas as pd
from sqlalchemy import and_, or_
from sqlmodel import Session, col, select

from models.actions.move_units import move_units
from models.rules.errors import NotAllowedNow, WrongCall
from models.rules.framework_json import canonical_json
from models.rules.hiding import Hidden, annex_of, annexes
from models.rules.roles import Doing
from models.rules.states import Status
from models.storage.audit_chain import NewEvent, append, head, lines, opened
from models.storage.bulk import insert_frame
from models.storage.database import transaction
from models.storage.inputs import read_cycle
from models.storage.received import received_files
from models.storage.signing import signature_file
from models.storage.software import software_digest
from models.storage.workspace import Workspace
from models.tables import Publication, PublicationFile

Files = Iterable[tuple[str, bytes]]  # path and bytes, each made when it is asked for
Kept = dict[str, dict[str, Any]]  # {"sha256", "size"} by path


def latest_publication(session: Session, cycle: str) -> Publication | None:
    """The newest version, None before the first."""
    return session.exec(
        select(Publication).where(Publication.cycle == cycle).order_by(col(Publication.version).desc()).limit(1)
    ).first()


def published_files(session: Session, cycle: str, version: int) -> tuple[int, list[PublicationFile]]:
    """Number and files of a version (0: the newest). Raises NotAllowedNow before the first, WrongCall for none such."""
    read_cycle(session, cycle)
    newest = latest_publication(session, cycle)
    if newest is None:
        raise NotAllowedNow(f"Kỳ {cycle} chưa công bố / is not published yet: parindex publish {cycle}")
    number = version or newest.version
    of_version = select(PublicationFile).where(PublicationFile.cycle == cycle, PublicationFile.version == number)
    files = list(session.exec(of_version))
    if not files:
        raise WrongCall(f"Không có bản {number} / There is no version {number}: 1 … {newest.version}")
    return number, files


def published_tables(session: Session, cycle: str, version: int) -> list[tuple[str, str]]:
    """(path, SHA-256) of results.csv and scores.csv of a version; those of its annexes below annex/."""
    by = PublicationFile.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    tables = ["results.csv", "scores.csv"]
    named = and_(by.annex, or_(*(by.path.like(f"%/{name}") for name in tables)))
    rows = session.execute(
        select(by.annex, by.path, by.sha256)
        .where(by.cycle == cycle, by.version == version, or_(by.path.in_(tables), named))
        .order_by(by.annex, by.path)
    )
    return [(f"annex/{path}" if annex else path, sha256) for annex, path, sha256 in rows]


def keep(workspace: Workspace, files: Files) -> Kept:
    """Put files into the vault as they are made; digest and size of every one, by path."""
    told: list[tuple[str, int]] = []

    def contents() -> Iterator[bytes]:
        for path, data in files:
            told.append((path, len(data)))
            yield data

    digests = workspace.vault.put_many(contents())
    kept = zip(told, digests, strict=True)
    return {path: {"sha256": sha256, "size": size} for (path, size), sha256 in sorted(kept)}


def freeze(workspace: Workspace, cycle: str, main: Files, annex: Files, inputs_digest: str, units: pd.DataFrame) -> int:
    """Store a new version and return its number.

    main, annex: path and bytes of every file, annex paths relative to annex/. units: frame REGISTERED plus status,
    every unit.
    """
    workspace.check_may(Doing.PUBLISH)
    hidden = Hidden.among(units)
    public, closed = keep(workspace, main), keep(workspace, annex)
    with transaction(workspace.engine) as session:
        now = workspace.now()
        last = latest_publication(session, cycle)
        version = 1 if last is None else last.version + 1
        scored = units[(units["scored"] == "yes").to_numpy()]
        move_units(session, workspace, cycle, [(unit, "publish") for unit in scored["unit"].tolist()])
        told = {
            "version": version,
            "inputs_digest": inputs_digest,
            "results": public["results.csv"]["sha256"],
            "scores": public["scores.csv"]["sha256"],
        }
        before = None if last is None else {"version": last.version, "inputs_digest": last.inputs_digest}
        event = NewEvent("published", "", "publication", before, told, "")
        append(session, cycle, [event], at=now, actor=workspace.actor, salts=workspace.salt)
        chain = head(session, cycle)
        public |= keep(workspace, [("audit.jsonl", _text(lines(session, cycle, set(hidden.units))))])
        members = annexes(units)
        closed |= keep(workspace, _opened(session, cycle, closed, members))
        manifest = canonical_json(
            {
                "cycle": cycle,
                "version": version,
                "published_at": now.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
                "published_by": workspace.actor,
                "software": {"version": metadata.version("parindex"), "digest": software_digest()},
                "frameworks": {
                    path.removeprefix("inputs/frameworks/").removesuffix(".json"): entry["sha256"]
                    for path, entry in public.items()
                    if path.startswith("inputs/frameworks/")
                },
                "received": received_files(session, cycle, hidden),
                "files": public,
                "audit": {"events": chain.count, "head": chain.digest},
            }
        ).encode()
        digest = hashlib.sha256(manifest).hexdigest()
        sealing = {"manifest.json": manifest, "manifest.sha256": f"{digest}  manifest.json\n".encode()}
        if workspace.settings.signing_key:
            sealing["manifest.sig"] = signature_file(workspace.settings.signing_key, manifest)
        closing = _closing(closed, members, {"cycle": cycle, "version": version, "of": digest})
        _record_files(session, cycle, version, False, public | keep(workspace, sealing.items()))
        _record_files(session, cycle, version, True, closed | keep(workspace, closing.items()))
        session.add(
            Publication(
                cycle=cycle, version=version, inputs_digest=inputs_digest, manifest_sha256=digest,
                annex_sha256=_digest_of_all(closing), published_at=now, published_by=workspace.actor,
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


def _record_files(session: Session, cycle: str, version: int, inside: bool, files: Kept) -> None:
    """Which files the version consists of; thousands of units' pages in one statement."""
    entries = [{"path": path, **{key: str(told) for key, told in one.items()}} for path, one in sorted(files.items())]
    if entries:
        frame = pd.DataFrame(entries, dtype="str")
        insert_frame(session, PublicationFile, frame, cycle=cycle, version=version, annex=inside)


def _opened(session: Session, cycle: str, annex: Kept, members: Mapping[str, frozenset[str]]) -> Files:
    """audit_contents.jsonl of every annex with figures: what the hidden events of its units say."""
    for name, units in members.items():
        place = f"{name}/" if name else ""
        if f"{place}results.csv" in annex:
            yield f"{place}audit_contents.jsonl", _text(opened(session, cycle, units))


def _closing(closed: Kept, members: Mapping[str, frozenset[str]], head: Mapping[str, Any]) -> dict[str, bytes]:
    """manifest.json of every annex. One of several says which part it is: it does not open every hidden event."""
    parts: dict[str, Kept] = {}
    for path, told_of in closed.items():
        name = annex_of(path, members)
        parts.setdefault(name, {})[path.removeprefix(f"{name}/") if name else path] = told_of
    made = {}
    for name, files in parts.items():
        told = {**head, "files": files} | ({"part": name} if any(members) else {})
        made[f"{name}/manifest.json" if name else "manifest.json"] = canonical_json(told).encode()
    return made


def _digest_of_all(manifests: Mapping[str, bytes]) -> str:
    """The digest of the one annex manifest, or of all their digests by path; "" where there is no annex."""
    if not manifests:
        return ""
    digests = {path: hashlib.sha256(data).hexdigest() for path, data in sorted(manifests.items())}
    return (
        digests["manifest.json"]
        if set(digests) == {"manifest.json"}
        else hashlib.sha256(canonical_json(digests).encode()).hexdigest()
    )


def _text(rows: Any) -> bytes:
    return "".join(f"{row}\n" for row in rows).encode()


PUBLISHED = Status.PUBLISHED
