"""Several closed annexes: each addressee is given its own, which names no unit of another; all of them verify."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import small_cycle

from flows.publication import verify

NAMES = ("alpha", "beta", "gamma", "delta", "omega")
UNITS = (
    "unit,name,bloc,published,annex\nalpha,Sở Alpha,so,,\nbeta,Ban Kín,so,no,uy-ban\ngamma,Sở Mật,so,no,thanh-tra\n"
    "delta,Sở Đóng,so,no,\nomega,Sở Omega,so,yes,thua\n"
)
CORRECTION = """\
decision: 7/QĐ-UBND
decided_by: Chủ tịch UBND tỉnh
reason: Tính lại
corrections:
  - {unit: beta, kind: penalty, points: "1"}
"""


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def cycle(tmp_path: Path) -> Path:
    made = small_cycle.files(NAMES) | {"units.csv": UNITS}
    history = "unit,year,index,source\n" + "".join(f"{name},2018,70,{name}\n" for name in NAMES)
    return small_cycle.write(tmp_path / "c", made | {"previous/history.csv": history})


def test_each_addressee_is_given_its_own_annex(installation, tmp_path: Path) -> None:
    parindex, folder = installation(), cycle(tmp_path)
    assert parindex("cycle", "open", folder) == 0, parindex.err
    assert "annex-of-published-unit" in parindex.err  # omega is published
    assert parindex("run", folder) == 0, parindex.err
    everything = parindex.exported("nho-2020", "--annex")
    for place, unit in (("annex/", "delta"), ("annex/uy-ban/", "beta"), ("annex/thanh-tra/", "gamma")):
        for name in ("results.csv", "scores.csv", "series.csv", "inputs/units.csv", "inputs/marks.csv"):
            found = rows(everything[place + name])
            assert {row["unit"] for row in found} == {unit}, place + name
    others = {"uy-ban": (b"gamma", b"delta", "Mật".encode()), "thanh-tra": (b"beta", b"delta", "Kín".encode())}
    for name, foreign in others.items():
        mine = parindex.exported("nho-2020", "--annex-of", name)
        assert {path for path in mine if path.startswith("annex/")} == {
            path for path in everything if path.startswith(f"annex/{name}/")
        }
        assert not [path for path, data in mine.items() if any(word in data for word in foreign)]
    open_part = parindex.exported("nho-2020")
    assert not [path for path, data in open_part.items() if any(word in data for word in (b"beta", b"gamma", b"delta"))]
    assert parindex("export", "nho-2020", "--to", tmp_path / "x", "--annex-of", "khong-co") == 2
    assert "thanh-tra, uy-ban" in parindex.err


def test_an_export_verifies_with_all_annexes_with_one_and_with_none(installation, tmp_path: Path) -> None:
    parindex = installation()
    assert parindex("run", cycle(tmp_path)) == 0, parindex.err
    for number, options in enumerate(((), ("--annex",), ("--annex-of", "uy-ban"), ("--annex-of", "thanh-tra"))):
        to = tmp_path / f"out{number}"
        assert parindex("export", "nho-2020", "--to", to, *options) == 0
        assert parindex("verify", to) == 0, parindex.err
    place = tmp_path / "out2" / "annex"
    table = (place / "uy-ban/results.csv").read_bytes()
    (place / "uy-ban/results.csv").write_bytes(table + b"\n")
    assert parindex("verify", tmp_path / "out2") == 5
    (place / "uy-ban/results.csv").write_bytes(table)
    assert parindex("verify", tmp_path / "out2") == 0
    (place / "uy-ban").rename(place / "thanh-tra")
    with pytest.raises(verify.Failure, match="thanh-tra/manifest"):
        verify.verify(tmp_path / "out2")


def test_corrections_commendations_and_the_next_year_reach_named_annexes(
    installation, tmp_path: Path, postgres_server: Callable[[], str]
) -> None:
    parindex = installation(PARINDEX_DATABASE_URL=postgres_server())
    assert parindex("run", cycle(tmp_path)) == 0, parindex.err
    decision = tmp_path / "sua.yaml"
    decision.write_text(CORRECTION, encoding="utf-8")
    assert parindex("correct", "nho-2020", decision) == 0, parindex.err
    assert parindex("publish", "nho-2020") == 0, parindex.err
    found = parindex.exported("nho-2020", "--annex")
    assert {row["unit"] for row in rows(found["annex/uy-ban/changes.csv"])} == {"beta"}
    assert rows(found["annex/thanh-tra/changes.csv"]) == rows(found["annex/changes.csv"]) == []
    commended = tmp_path / "khen.yaml"
    commended.write_text(
        'decision: {number: 1/QĐ, issued_on: 2021-05-01, issuer: UBND tỉnh}\ndecided_by: Chủ tịch\nversion: 2\n'
        'criteria: [{bloc: so, index_at_least: "10"}]\ncollectives: [{unit: beta}, {unit: gamma}]\n',
        encoding="utf-8",
    )  # fmt: skip
    assert parindex("commend", "nho-2020", commended) == 0, parindex.err
    assert parindex("cycle", "next", "nho-2020", "--to", tmp_path / "sau") == 0, parindex.err
    before = {row["unit"] for row in rows((tmp_path / "sau/previous/results.csv").read_bytes())}
    assert before == set(NAMES)
    assert parindex("commend", "nho-2020", "--to", tmp_path / "ban-giao") == 0, parindex.err
    assert parindex("audit", "verify", "nho-2020") == 0, parindex.err
    annexes = {row["unit"]: row["annex"] for row in rows((tmp_path / "sau/units.csv").read_bytes())}
    assert annexes["beta"] == "uy-ban"


@pytest.mark.parametrize("name", ["Uy Ban", "../x", "inputs", "analysis", "a/b"])
def test_a_name_that_is_no_folder_of_its_own_is_refused(installation, tmp_path: Path, name: str) -> None:
    parindex, folder = installation(), cycle(tmp_path)
    (folder / "units.csv").write_text(UNITS.replace("uy-ban", name), encoding="utf-8")
    assert parindex("cycle", "open", folder) == 3
    assert "cell-unreadable" in parindex.err


def test_units_of_every_annex_are_written_a_letter(installation, tmp_path: Path) -> None:
    parindex = installation()
    assert parindex("run", cycle(tmp_path)) == 0, parindex.err
    assert parindex("report", "nho-2020", "--to", tmp_path / "all", "--annex") == 0, parindex.err
    closed = sorted(path.name for path in (tmp_path / "all/annex/letters").glob("*.pdf"))
    assert closed == ["beta.pdf", "delta.pdf", "gamma.pdf"]
    assert parindex("report", "nho-2020", "--to", tmp_path / "one", "--unit", "beta", "--annex") == 0, parindex.err
    assert (tmp_path / "one/annex/letters/beta.docx").exists()
    assert parindex("report", "nho-2020", "--to", tmp_path / "x", "--unit", "beta") == 2
