#!/usr/bin/env python3
"""Restore a backup into an empty installation and prove it: every object, every chain, up to the same audit heads.

    .venv/bin/python deploy/backup/restore.py FROM       FROM: one backup's folder, TO/<moment>

Settings come from the environment. Nothing that is there is overwritten: a database that holds cycles is refused.
"""

from __future__ import annotations

import getpass
import json
import os
import shutil
import sys
from pathlib import Path

from backup import call, heads, libpq, named_objects, pg_tool
from sqlalchemy.engine import make_url
from sqlmodel import select

from models.rules.errors import NotAllowedNow, PersonError, VerificationFailed, WrongCall
from models.storage.audit_chain import Head, verify
from models.storage.database import reading
from models.storage.settings import Settings
from models.storage.vault import open_vault
from models.storage.workspace import open_workspace
from models.tables import Cycle


def restore(place: Path) -> dict[str, dict[str, object]]:
    """Restore and verify; gives the audit heads. Raises VerificationFailed when anything is missing or differs."""
    settings = _settings()
    dump = place / ("parindex.sqlite" if settings.database_url.startswith("sqlite") else "parindex.dump")
    if not (place / "backup.json").is_file() or not dump.is_file():
        raise WrongCall(f"Không phải bản sao lưu cho cơ sở dữ liệu này / No backup for this database: {place}")
    if dump.suffix == ".sqlite":
        target = Path(make_url(settings.database_url).database or "")
        if target.exists():
            raise NotAllowedNow(f"Đã có cơ sở dữ liệu / There is a database already: {target}")
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(dump, target)
    else:
        work = open_workspace()  # makes the tables where there are none, to see whether anything is in them
        with reading(work.engine) as session:
            if session.exec(select(Cycle.id)).first() is not None:
                raise NotAllowedNow("Cơ sở dữ liệu đã có kỳ / The database holds cycles already")
        work.engine.dispose()
        words = ["--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error"]
        call([pg_tool("pg_restore"), *words, f"--dbname={libpq(settings.database_url)}", str(dump)])
    work = open_workspace()
    kept = open_vault(Settings.from_environment({"PARINDEX_STORE_URL": str(place.parent / "store")}, ""))
    for name in named_objects(work.engine):
        if not work.vault.has(name):
            work.vault.put(kept.get(name))
    told = json.loads((place / "backup.json").read_text(encoding="utf-8"))["at_least"]
    with reading(work.engine) as session:
        for cycle, stood in told.items():
            report = verify(session, cycle, [Head(stood["events"], stood["head"])])
            if report.problems:
                raise VerificationFailed(f"{cycle}: {report.problems[0]}")
    return heads(work.engine)


def _settings() -> Settings:
    return Settings.from_environment(os.environ, getpass.getuser())


def main() -> None:
    """The command line."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    try:
        found = restore(Path(sys.argv[1]).resolve())
    except PersonError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
    for cycle, one in found.items():
        print(f"✓ {cycle}: {one['events']} sự kiện / events, {one['head']}")


if __name__ == "__main__":
    main()
