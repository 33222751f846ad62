"""What other cycles lie in the database costs a cycle nothing: every question is answered through an index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import small_cycle
from sqlalchemy import Engine, event

# One row per cycle, or per thing somebody set up: read whole because it is small.
SMALL = {"alembic_version", "cycle", "sqlite_master"}
FOUND = "anon_"  # what a subquery found, itself asked for by an index
ASKING = ("SELECT", "UPDATE", "DELETE", "INSERT", "WITH")


@pytest.fixture
def asked() -> Iterator[set[str]]:
    """Every statement put to a database from here on."""
    said: set[str] = set()

    def listen(connection, cursor, statement, parameters, context, executemany) -> None:  # type: ignore[no-untyped-def]
        said.add(statement)

    event.listen(Engine, "before_cursor_execute", listen)
    yield said
    event.remove(Engine, "before_cursor_execute", listen)


def test_no_step_reads_a_table_from_end_to_end(installation, tmp_path: Path, asked: set[str]) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert parindex("run", folder) == 0, parindex.err
    for words in (("status",), ("history",), ("explain", "alpha"), ("rerun", "--yes", "--reason", "x"), ("publish",)):
        assert parindex(words[0], "nho-2020", *words[1:]) == 0, parindex.err
    statements = [one for one in asked if one.lstrip().upper().startswith(ASKING)]
    assert len(statements) > 60
    database = sqlite3.connect(parindex.home / "parindex.sqlite")
    scans = set()
    for statement in statements:
        for *_, told in database.execute(f"EXPLAIN QUERY PLAN {statement.replace('?', '1')}"):  # no value matters
            table = told.split()[1] if told.startswith("SCAN") else ""
            if (
                table
                and table not in SMALL
                and not table.startswith(FOUND)
                and "VIRTUAL" not in told
                and told != "SCAN CONSTANT ROW"
            ):
                scans.add((told, statement))
    assert not scans, "\n\n".join(f"{told}\n{statement}" for told, statement in sorted(scans))


def test_a_file_that_was_evidence_last_year_is_told_and_only_then(installation, tmp_path: Path) -> None:
    parindex, last = installation(), small_cycle.files()
    named = last["inbox/alpha/evidence.csv"].replace("Kế hoạch,,", "Kế hoạch,kh.pdf,")
    last |= {"inbox/alpha/evidence.csv": named, "inbox/alpha/evidence/kh.pdf": small_cycle.pdf("Kế hoạch")}
    assert parindex("run", small_cycle.write(tmp_path / "last", last)) == 0, parindex.err
    told = "code,text,file\n1.1.1,Xem kèm,kh.pdf\n"
    this = last | {
        "cycle.yaml": small_cycle.CYCLE.replace("nho-2020", "nho-2021").replace("2020", "2021"),
        "inbox/beta/explanations.csv": told,
        "inbox/beta/evidence/kh.pdf": last["inbox/alpha/evidence/kh.pdf"],
        "inbox/gamma/explanations.csv": told,
        "inbox/gamma/evidence/kh.pdf": small_cycle.pdf("Kế hoạch mới"),
    }
    assert parindex("run", small_cycle.write(tmp_path / "this", this)) == 0, parindex.err
    found = {
        cycle: [line.split(",")[0] for line in lines if "evidence-same-as-last-year" in line]
        for cycle in ("nho-2020", "nho-2021")
        for lines in [(parindex.home / "cycles" / cycle / "findings.csv").read_text().splitlines()]
    }
    assert found == {"nho-2020": [], "nho-2021": ["alpha", "beta"]}
