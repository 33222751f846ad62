"""The secretariat's desk end to end: closed analyses, documents on demand, what-if that leaves nothing behind."""

from __future__ import annotations

import contextlib
import csv
import io
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import small_cycle
from pypdf import PdfReader

from flows import cli, workplace
from flows.reports.version import read_version
from models.rules.insight.what_if import SIMULATION
from models.rules.roles import MAY, Doing, Role

WHAT_IF = 'maxima:\n  - {code: "2.2", maximum: "8"}\nleaf: {unit: gamma, code: "1.2", points: "3"}\n'


@dataclass(frozen=True)
class Desk:
    """A published small cycle and its command line; `call` gives exit status and what was said."""

    place: Path
    call: Callable[..., tuple[int, str]]

    def export(self, name: str, *options: str) -> Path:
        to = self.place / name
        if not to.exists():
            assert self.call("export", "nho-2020", "--to", to, *options)[0] == 0
        return to


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    place = tmp_path_factory.mktemp("desk")

    def call(*words: object) -> tuple[int, str]:
        workplace.opened.cache_clear()
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            status = cli.call([str(word) for word in words])
        return status, said.getvalue()

    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "STORE_URL", "S3_ENDPOINT_URL", "SIGNING_KEY"):
            patch.delenv(f"PARINDEX_{name}", raising=False)
        patch.setenv("PARINDEX_HOME", str(place / "home"))
        status, said = call("run", small_cycle.write(place / "c", small_cycle.files()))
        assert status == 0, said
        yield Desk(place, call)
        workplace.opened.cache_clear()


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))))


# ------------------------------------------------------ the closed analyses


def test_analyses_stand_in_the_annex_alone_and_verify_passes_with_and_without_it(desk: Desk) -> None:
    plain, closed = desk.export("plain"), desk.export("closed", "--annex")
    assert not (plain / "annex").exists()
    inside = {path.relative_to(closed / "annex").as_posix() for path in (closed / "annex").rglob("*") if path.is_file()}
    assert "manifest.json" in inside
    assert "analysis/index.html" in inside
    assert {path for path in inside if not path.startswith("analysis/")} == {"manifest.json"}
    for folder in (plain, closed):
        assert desk.call("verify", folder)[0] == 0
    assert b"analysis" not in (plain / "manifest.json").read_bytes()


def test_a_changed_analysis_is_found(desk: Desk, tmp_path: Path) -> None:
    assert desk.call("export", "nho-2020", "--to", tmp_path / "x", "--annex")[0] == 0
    page = tmp_path / "x/annex/analysis/gaps_by_unit.csv"
    page.write_bytes(page.read_bytes().replace(b"alpha", b"alphx"))
    assert desk.call("verify", tmp_path / "x")[0] == 5


def test_gaps_are_those_of_the_results(desk: Desk) -> None:
    closed = desk.export("closed", "--annex")
    results = {row["unit"]: row for row in rows(closed / "results.csv")}
    for row in rows(closed / "annex/analysis/gaps_by_unit.csv"):
        assert row["self_points"] == results[row["unit"]]["self_points"]
        assert row["appraised_points"] == results[row["unit"]]["appraised_points"]
        assert row["gap"] == "0.25000"  # 2.5 claimed, 2.25 given for 1.2
    (strict,) = [row for row in rows(closed / "annex/analysis/gaps_by_appraiser.csv") if row["appraiser"] == "tu-phap"]
    assert (strict["gap"], strict["leaves"], strict["lowered"]) == ("0.75000", "3", "3")


def test_figures_of_a_small_group_are_told_by_no_analysis(desk: Desk) -> None:
    closed = desk.export("closed", "--annex") / "annex/analysis"
    told = [row for row in rows(closed / "survey.csv") if row["unit"] == "alpha"]
    assert [(row["group"], row["valid"]) for row in told] == [("", "7")]  # six people and one leader: never apart
    for path in closed.iterdir():
        assert b"lanh_dao" not in path.read_bytes(), path


def test_units_and_appraisers_may_not_see_what_is_closed() -> None:
    assert MAY[Doing.CLOSED] == {Role.SECRETARIAT, Role.COUNCIL, Role.AUDITOR, Role.ADMIN}


# ------------------------------------------------------ documents


def test_documents_come_from_the_version_and_are_the_same_every_time(desk: Desk, tmp_path: Path) -> None:
    for name in ("one", "two"):
        status, said = desk.call("report", "nho-2020", "--to", tmp_path / name, "--annex")
        assert status == 0, said
    one, two = (
        {
            path.relative_to(tmp_path / name).as_posix(): path.read_bytes()
            for path in (tmp_path / name).rglob("*")
            if path.is_file()
        }
        for name in ("one", "two")
    )
    assert one == two
    assert set(one) == {"checkpoint.txt", "deck.xlsx", "annex/analysis.xlsx"} | {
        f"{name}.{kind}"
        for name in ("decision-annex", "minutes", *(f"letters/{unit}" for unit in small_cycle.UNITS))
        for kind in ("docx", "pdf")
    }
    assert desk.call("audit", "verify", "nho-2020", "--checkpoint", tmp_path / "one/checkpoint.txt")[0] == 0


def test_the_checkpoint_in_the_minutes_is_one_the_verifier_accepts(desk: Desk, tmp_path: Path) -> None:
    assert desk.call("report", "nho-2020", "--to", tmp_path / "r")[0] == 0
    said = " ".join(page.extract_text() for page in PdfReader(tmp_path / "r/minutes.pdf").pages)
    version = read_version(workplace.workplace(), "nho-2020").main
    assert version.head.digest in said
    assert version.manifest in said
    folder = desk.export("plain")
    from flows.publication import verify

    assert verify.main([str(folder), "--checkpoint", version.checkpoint]) == 0
    assert verify.main([str(folder), "--checkpoint", f"{version.head.count}:{'0' * 64}"]) == 5
    assert version.manifest in (folder / "manifest.sha256").read_text()


def test_one_units_letter_alone(desk: Desk, tmp_path: Path) -> None:
    assert desk.call("report", "nho-2020", "--to", tmp_path / "r", "--unit", "beta")[0] == 0
    assert sorted(path.name for path in (tmp_path / "r").rglob("*") if path.is_file()) == ["beta.docx", "beta.pdf"]
    assert desk.call("report", "nho-2020", "--to", tmp_path / "s", "--unit", "omega")[0] == 2
    assert desk.call("report", "nho-2020", "--to", tmp_path / "t", "--version", "9")[0] == 2
    assert desk.call("report", "nho-2020", "--to", tmp_path / "r")[0] == 2  # not empty


# ------------------------------------------------------ what if


def left(desk: Desk) -> tuple[list[str], dict[str, bytes]]:
    """Everything the installation keeps: the database as SQL, and every other file below its store and cycles."""
    home = desk.place / "home"
    with contextlib.closing(sqlite3.connect(f"file:{home / 'parindex.sqlite'}?mode=ro", uri=True)) as database:
        dump = list(database.iterdump())
    kept = [path for room in ("store", "cycles") for path in (home / room).rglob("*") if path.is_file()]
    return dump, {path.relative_to(home).as_posix(): path.read_bytes() for path in kept}


def test_a_simulation_is_marked_and_leaves_database_vault_and_chain_as_they_were(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(WHAT_IF, encoding="utf-8")
    before = left(desk)
    status, said = desk.call("what-if", "nho-2020", tmp_path / "x.yaml", "--to", tmp_path / "w")
    assert status == 0, said
    assert left(desk) == before
    assert SIMULATION in said
    told = rows(tmp_path / "w/mo-phong.csv")
    assert {row["simulation"] for row in told} == {SIMULATION}
    assert (tmp_path / "w/mo-phong.html").read_text(encoding="utf-8").count(SIMULATION) >= 3
    results = {row["unit"]: row for row in rows(desk.export("plain") / "results.csv")}
    assert {row["unit"]: row["index_before"] for row in told} == {unit: row["index"] for unit, row in results.items()}
    assert any(row["index_after"] != row["index_before"] for row in told)


def test_nothing_takes_a_simulation_for_a_publication_or_a_cycle(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text(WHAT_IF, encoding="utf-8")
    assert desk.call("what-if", "nho-2020", tmp_path / "x.yaml", "--to", tmp_path / "w")[0] == 0
    before = left(desk)
    assert desk.call("verify", tmp_path / "w")[0] == 2
    assert desk.call("cycle", "open", tmp_path / "w")[0] == 2
    assert desk.call("run", tmp_path / "w")[0] in (2, 3)
    assert desk.call("correct", "nho-2020", tmp_path / "x.yaml")[0] == 3
    assert desk.call("publish", "nho-2020")[0] == 0  # the same inputs: nothing new
    assert [row for row in left(desk)[0] if "publication_file" in row] == [
        row for row in before[0] if "publication_file" in row
    ]


def test_a_what_if_file_that_says_other_things_is_refused_with_line_and_remedy(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "x.yaml").write_text('maxima:\n  - {code: "1.2", maximum: "3", weight: "2"}\n', encoding="utf-8")
    status, said = desk.call("what-if", "nho-2020", tmp_path / "x.yaml")
    assert status == 3
    assert "x.yaml:2" in said
    assert "yaml-unknown-key" in said
    assert "Sửa tên khoá" in said
    assert desk.call("what-if", "nho-2020", tmp_path / "absent.yaml")[0] == 2


def test_the_docs_name_every_file_of_documents_and_analyses(desk: Desk, tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "desk.md").read_text(encoding="utf-8")
    analysis = desk.export("closed", "--annex") / "annex/analysis"
    assert {path.name for path in analysis.iterdir() if f"`{path.name}`" not in page} == set()
    assert desk.call("report", "nho-2020", "--to", tmp_path / "r")[0] == 0
    there = {path.name for path in (tmp_path / "r").iterdir() if path.is_file() and path.suffix != ".pdf"}
    assert {name for name in there if f"`{name}`" not in page} == set()
