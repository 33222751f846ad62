"""Writes a published version out of the vault, every byte checked against its digest."""

from __future__ import annotations

from pathlib import Path

from models.actions.publish import published_files
from models.rules.errors import WrongCall
from models.storage.database import reading
from models.storage.workspace import Workspace


def check_local(to: Path) -> None:
    """Raises WrongCall for a place that is no folder of this machine."""
    if str(to).startswith("s3:"):
        raise WrongCall(f"--to: một thư mục trên máy / a folder of this machine: {to}")


def check_empty(to: Path) -> None:
    """Raises WrongCall unless `to` is a folder of this machine that is empty or new."""
    check_local(to)
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise WrongCall(f"Thư mục phải trống / The folder must be empty: {to}")


def export_version(
    workspace: Workspace, cycle: str, to: Path, version: int, annex: bool, only: str = ""
) -> tuple[int, int]:
    """Write version (0: the newest) below `to`, which must be empty or new; returns version and number of files.

    annex: with every closed annex; only: with the closed annex of this name alone, for its addressee. Raises
    NotAllowedNow before the first publication, WrongCall for a version or folder that does not fit.
    """
    check_local(to)
    with reading(workspace.engine) as session:
        number, files = published_files(session, cycle, version)
    names = {file.path.removesuffix("/manifest.json") for file in files if file.annex and "/manifest.json" in file.path}
    if only and only not in names:
        raise WrongCall(f"Không có phụ lục {only} / There is no annex {only}: {', '.join(sorted(names)) or '–'}")
    check_empty(to)
    count = 0
    for file in files:
        if file.annex and not (annex or (only and file.path.startswith(f"{only}/"))):
            continue
        target = to / "annex" / file.path if file.annex else to / file.path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(workspace.vault.get(file.sha256))
        count += 1
    return number, count
