"""The benchmarks measure right answers: their cycles are what they say, and a wrong answer ends them."""

from __future__ import annotations

import csv
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DOCS = HERE.parents[1] / "docs"
sys.path[:0] = [str(HERE), str(HERE / "variants")]

import plain_steps
from checked import check_exact, check_export, check_floats, shown
from counts import BETWEEN, statements
from figures import ratio
from generate import generate
from measuring import measured
from oracle import Truth, truth
from plot import digest, draw
from report import markdown
from sizes import COUNTRY, SIZES, chosen
from targets import TARGETS

UNITS, LEAVES = 12, 20
Made = tuple[Path, Truth]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Made:
    """A small cycle with three PDFs a unit, and what must come out."""
    folder = tmp_path_factory.mktemp("bench") / "cycle"
    generate(folder, UNITS, LEAVES, 3_000, files=3)
    return folder, truth(folder, LEAVES)


def whole(folder: Path, out: Path) -> Path:
    """The five plain steps."""
    inputs = plain_steps.gather(folder)
    plain_steps.publish(inputs, plain_steps.totals_of(inputs), out)
    return out


def bytes_of(folder: Path) -> str:
    """One digest of all files."""
    found = hashlib.sha256()
    for path in sorted(one for one in folder.rglob("*") if one.is_file()):
        found.update(path.relative_to(folder).as_posix().encode() + b"\0" + path.read_bytes())
    return found.hexdigest()


def test_a_cycle_is_generated_with_the_same_bytes_on_any_machine(made: Made) -> None:
    assert bytes_of(made[0]) == "7a5fe5617caf22cc70912c6bda4a85ad6811a82ae4a4a4b672137af57f94936b"


def test_csv_and_xlsx_forms_hold_the_same(made: Made, tmp_path: Path) -> None:
    generate(tmp_path / "xlsx", UNITS, LEAVES, 3_000, files=3, form="xlsx")
    frames = []
    for folder in (made[0], tmp_path / "xlsx"):
        base = plain_steps.register(folder)
        frames.append(plain_steps.collect(base, folder, base.units["unit"].tolist()))
    for ours, theirs in zip(*frames, strict=True):
        assert ours.to_dict("records") == theirs.to_dict("records")


def test_a_made_up_cycle_uses_every_rule_kind_and_holds_answers_that_do_not_count(made: Made) -> None:
    kinds = {type(leaf.rule).__name__ for leaf in plain_steps.register(made[0]).frameworks["do"].leaves}
    assert kinds == {"PassFail", "Ratio", "Deduction", "Tiers", "Choice", "Judgement", "Survey"}
    with open(made[0] / "survey/responses.csv", encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert any(row["answer"] == "X" for row in rows)
    assert len({(row["unit"], row["question"], row["respondent"]) for row in rows}) < len(rows)


def test_the_rules_agree_with_the_oracle_to_the_last_fraction(made: Made, tmp_path: Path) -> None:
    said = check_exact(made[1], whole(made[0], tmp_path / "results.csv"))
    assert said == {"against": "oracle", "units": UNITS, "exact": True}


def test_a_wrong_answer_ends_the_benchmark(made: Made, tmp_path: Path) -> None:
    right = whole(made[0], tmp_path / "results.csv").read_text(encoding="utf-8")
    unit = next(iter(made[1].index))
    index = str(made[1].index[unit])
    (tmp_path / "results.csv").write_text(right.replace(f",{index}\n", f",{index}1\n"), encoding="utf-8")
    with pytest.raises(SystemExit, match=unit):
        check_exact(made[1], tmp_path / "results.csv")
    (tmp_path / "results.csv").write_text(right.replace(shown(made[1], unit)["points"], "1.00000"), encoding="utf-8")
    with pytest.raises(SystemExit, match=unit):
        check_export(made[1], tmp_path)
    (tmp_path / "results.csv").write_text(right.rsplit("\n", 2)[0] + "\n", encoding="utf-8")
    with pytest.raises(SystemExit, match="not the 12"):
        check_exact(made[1], tmp_path / "results.csv")


def test_the_floor_reads_both_spellings_and_agrees_to_rounding(made: Made, tmp_path: Path) -> None:
    generate(tmp_path / "xlsx", UNITS, LEAVES, 3_000, form="xlsx")
    for folder in (made[0], tmp_path / "xlsx"):
        out = tmp_path / f"{folder.name}.csv"
        found = measured([sys.executable, str(HERE / "variants/floor.py"), str(folder), str(out)], os.environ)
        assert check_floats(made[1], out)["ranks_off"] == 0
        assert found["cpu_s"] > 0
        assert found["peak_own_mib"] == found["peak_mib"], "the floor starts nothing else"


@pytest.mark.slow
def test_the_dagster_job_gives_the_exact_answer(made: Made, tmp_path: Path) -> None:
    pytest.importorskip("dagster", reason="dagster is not installed: it is in the extra `bench`")
    (tmp_path / "dagster.yaml").write_text("telemetry:\n  enabled: false\n", encoding="utf-8")
    words = [sys.executable, str(HERE / "variants/dagster_job.py"), str(made[0]), str(tmp_path / "results.csv")]
    environ = os.environ | {"DAGSTER_HOME": str(tmp_path), "DAGSTER_DISABLE_TELEMETRY": "true"}
    subprocess.run(words, env=environ, check=True, capture_output=True)
    assert check_exact(made[1], tmp_path / "results.csv")["exact"]


def test_statements_are_laid_at_the_step_they_fall_into(tmp_path: Path) -> None:
    import sqlite3

    with sqlite3.connect(tmp_path / "parindex.sqlite") as database:
        database.execute("CREATE TABLE step_run (step, started_at, ended_at)")
        for step, began, ended in (("collect", "00:10", "00:20"), ("validate", "00:30", "00:40")):
            database.execute(
                "INSERT INTO step_run VALUES (?, ?, ?)", (step, f"1970-01-01 00:{began}", f"1970-01-01 00:{ended}")
            )
    (tmp_path / "moments.json").write_text("[5, 11, 19.5, 25, 39]", encoding="utf-8")
    assert statements(tmp_path, tmp_path / "moments.json") == {BETWEEN: 2, "collect": 2, "validate": 1}


def test_a_ratio_is_taken_within_each_repeat() -> None:
    above, below = (
        [{"wall_s": 2.0}, {"wall_s": 30.0}, {"wall_s": 4.0}],
        [{"wall_s": 1.0}, {"wall_s": 10.0}, {"wall_s": 1.0}],
    )
    found = ratio(above, below)
    assert (found.median, found.least, found.most) == (3.0, 2.0, 4.0)


def test_every_target_that_nobody_measured_is_said_to_be_so() -> None:
    page = markdown({"environments": {}, "parts": {}})
    assert page.count("not measured") == len(TARGETS)
    assert "missed" not in page


def test_a_missed_target_stands_with_its_cause() -> None:
    run = {"leaves": 1000, "score_s": 1.0, "totals_s": 1.0}
    part = {"kind": "scoring", "holds": {"units": 3321}, "runs": [run], "environment": "e"}
    facts = {"e": {"date": "2026-01-01", "note": "máy đang bận"}}
    page = markdown({"environments": facts, "parts": {f"scoring:{COUNTRY.id}": part}})
    assert "0.00 million leaves/s | **missed**" in page
    assert "- *the pure rules alone" in page
    assert "máy đang bận" in page


def test_a_target_is_neither_met_nor_missed_at_another_size_than_its_own() -> None:
    run = {"leaves": 1000, "score_s": 1.0, "totals_s": 1.0}
    part = {"kind": "scoring", "holds": {"units": 10}, "runs": [run], "environment": "e"}
    page = markdown({"environments": {"e": {"date": "2026-01-01"}}, "parts": {"scoring:10x100-1k-csv": part}})
    assert "0.00 million leaves/s | not measured at its size | `10x100-1k-csv`" in page
    assert "missed" not in page


def test_only_selects_parts_by_a_word_of_their_id() -> None:
    assert {part.kind for part in chosen("small", "scoring,xlsx:")} == {"scoring", "xlsx"}
    for size, parts in SIZES.items():
        assert len({part.id for part in parts}) == len(parts), size
        assert [part.id for part in chosen(size, "")] == [part.id for part in parts]


def test_the_drawing_stands_for_the_published_results() -> None:
    results = json.loads((DOCS / "performance.json").read_text(encoding="utf-8"))
    assert digest(results) in (DOCS / "performance.svg").read_text(encoding="utf-8"), (
        "make bench INTO=docs/performance.json"
    )


def test_the_same_results_are_drawn_with_the_same_bytes(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib", reason="matplotlib is not installed: it is in the extra `bench`")
    results = json.loads((DOCS / "performance.json").read_text(encoding="utf-8"))
    for name in ("one", "two"):
        draw(results, tmp_path / f"{name}.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "two.svg").read_bytes()
    assert "parindex run" in (tmp_path / "one.svg").read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.timeout(900)  # a fresh installation, four variants, an export
def test_a_whole_small_part_is_measured_and_written(tmp_path: Path) -> None:
    pytest.importorskip("dagster", reason="dagster is not installed: it is in the extra `bench`")
    into = tmp_path / "bench.json"
    words = [sys.executable, str(HERE / "run.py"), "--only", "case:29x60", "--repeats", "1", "--into", str(into)]
    subprocess.run(words, check=True, capture_output=True)
    part = json.loads(into.read_text(encoding="utf-8"))["parts"]["case:29x60-10k-csv"]
    assert {name: said["exact"] for name, said in part["checked"].items()} == {
        "floor": False, "engine": True, "dagster": True, "naive": True,
    }  # fmt: skip
    assert set(part["runs"]["engine"][0]["sql"]) == {"collect", "validate", "appraise", "survey", "publish", BETWEEN}
    assert part["runs"]["engine"][0]["task_runs"]["publish"] >= 1
