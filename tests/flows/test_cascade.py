"""A lower cycle's results become a higher cycle's statistics: exact, traceable, and never changed in silence."""

from __future__ import annotations

import contextlib
import csv
import hashlib
import io
import json
import shutil
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest
import small_cycle

from flows import cli, workplace

LOWER, UPPER = "nho-2020", "cao-2020"
LINKS = """\
lower:
  - {cycle: nho-2020, bloc: so, unit: huyen-a, code: "2.2", take: mean}
  - {cycle: nho-2020, bloc: so, unit: huyen-c, code: "2.2", take: mean}
"""
CORRECTION = """\
decision: 9/QĐ-UBND
decided_by: Chủ tịch
reason: Đính chính
corrections:
  - {unit: alpha, code: "1.2", round: 2, points: "0.5"}
"""


@dataclass
class Place:
    """An installation, and what its last command said."""

    home: Path
    said: str = ""

    def __call__(self, *words: object) -> int:
        """Perform a command."""
        workplace.opened.cache_clear()
        out = io.StringIO()
        with pytest.MonkeyPatch.context() as patch, contextlib.redirect_stdout(out), contextlib.redirect_stderr(out):
            for name in ("DATABASE_URL", "STORE_URL", "S3_ENDPOINT_URL", "SIGNING_KEY"):
                patch.delenv(f"PARINDEX_{name}", raising=False)
            patch.setenv("PARINDEX_HOME", str(self.home))
            status = cli.call([str(word) for word in words])
        self.said = out.getvalue()
        workplace.opened.cache_clear()
        return status

    def copy(self, to: Path) -> Place:
        """The same installation somewhere else; the cycle folders stay where they are."""
        shutil.copytree(self.home, to)
        return Place(to)

    def export(self, cycle: str, to: Path) -> dict[str, bytes]:
        """A fresh export with annex, by path."""
        assert self("export", cycle, "--to", to, "--annex") == 0, self.said
        return {path.relative_to(to).as_posix(): path.read_bytes() for path in to.rglob("*") if path.is_file()}


@dataclass
class Story:
    """Two levels. waiting: the upper cycle ran, the lower one is published since; done: both are published."""

    upper: Path
    waiting: Place
    said_waiting: str
    done: Place
    below: dict[str, bytes]
    above: dict[str, bytes]


def rows(data: bytes) -> list[dict[str, str]]:
    """A table of an export."""
    return list(csv.DictReader(io.StringIO(data.decode())))


def upper_files() -> dict[str, str | bytes]:
    """Three districts; the leaf 2.2 (maximum 4) of huyen-a and of the unpublished huyen-c comes from below."""
    made = small_cycle.files(("huyen-a", "huyen-b", "huyen-c"))
    made["cycle.yaml"] = str(made["cycle.yaml"]).replace(LOWER, UPPER) + LINKS
    made["statistics.csv"] = small_cycle.table("unit,code,points,source", ("huyen-b", "2.2", "3", "Cục Thống kê"))
    made["units.csv"] = small_cycle.table(
        "unit,name,bloc,published", *[(f"huyen-{one}", f"Huyện {one}", "so", "no" if one == "c" else "yes") for one in "abc"]
    )  # fmt: skip
    return made


@pytest.fixture(scope="module", name="story")
def both_levels(tmp_path_factory: pytest.TempPathFactory) -> Story:
    """The upper cycle runs first and waits; the lower one is published; then the upper one goes on."""
    place = tmp_path_factory.mktemp("cascade")
    made = small_cycle.files()
    made["units.csv"] = small_cycle.table(
        "unit,name,bloc,published", *[(one, f"Xã {one}", "so", "no" if one == "gamma" else "yes") for one in small_cycle.UNITS]
    )  # fmt: skip
    lower, upper = small_cycle.write(place / "lower", made), small_cycle.write(place / "upper", upper_files())
    call = Place(place / "home")
    call("run", upper)
    said = call.said
    assert call("run", lower) == 0, call.said
    waiting = call.copy(place / "waiting")
    assert call("run", UPPER) == 0, call.said
    return Story(upper, waiting, said, call, call.export(LOWER, place / "below"), call.export(UPPER, place / "above"))


def test_a_leaf_whose_lower_cycle_is_not_published_is_missing_and_waits_for_it(story: Story) -> None:
    assert "huyen-a 2.2: nho-2020: Kỳ cấp dưới chưa công bố" in story.said_waiting
    assert "huyen-a 2.2: statistics-missing" in story.said_waiting


def test_the_lower_mean_becomes_points_with_version_and_digest_as_source(story: Story) -> None:
    indices = [Fraction(row["points"]) / Fraction(row["maximum"]) for row in rows(story.below["results.csv"])]
    exact = 4 * sum(indices) / len(indices)
    expected = (exact * 10**5 + Fraction(1, 2)).__floor__()
    (row,) = [one for one in rows(story.above["inputs/statistics.csv"]) if one["unit"] == "huyen-a"]
    assert row["points"] == f"{expected // 10**5}.{expected % 10**5:05d}"
    assert f"kỳ / cycle {LOWER} v1" in row["source"]
    assert hashlib.sha256(story.below["results.csv"]).hexdigest() in row["source"]
    (score,) = [one for one in rows(story.above["scores.csv"]) if (one["unit"], one["code"]) == ("huyen-a", "2.2")]
    assert (score["final"], score["source"]) == (row["points"], "statistics")


def test_the_manifest_lists_the_lower_version_as_received(story: Story) -> None:
    received = {one["path"]: one["sha256"] for one in json.loads(story.above["manifest.json"])["received"]}
    for name in ("manifest.json", "results.csv"):
        assert received[f"lower/huyen-a/{LOWER}/v1/{name}"] == hashlib.sha256(story.below[name]).hexdigest()


def test_what_a_lower_unit_that_is_not_published_got_is_not_in_the_mean(story: Story) -> None:
    (row,) = [one for one in rows(story.above["inputs/statistics.csv"]) if one["unit"] == "huyen-a"]
    assert "2 đơn vị / units" in row["source"]
    assert len(rows(story.below["annex/results.csv"])) == 1


def test_a_units_receipts_do_not_tell_what_came_from_below(story: Story) -> None:
    assert story.done("receipt", UPPER, "huyen-a") == 0, story.done.said
    assert "Bản tự chấm" in story.done.said
    assert "lower/" not in story.done.said


def test_an_unpublished_unit_and_what_feeds_it_are_named_in_the_annex_alone(story: Story) -> None:
    closed = [path for path, data in story.above.items() if b"huyen-c" in data and not path.startswith("annex/")]
    assert closed == []
    assert b"nho-2020 v1" in story.above["annex/inputs/statistics.csv"]


def test_what_was_published_with_a_lower_cycle_verifies_alone_and_so_does_the_chain(story: Story) -> None:
    assert story.done("verify", story.upper.parent / "above") == 0, story.done.said
    assert story.done("audit", "verify", UPPER) == 0, story.done.said


def test_the_list_shows_the_tree_and_where_each_cycle_stands(story: Story) -> None:
    assert story.done("cycle", "list", "--tree") == 0
    assert story.done.said.index("cao-2020") < story.done.said.index("└─ nho-2020")
    assert story.done("cycle", "list") == 0
    assert "└─ nho-2020" not in story.done.said


def test_a_cycle_nobody_registered_yet_stands_in_the_tree(story: Story, tmp_path: Path) -> None:
    call = Place(tmp_path / "home")
    assert call("cycle", "open", story.upper) == 0
    assert call("cycle", "list", "--tree") == 0
    assert "chưa đăng ký / not registered" in " ".join(call.said.replace("│", " ").split())


def test_explain_walks_down_to_the_lower_cycle(story: Story) -> None:
    assert story.done("explain", UPPER, "huyen-a", "2.2") == 0
    manifest = hashlib.sha256(story.below["manifest.json"]).hexdigest()
    assert f"kỳ / cycle nho-2020 v1, khối / bloc so, manifest sha256 {manifest}" in story.done.said.replace("\n", "")
    assert "parindex export nho-2020 --version 1" in story.done.said
    assert story.done("explain", UPPER, "huyen-b", "2.2") == 0
    assert "cấp dưới" not in story.done.said


def test_a_newer_lower_version_changes_a_published_cycle_only_when_asked_with_a_reason(
    story: Story, tmp_path: Path
) -> None:
    call = story.done.copy(tmp_path / "home")
    (tmp_path / "correction.yaml").write_text(CORRECTION, encoding="utf-8")
    assert call("correct", LOWER, tmp_path / "correction.yaml") == 0, call.said
    assert call("publish", LOWER) == 0
    assert call("status", UPPER) == 0
    assert "có bản mới v2" in call.said
    assert "parindex rerun cao-2020" in call.said
    assert call("survey", UPPER) == 0
    assert "Kỳ cấp dưới đã công bố bản mới hơn" in call.said
    assert call("rerun", UPPER, "--yes") == 0  # no reason: told, and not taken
    assert "nho-2020 v2 (đã lấy / taken: v1)" in call.said
    assert call.export(UPPER, tmp_path / "same") == story.above
    assert call("rerun", UPPER, "--yes", "--reason", "Cấp dưới đính chính") == 0, call.said
    second = call.export(UPPER, tmp_path / "second")
    (row,) = [one for one in rows(second["inputs/statistics.csv"]) if one["unit"] == "huyen-a"]
    assert "nho-2020 v2" in row["source"]
    assert {one["unit"] for one in rows(second["changes.csv"])} >= {"huyen-a"}
    assert call("rerun", UPPER, "--yes") == 0
    assert "Không có gì phải chạy lại" in call.said
    assert call("verify", tmp_path / "second") == 0, call.said


def test_before_publication_a_newer_lower_version_is_taken_by_the_next_run_and_once(
    story: Story, tmp_path: Path
) -> None:
    call = story.waiting.copy(tmp_path / "home")
    assert call("survey", UPPER) == call("survey", UPPER) == 0, call.said
    (tmp_path / "correction.yaml").write_text(CORRECTION, encoding="utf-8")
    call("correct", LOWER, tmp_path / "correction.yaml"), call("publish", LOWER)
    assert call("survey", UPPER) == 0
    call("explain", UPPER, "huyen-a", "2.2")
    assert "kỳ / cycle nho-2020 v2" in call.said
    call("history", UPPER, "--json")
    assert call.said.count('"object": "lower:huyen-a"') == 2


def test_a_row_in_statistics_csv_for_the_same_leaf_is_refused(story: Story, tmp_path: Path) -> None:
    call = story.waiting.copy(tmp_path / "home")
    before = (story.upper / "statistics.csv").read_bytes()
    try:
        (story.upper / "statistics.csv").write_bytes(before + b"huyen-a,2.2,3,x\n")
        assert call("survey", UPPER) == 3
    finally:
        (story.upper / "statistics.csv").write_bytes(before)
    assert "[refuse] lower-and-statistics · huyen-a 2.2 statistics.csv:3" in call.said


def test_a_bloc_or_class_the_lower_version_does_not_have_is_told_with_those_it_has(
    story: Story, tmp_path: Path
) -> None:
    call = story.waiting.copy(tmp_path / "home")
    before = (story.upper / "cycle.yaml").read_text(encoding="utf-8")
    try:
        (story.upper / "cycle.yaml").write_text(
            before.replace("take: mean", "take: share, at_least: Xuất sắc"), encoding="utf-8"
        )
        assert call("cycle", "open", story.upper) == 0
        assert call("survey", UPPER) == 3
    finally:
        (story.upper / "cycle.yaml").write_text(before, encoding="utf-8")
    assert "[refuse] lower-unfit · huyen-a 2.2" in call.said
    assert "at_least Xuất sắc: Tốt, Khá, Yếu" in call.said


@pytest.mark.parametrize(
    ("unit", "code", "check"), [("nobody", "2.2", "unit-unknown"), ("huyen-a", "1.2", "lower-leaf-unfit")]
)
def test_a_link_to_no_unit_or_to_a_leaf_without_statistics_is_refused_at_opening(
    tmp_path: Path, unit: str, code: str, check: str
) -> None:
    made = upper_files()
    made["cycle.yaml"] = str(made["cycle.yaml"]).replace('huyen-a, code: "2.2"', f'{unit}, code: "{code}"')
    call = Place(tmp_path / "home")
    assert call("cycle", "open", small_cycle.write(tmp_path / "upper", made)) == 3
    assert f"[refuse] {check} · {unit} {code}" in call.said
    assert call("status", UPPER) == 2


def test_cycles_that_would_feed_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    call, made = Place(tmp_path / "home"), small_cycle.files()
    assert call("cycle", "open", small_cycle.write(tmp_path / "upper", upper_files())) == 0
    back = 'lower:\n  - {cycle: cao-2020, bloc: so, unit: alpha, code: "2.2", take: mean}\n'
    made["cycle.yaml"] = str(made["cycle.yaml"]) + back
    assert call("cycle", "open", small_cycle.write(tmp_path / "lower", made)) == 3
    assert "nho-2020 ← cao-2020 ← nho-2020" in call.said
    made["cycle.yaml"] = str(made["cycle.yaml"]).replace("cao-2020", LOWER)
    assert call("cycle", "open", small_cycle.write(tmp_path / "lower", made)) == 3
