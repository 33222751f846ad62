"""An open cycle goes on a superseding framework: seen beforehand, decided, and judged as if it had always been so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import small_cycle

NEW = (
    small_cycle.FRAMEWORK.replace("id: nho", "id: nho-moi")
    .replace("1/QĐ-UBND", "9/QĐ-UBND")
    .replace('name: Sáng kiến, maximum: "3"', 'name: Sáng kiến mới, maximum: "2"')
    .replace('maximum: "8"\n    criteria:', 'maximum: "7"\n    criteria:')
    .replace('maximum: "20"', 'maximum: "19"')
)
SAID = ("--bloc", "so", "--reason", "Quyết định 9", "--approved-by", "Chủ tịch", "--yes")


@pytest.fixture
def superseding(tmp_path: Path) -> Path:
    """The new framework: initiatives are worth 2 and no longer 3."""
    return small_cycle.write(tmp_path / "moi", {"framework.yaml": NEW})


def own_folder(made: dict[str, str | bytes]) -> dict[str, str | bytes]:
    """The cycle as it would have been opened under the new framework from the beginning."""
    return {
        **made,
        "frameworks/nho/framework.yaml": NEW,
        "cycle.yaml": small_cycle.CYCLE.replace("framework: nho", "framework: nho-moi"),
    }


def within_the_new_maximum(made: dict[str, str | bytes]) -> dict[str, str | bytes]:
    """Everybody gives again what the new framework does not accept."""
    return {path: text.replace("2.5", "2").replace("2.25", "1.75") if isinstance(text, str) and path.startswith(("inbox", "appraisal")) else text
            for path, text in made.items()}  # fmt: skip


def test_the_impact_is_shown_unit_by_unit_and_nothing_is_done_without_a_reason(
    installation, tmp_path: Path, superseding: Path
) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert parindex("run", folder, "--until", "survey") == 0, parindex.err
    assert parindex("cycle", "migrate", "nho-2020", superseding, "--bloc", "so", "--yes") == 2
    for said in ("reweighted", "1.2", "reworded", "Sáng kiến mới", "alpha"):
        assert said in parindex.out
    # 7.05 of 8 + 5.86667 of 8 + 3 of 4; then without 1.2, whose 2.25 and 2.5 lie above the new maximum: 4.8 of 5 ...
    line = next(line for line in parindex.out.splitlines() if "alpha" in line)
    assert "79.58" in line
    assert "80.39" in line
    assert "1.2" in line
    assert parindex("cycle", "migrate", "nho-2020", superseding, "--bloc", "xa", *SAID[2:]) == 2
    assert parindex("run", "nho-2020") == 0, parindex.err  # nothing happened: published on the old one
    assert b'"1/Q\xc4\x90-UBND"' in parindex.exported("nho-2020")["inputs/frameworks/nho.json"]
    assert parindex("cycle", "migrate", "nho-2020", superseding, *SAID) == 6


def test_a_migrated_cycle_ends_as_if_it_had_been_opened_so(installation, tmp_path: Path, superseding: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "survey") == 0, parindex.err
    assert parindex("cycle", "migrate", "nho-2020", superseding, *SAID) == 0, parindex.err
    assert parindex("explain", "nho-2020", "alpha") == 0, parindex.err  # nothing unfit is looked at meanwhile
    assert parindex("run", "nho-2020") == 3
    assert "points-outside" in parindex.err  # 2.5 of 2: back to the units, and to the appraiser
    assert parindex("run", folder) == 6  # the folder still names the old framework
    assert "cycle migrate" in parindex.err
    small_cycle.write(folder, within_the_new_maximum(made))
    assert parindex("run", "nho-2020") == 0, parindex.err
    found = parindex.exported("nho-2020")
    assert parindex("history", "nho-2020", "--json") == 0
    (told,) = [
        event["content"] for event in json.loads(parindex.out)["events"] if event["action"] == "framework migrated"
    ]
    assert (told["before"]["framework"], told["after"]["framework"]) == ("nho", "nho-moi")
    assert (told["after"]["approved_by"], told["reason"]) == ("Chủ tịch", "Quyết định 9")
    to = tmp_path / "out"
    assert parindex("export", "nho-2020", "--to", to) == 0
    assert parindex("verify", to) == 0

    other = installation("other")
    fresh = small_cycle.write(tmp_path / "fresh", own_folder(within_the_new_maximum(made)))
    assert other("run", fresh) == 0, other.err
    wanted = other.exported("nho-2020")
    for path in ("results.csv", "scores.csv", "inputs/claims.csv", "inputs/marks.csv", "inputs/survey_counts.csv"):
        assert found[path] == wanted[path], path
    received = {entry["path"] for entry in json.loads(found["manifest.json"])["received"]}
    assert {"cycle.yaml", "units.csv", "frameworks/nho/framework.yaml", "frameworks/nho-moi/framework.yaml"} <= received


def test_a_locked_stage_keeps_its_framework(installation, tmp_path: Path, superseding: Path) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", small_cycle.files())
    assert parindex("run", folder, "--until", "collect") == 0
    assert parindex("lock", "nho-2020", "self_assessment") == 0
    assert parindex("cycle", "migrate", "nho-2020", superseding, *SAID) == 6
