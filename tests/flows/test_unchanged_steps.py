"""A step that would read and leave exactly what its last complete run did tells the same and computes nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import small_cycle

from models.rules.steps import STEPS
from models.storage import software
from models.storage.database import open_database, transaction
from models.storage.settings import Settings
from models.storage.step_basis import basis_of, keep, kept_outcome
from models.storage.workspace import utc_now
from models.tables import StageLock

CYCLE = "nho-2020"


def computed(home: Path) -> set[str]:
    """Steps whose last run did all its work."""
    with sqlite3.connect(home / "parindex.sqlite") as database:
        last = dict(database.execute("SELECT step, id FROM step_run ORDER BY started_at"))
        kept = dict(database.execute("SELECT step, run FROM step_basis"))
    return {step for step in STEPS if kept.get(step, last[step]) == last[step]}


def told(parindex) -> list[str]:
    """What a run said of its steps."""
    return [line for line in parindex.out.splitlines() if line[:1] in "✓…✗"]


def unfinished(tmp_path: Path, installation) -> tuple[Callable[..., int], Path]:
    """A cycle that has been run, and waits for statistics.csv."""
    parindex, made = installation(), small_cycle.files()
    del made["statistics.csv"]
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder) == 0, parindex.err
    assert computed(parindex.home) == set(STEPS)
    return parindex, folder


def test_a_published_cycle_run_again_computes_nothing_and_is_recorded(installation, tmp_path: Path) -> None:
    parindex, folder = installation(), small_cycle.write(tmp_path / "c", small_cycle.files())
    assert parindex("run", folder) == 0, parindex.err
    assert parindex("run", folder) == 0, parindex.err
    assert computed(parindex.home) == set()
    short = told(parindex)
    (parindex.home / "data_docs" / CYCLE / "evidence.html").unlink()
    assert parindex("rerun", CYCLE, "--step", "publish", "--yes") == 0
    assert computed(parindex.home) == {"publish"}
    assert short[-1] == told(parindex)[0] == "✓ publish: version 1, new 0 · đã công bố / already published"
    assert parindex("run", CYCLE) == 0
    assert computed(parindex.home) == {"validate", "publish"}  # the page was gone; findings it made are published
    assert told(parindex) == short
    assert parindex("history", CYCLE, "--json") == 0
    runs = json.loads(parindex.out)["runs"]
    assert len(runs) == 16
    assert all(run["state"] == "done" for run in runs)
    assert parindex("audit", "verify", CYCLE) == 0


def test_a_waiting_cycle_tells_again_what_it_waits_for(installation, tmp_path: Path) -> None:
    parindex, _ = unfinished(tmp_path, installation)
    parindex("run", CYCLE)
    assert computed(parindex.home) == set()
    short = told(parindex)
    assert "statistics-missing" in parindex.out
    parindex("rerun", CYCLE, "--step", "publish", "--yes")
    assert told(parindex) == short[-1:]


CHANGES = {
    "inbox/beta/self_assessment.csv": "collect",
    "inbox/beta/evidence.csv": "collect",
    "inbox/beta/nobody-names-it.pdf": "validate",
    "appraisal/tu-phap/marks.csv": "appraise",
    "exemptions.csv": "appraise",
    "survey/responses.csv": "survey",
    "statistics.csv": "survey",
    "adjustments.csv": "publish",
    "previous/results.csv": "publish",
}


@pytest.mark.parametrize("path", CHANGES)
def test_a_step_computes_when_a_byte_of_what_it_reads_changed(installation, tmp_path: Path, path: str) -> None:
    parindex, folder = unfinished(tmp_path, installation)
    place = folder / path
    before = place.read_bytes() if place.exists() else b""
    place.write_bytes(
        before[:-2] + before[-1:] + b" " if before else b"unit,code,points,source\n"
    )  # of a form: as long as it was
    parindex("run", CYCLE)
    assert CHANGES[path] in computed(parindex.home)
    assert "publish" in computed(parindex.home)
    assert before == b"" or place.stat().st_size == len(before)


def test_a_step_computes_when_a_file_is_gone(installation, tmp_path: Path) -> None:
    parindex, folder = unfinished(tmp_path, installation)
    (folder / "inbox/beta/evidence.csv").unlink()
    parindex("run", CYCLE)
    assert {"collect", "validate", "publish"} <= computed(parindex.home)


def test_every_step_computes_under_other_software(
    installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parindex, _ = unfinished(tmp_path, installation)
    monkeypatch.setattr("models.storage.step_basis.computing", lambda: software.computing() + "newer")
    parindex("run", CYCLE)
    assert computed(parindex.home) == set(STEPS)


@pytest.mark.parametrize("words", [("rerun", CYCLE, "--step", "appraise", "--yes"), ("lock", CYCLE, "explanation")])
def test_a_step_computes_when_asked_to_run_again_or_after_a_lock(installation, tmp_path: Path, words) -> None:
    parindex, _ = unfinished(tmp_path, installation)
    assert parindex(*words) in (0, 3)
    if words[0] == "lock":
        parindex("run", CYCLE)
    assert "appraise" in computed(parindex.home)


def test_what_came_after_a_lock_is_told_at_every_run(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["inbox/beta/evidence/a.pdf"] = small_cycle.pdf("a")
    made["inbox/beta/evidence.csv"] = str(made["inbox/beta/evidence.csv"]).replace("Kế hoạch,,", "Kế hoạch,a.pdf,")
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "survey") == 0, parindex.err
    assert parindex("lock", CYCLE, "self_assessment") == 0
    (folder / "inbox/beta/evidence/a.pdf").unlink()
    for _ in range(2):
        assert parindex("collect", CYCLE) == 6
        assert "stage-locked" in (parindex.home / f"cycles/{CYCLE}/findings.csv").read_text("utf-8")


def test_a_run_that_was_interrupted_leaves_nothing_to_repeat(installation, tmp_path: Path) -> None:
    parindex, _ = unfinished(tmp_path, installation)
    with sqlite3.connect(parindex.home / "parindex.sqlite") as database:
        database.execute(
            "INSERT INTO step_run (id, cycle, step, started_at, heartbeat_at, state) "
            "VALUES ('gone', ?, 'validate', '2020-01-01', '2020-01-01', 'running')", (CYCLE,),
        )  # fmt: skip
    parindex("run", CYCLE)
    assert computed(parindex.home) == {"validate", "publish"}


def test_a_run_of_one_unit_leaves_nothing_to_repeat(installation, tmp_path: Path) -> None:
    parindex, folder = unfinished(tmp_path, installation)
    form = folder / "inbox/beta/self_assessment.csv"
    form.write_text(form.read_text().replace("8,10", "7,10"))
    assert parindex("rerun", CYCLE, "--unit", "beta", "--yes") == 0, parindex.err
    parindex("run", CYCLE)
    assert {"collect", "validate", "appraise", "publish"} <= computed(parindex.home)


def test_what_changed_while_a_step_ran_is_not_taken_for_what_it_read(installation, tmp_path: Path) -> None:
    parindex, _ = unfinished(tmp_path, installation)
    engine = open_database(Settings.from_environment({"PARINDEX_HOME": str(parindex.home)}, "x"))
    with transaction(engine) as session:
        before = basis_of(session, CYCLE, "publish", "")
        keep(session, "run", before, {"done": {}})
        assert kept_outcome(session, before) == {"done": {}}
        session.add(StageLock(cycle=CYCLE, stage="explanation", at=utc_now(), by="x", reason=""))
        session.flush()
        keep(session, "run", before, {"done": {}})
        assert kept_outcome(session, before) is None
        assert kept_outcome(session, basis_of(session, CYCLE, "publish", "")) is None
    engine.dispose()
