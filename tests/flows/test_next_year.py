"""From a published year to the next one's folder, which runs."""

from __future__ import annotations

import csv
import io
import shutil
from pathlib import Path

import small_cycle


def test_a_published_year_gives_the_folder_of_the_next(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["units.csv"] = (
        "unit,name,bloc,published,predecessors\nalpha,=Sở Alpha,so,,\nbeta,Ban Kín,so,no,\ngamma,Sở Gamma,so,,beta;cu\n"
    )
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("cycle", "open", folder) == 0
    assert parindex("cycle", "next", "nho-2020", "--to", tmp_path / "sau") == 6  # not published yet
    assert parindex("run", folder) == 0, parindex.err
    assert parindex("cycle", "next", "nho-2020", "--to", tmp_path / "sau") == 0, parindex.err
    assert parindex("cycle", "next", "nho-2020", "--to", tmp_path / "sau") == 2  # nothing is overwritten
    for name in ("inbox", "appraisal", "survey", "statistics.csv"):  # the same work as last year
        copy = shutil.copytree if (folder / name).is_dir() else shutil.copy
        copy(folder / name, tmp_path / "sau" / name)
    assert parindex("run", tmp_path / "sau") == 0, parindex.err
    last, this = (parindex.exported(f"nho-{year}", "--annex") for year in (2020, 2021))
    for path, annex in (("results.csv", False), ("annex/results.csv", True)):
        before, after = (
            {row["unit"]: row for row in csv.DictReader(io.StringIO(one[path].decode()))} for one in (last, this)
        )
        assert before.keys() == after.keys()
        assert after.keys() == ({"beta"} if annex else {"alpha", "gamma"})
        for unit, row in after.items():
            assert row["comparable"] == "yes"  # gamma's merger was last year's
            assert row["previous_index"] == before[unit]["index"] == row["index"]
            assert row["name"] == before[unit]["name"]
            assert float(row["index_change"]) == 0
