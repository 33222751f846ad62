#!/usr/bin/env python3
"""Back an installation up into a folder: the database first, then every object it may name, then where chains stood.

    .venv/bin/python deploy/backup/backup.py TO          settings from the environment, as the program's own

Safe while the program works. TO may hold an earlier backup: objects that are there are not copied again, the database
is written anew under the moment's name, nothing is deleted. PostgreSQL needs pg_dump on the PATH, or PARINDEX_PG_BIN.
"""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine
from sqlalchemy.engine import make_url
from sqlmodel import select

from models.rules.errors import PersonError, StepFailed, WrongCall
from models.storage.audit_chain import head
from models.storage.database import reading
from models.storage.settings import Settings
from models.storage.vault import Vault, open_vault
from models.storage.workspace import open_workspace
from models.tables import Commendation, Cycle, PublicationFile, ReceivedFile


def heads(engine: Engine) -> dict[str, dict[str, object]]:
    """By cycle: how many events its chain has and how it ends."""
    with reading(engine) as session:
        cycles = list(session.exec(select(Cycle.id).order_by(Cycle.id)))
        found = {cycle: head(session, cycle) for cycle in cycles}
    return {cycle: {"events": one.count, "head": one.digest} for cycle, one in found.items()}


def dump_sqlite(url: str, to: Path) -> None:
    """A consistent copy of an SQLite file, made while others write."""
    name = make_url(url).database or ""
    with closing(sqlite3.connect(f"file:{name}?mode=ro", uri=True)) as source, closing(sqlite3.connect(to)) as target:
        source.backup(target)


def pg_tool(name: str) -> str:
    """PostgreSQL's own program. Raises WrongCall when it is not installed."""
    found = shutil.which(name, path=os.environ.get("PARINDEX_PG_BIN") or os.environ.get("PATH"))
    if found is None:
        raise WrongCall(
            f"Không có {name}; cài postgresql-client / {name} is missing: install it or set PARINDEX_PG_BIN"
        )
    return found


def libpq(url: str) -> str:
    """The address as PostgreSQL's own programs take it."""
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def call(words: list[str]) -> None:
    """Run one program. Raises StepFailed with what it said."""
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise StepFailed(f"{Path(words[0]).name}: {done.stderr.strip()}")


def copy_objects(vault: Vault, names: list[str], to: Path) -> int:
    """Copy what is not there yet, each checked against its digest; how many were copied."""
    kept = open_vault(Settings.from_environment({"PARINDEX_STORE_URL": str(to)}, ""))
    missing = [name for name in names if not kept.has(name)]
    for name in missing:
        kept.put(vault.get(name))
    return len(missing)


def named_objects(engine: Engine) -> list[str]:
    """Every object some row names."""
    with reading(engine) as session:
        named = (ReceivedFile.sha256, PublicationFile.sha256, Commendation.file)
        found = {name for column in named for name in session.exec(select(column))}
    return sorted(found - {""})


def backup(to: Path) -> Path:
    """Back up; gives the folder of this backup."""
    work = open_workspace()
    settings = work.settings
    at = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S.%fZ")
    place, aside = to / at, to / f".{at}"
    aside.mkdir(parents=True)
    before = heads(work.engine)
    if settings.database_url.startswith("sqlite"):
        dump_sqlite(settings.database_url, aside / "parindex.sqlite")
    else:
        call([pg_tool("pg_dump"), "--format=custom", f"--file={aside / 'parindex.dump'}", libpq(settings.database_url)])
    copied = copy_objects(work.vault, named_objects(work.engine), to / "store")
    told = {"taken_at": at, "at_least": before, "objects_copied": copied}
    (aside / "backup.json").write_text(json.dumps(told, indent=1, sort_keys=True) + "\n", encoding="utf-8")
    aside.rename(place)  # a backup that broke off has no name
    return place


def main() -> None:
    """The command line."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        sys.exit(__doc__)
    try:
        place = backup(Path(sys.argv[1]).resolve())
    except PersonError as error:
        print(error, file=sys.stderr)
        sys.exit(error.exit_status)
    print(f"Đã sao lưu / backed up: {place}")


if __name__ == "__main__":
    main()
