"""What an earlier release recorded and published stays as it was when a later one takes over.

earlier/ holds, for every migration up to the first release and every release since, an installation as that program
left it: the small cycle, published on SQLite with a folder, and its export. A release adds its own before the next
migration is written: parindex.sqlite (after a checkpoint of its log), store/ and exported/, packed by tar.
"""

from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import pytest

from models.storage.database import MIGRATIONS

EARLIER = sorted(Path(__file__).with_name("earlier").glob("*.tar.xz"))
NEWEST = max(path.name[:4] for path in (MIGRATIONS / "versions").glob("[0-9]*.py"))
CORRECTION = """
decision: 12/QĐ-UBND
decided_by: Hội đồng thẩm định
reason: Sót điểm thưởng
corrections:
  - {unit: alpha, kind: bonus, points: "0.5"}
"""


@pytest.mark.parametrize("packed", EARLIER, ids=lambda path: path.name.removesuffix(".tar.xz"))
def test_an_earlier_installation_is_taken_over_with_all_it_holds(installation, packed: Path, tmp_path: Path) -> None:
    parindex = installation()
    parindex.home.mkdir()
    with tarfile.open(packed) as archive:
        archive.extractall(parindex.home, filter="data")
    database = parindex.home / "parindex.sqlite"
    before = asked(database, "SELECT cycle, seq, digest FROM audit_event ORDER BY cycle, seq")

    assert parindex("audit", "verify", "nho-2020") == 0, parindex.err
    assert asked(database, "SELECT version_num FROM alembic_version") == [(NEWEST,)]
    assert asked(database, "SELECT cycle, seq, digest FROM audit_event ORDER BY cycle, seq") == before
    exported = parindex.home / "exported"
    kept = {path.relative_to(exported).as_posix(): path.read_bytes() for path in exported.rglob("*") if path.is_file()}
    assert parindex.exported("nho-2020") == kept

    decided = tmp_path / "12.yaml"
    decided.write_text(CORRECTION, encoding="utf-8")
    assert parindex("correct", "nho-2020", decided) == 0, parindex.err
    assert parindex("audit", "verify", "nho-2020") == 0, parindex.err
    after = asked(database, "SELECT cycle, seq, digest FROM audit_event ORDER BY cycle, seq")
    assert after[: len(before)] == before
    assert after[len(before) :]
    assert parindex.exported("nho-2020") == kept


def asked(database: Path, query: str) -> list[tuple[object, ...]]:
    """The rows a query finds."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(query).fetchall()
