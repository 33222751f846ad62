"""A year is rehearsed before it begins: apart, on made-up inputs, with faults whose alarms must ring."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest
import small_cycle

from models.rules.findings import Fault
from models.rules.framework import Framework
from models.rules.made_up import enough_respondents, made_up_inputs, made_up_points, scales
from models.rules.marks import POINTS, evaluate
from models.storage.framework_folders import built_in, built_in_ids

EXAMPLES = Path(__file__).parents[2] / "deploy" / "examples"


def registration(folder: Path) -> dict[str, str | bytes]:
    """What of a cycle stands before anybody works."""
    names = ("cycle.yaml", "units.csv", "appraisers.csv")
    files = [folder / name for name in names] + sorted((folder / "frameworks").rglob("*.yaml"))
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files if path.exists()}


@pytest.mark.parametrize("name", ["tan-ky", pytest.param("ministries-2020", marks=pytest.mark.slow)])
def test_an_example_is_rehearsed_to_a_verified_bundle_and_every_alarm_rings(
    installation, tmp_path: Path, name: str
) -> None:
    parindex = installation()
    folder = small_cycle.write(tmp_path / "c", registration(EXAMPLES / name))
    assert parindex("rehearse", folder, "--to", tmp_path / "dt") == 0, parindex.err
    for check in ("code-unknown", "unit-never-came", "mark-duplicate", "survey-responses-missing", "step interrupted"):
        assert any(check in line and "rang" in line for line in parindex.out.splitlines()), check
    assert "✗" not in parindex.out
    assert parindex("verify", tmp_path / "dt" / "bundle") == 0
    with sqlite3.connect(tmp_path / "dt/home/parindex.sqlite") as database:
        runs = dict(database.execute("SELECT state, count(*) FROM step_run WHERE step = 'collect' GROUP BY state"))
        assert not database.execute("SELECT * FROM finding WHERE \"check\" = 'half-done'").fetchall()
    assert runs.get("interrupted") == 1
    assert "running" not in runs
    manifest = json.loads((tmp_path / "dt/bundle/manifest.json").read_bytes())
    assert manifest["cycle"].endswith("-dien-tap")
    assert parindex("cycle", "list") == 0
    assert name not in parindex.out  # nothing of it is in the real installation
    assert parindex("rehearse", folder, "--to", tmp_path / "dt") == 2


def test_a_leaf_nobody_may_mark_is_found_before_the_year_begins(installation, tmp_path: Path) -> None:
    parindex, made = installation(), registration(small_cycle.write(tmp_path / "c", small_cycle.files()))
    made["appraisers.csv"] = "appraiser,name,codes,unit\nnoi-vu,Sở Nội vụ,1,beta\n"
    assert parindex("rehearse", small_cycle.write(tmp_path / "d", made), "--to", tmp_path / "dt") == 3
    told = [line for line in parindex.err.splitlines() if "leaf-nobody-may-mark" in line]
    assert len(told) == 4
    assert all("beta 1." in line for line in told)


@pytest.mark.parametrize("key", built_in_ids())
def test_made_up_inputs_are_what_the_rules_accept(key: str) -> None:
    import pandas as pd

    from checks.inputs import check_inputs
    from models.rules.frames import INPUTS

    framework, _ = built_in(key)
    assert isinstance(framework, Framework)
    leaves = [leaf for leaf in framework.leaves if leaf.source == "appraisal"]
    rows = pd.DataFrame(
        [
            {"unit": str(number), "code": leaf.code, "location": ""}
            | dict.fromkeys(INPUTS, "")
            | made_up_inputs(leaf, number)
            for leaf in leaves
            for number in range(120)
        ],
        dtype="str",
    )
    found: list[Fault] = check_inputs(framework, rows)
    assert not found
    state, _values = evaluate(framework, rows)
    assert (state == POINTS).all()
    for leaf in framework.leaves:
        if leaf.source == "statistics":
            assert 0 < float(made_up_points(leaf, 7)) <= float(leaf.maximum)
    assert bool(enough_respondents(framework)) == bool(scales(framework))
