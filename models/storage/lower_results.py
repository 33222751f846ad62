"""Where the cycles that feed another one stand: their newest published version, and what of it was taken."""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import func, select
from sqlmodel import Session, col
from sqlmodel import select as select_rows

from models.rules.cycle import CycleSettings
from models.rules.lower import Lower
from models.storage.inbox import Received
from models.storage.submissions import latest
from models.storage.vault import Vault
from models.tables import Cycle, Publication, PublicationFile, ReceivedFile

NEEDED = ("results.csv", "inputs/cycle.json", "manifest.json")


@dataclass(frozen=True)
class LowerVersion:
    """A published version of a lower cycle: its number, the digest of its manifest, the files a link reads."""

    cycle: str
    version: int
    manifest_sha256: str
    files: Mapping[str, Received]

    def received_by(self, unit: str) -> list[Received]:
        """Results and manifest as files received for a unit: of which bytes its statistics were made."""
        base = f"lower/{unit}/{self.cycle}/v{self.version}/"
        found = (self.files[name] for name in ("manifest.json", "results.csv"))
        return [Received(base + file.path, file.sha256, file.size) for file in found]


def newest_versions(session: Session, cycles: Iterable[str]) -> dict[str, LowerVersion]:
    """The newest version of each of these cycles that has one."""
    wanted = sorted(set(cycles))
    if not wanted:
        return {}
    newest = (
        select(col(Publication.cycle), func.max(col(Publication.version)).label("version"))
        .where(col(Publication.cycle).in_(wanted))
        .group_by(col(Publication.cycle))
        .subquery()
    )
    found = session.exec(
        select_rows(Publication, PublicationFile)
        .join(newest, (col(Publication.cycle) == newest.c.cycle) & (col(Publication.version) == newest.c.version))
        .join(
            PublicationFile,
            (col(PublicationFile.cycle) == Publication.cycle)
            & (col(PublicationFile.version) == Publication.version)
            & col(PublicationFile.path).in_(NEEDED)
            & col(PublicationFile.annex).is_(False),
            isouter=True,  # a unit's login sees that a version is there, and none of its files
        )
    )
    heads: dict[str, Publication] = {}
    files: dict[str, dict[str, Received]] = {}
    for head, file in found:
        heads[head.cycle] = head
        mine = files.setdefault(head.cycle, {})
        if file is not None:
            mine[file.path] = Received(file.path, file.sha256, file.size)
    return {
        cycle: LowerVersion(cycle, head.version, head.manifest_sha256, files[cycle]) for cycle, head in heads.items()
    }


def read_version(vault: Vault, version: LowerVersion) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Its results (frame RESULTS, published units alone) and the classes of each bloc, best first."""
    data = vault.get(version.files["results.csv"].sha256)
    results = pd.read_csv(io.BytesIO(data), dtype="str", keep_default_na=False)
    settings = json.loads(vault.get(version.files["inputs/cycle.json"].sha256))
    return results, {bloc["key"]: [band["name"] for band in bloc["bands"]] for bloc in settings["blocs"]}


def taken_versions(session: Session, cycle: str) -> dict[tuple[str, str], tuple[int, str]]:
    """(unit, lower cycle) -> version and manifest digest that the unit's statistics stand on."""
    standing = {one.id: unit for unit, one in latest(session, cycle, "lower").items()}
    by = ReceivedFile.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    rows = session.execute(select(by.submission, by.path, by.sha256).where(by.submission.in_(list(standing))))
    found = {}
    for submission, path, sha256 in rows:
        *_, lower, version, name = path.split("/")
        if name == "manifest.json":
            found[standing[submission], lower] = (int(version.removeprefix("v")), sha256)
    return found


def feeding(session: Session, instead: CycleSettings | None = None) -> dict[str, list[str]]:
    """cycle -> the cycles that feed it, of every registered cycle; `instead`: settings about to be registered."""
    found = {}
    for identity, settings in session.exec(select_rows(Cycle.id, Cycle.settings).order_by(Cycle.id)):
        found[identity] = _below(Lower(**link) for link in json.loads(settings).get("lower", ()))
    return found | ({instead.id: _below(instead.lower)} if instead else {})


def _below(links: Iterable[Lower]) -> list[str]:
    return list(dict.fromkeys(link.cycle for link in links))
