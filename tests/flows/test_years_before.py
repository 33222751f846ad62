"""Earlier years beside the results: published as a series, hashed, verified, and without effect on any figure."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import small_cycle

HISTORY = (
    "unit,year,index,rank,framework,source\n"
    "alpha,2017,70.1,2,cu,Báo cáo 2017\nalpha,2018,71.25,1,nho,Báo cáo 2018\nalpha,2019,99,1,nho,Báo cáo 2019\n"
    "beta,2018,60,,nho,@nguồn\ngamma,2018,61,,nho,\nda-giai-the,2018,50,9,cu,\n"
)
UNITS = "unit,name,bloc,published,predecessors\nalpha,Sở Alpha,so,,\nbeta,Ban Kín,so,no,\ngamma,Sở Gamma,so,,beta;cu\n"


def rows(data: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(data.decode())))


def test_earlier_years_are_published_as_a_series_and_change_no_figure(installation, tmp_path: Path) -> None:
    made = small_cycle.files() | {"units.csv": UNITS}
    plain, told = installation("plain"), installation("told")
    assert plain("run", small_cycle.write(tmp_path / "plain", made)) == 0, plain.err
    folder = small_cycle.write(tmp_path / "told", made | {"previous/history.csv": HISTORY})
    assert told("run", folder) == 0, told.err
    without, found = plain.exported("nho-2020", "--annex"), told.exported("nho-2020", "--annex")
    for path in ("results.csv", "scores.csv", "annex/results.csv", "annex/scores.csv"):
        assert without[path] == found[path]
    assert {path for path in found if path not in without} == {
        "series.csv", "inputs/history.csv", "annex/series.csv", "annex/inputs/history.csv",
    }  # fmt: skip
    series = rows(found["series.csv"])
    assert [(row["unit"], row["year"], row["index"], row["break"]) for row in series] == [
        ("alpha", "2017", "70.10", "no"),
        ("alpha", "2018", "71.25", "yes"),  # another framework
        ("alpha", "2019", "71.50", "no"),  # previous/results.csv says so, and wins
        ("alpha", "2020", "79.58", "no"),
        ("gamma", "2018", "61.00", "no"),
        ("gamma", "2019", "73.50", "no"),
        ("gamma", "2020", rows(found["results.csv"])[1]["index"], "yes"),  # formed by a merger
    ]
    assert [row["unit"] for row in rows(found["findings.csv"]) if row["check"] == "history-differs"] == ["alpha"]
    assert "beta" not in series[-1]["reason"]  # closed, so a digest
    assert {row["unit"] for row in rows(found["annex/series.csv"])} == {"beta"}
    assert b"beta" not in b"".join(data for path, data in found.items() if not path.startswith("annex/"))
    assert told("cycle", "next", "nho-2020", "--to", tmp_path / "sau") == 0, told.err  # takes all of it along
    table = rows((tmp_path / "sau/previous/history.csv").read_bytes())
    years = [(row["year"], row["index"]) for row in table if row["unit"] == "alpha"]
    assert years == [("2017", "70.1"), ("2018", "71.25"), ("2019", "71.5")]
    leaves = rows((tmp_path / "sau/previous/scores.csv").read_bytes())
    codes = [row["code"] for row in leaves if row["unit"] == "alpha"]
    assert codes == ["1.1.1", "1.1.2", "1.1.10", "1.2", "2.1.1", "2.2"]
    to = tmp_path / "out"
    for options in ((), ("--annex",)):
        assert told("export", "nho-2020", "--to", to / str(len(options)), *options) == 0
        assert told("verify", to / str(len(options))) == 0, told.err
    path = to / "1" / "series.csv"
    path.write_bytes(path.read_bytes().replace(b"71.25", b"72.25"))
    assert told("verify", to / "1") == 5


def test_a_history_of_this_year_or_said_twice_is_refused_and_stops_publication(installation, tmp_path: Path) -> None:
    parindex = installation()
    wrong = "unit,year,index\nalpha,2020,70\nalpha,2018,70\nalpha,2018,71\nalpha,18,70\n"
    folder = small_cycle.write(tmp_path / "c", small_cycle.files() | {"previous/history.csv": wrong})
    assert parindex("run", folder) == 3
    for check in ("year-not-earlier", "row-duplicate", "cell-unreadable", "shared-file-refused"):
        assert check in parindex.err + parindex.out, check
    (folder / "previous/history.csv").write_text("unit,year,index\nalpha,2018,70\n", encoding="utf-8")
    assert parindex("run", folder) == 0, parindex.err


CROSSWALK = """\
framework: nho
old_framework: cu
leaves:
  - {code: "1.1.1", was: ["1.1"], same_meaning: "yes", reference: Điều 1}
"""


def test_a_faulty_crosswalk_stops_publication_and_one_mended_gives_the_core(installation, tmp_path: Path) -> None:
    parindex, place = installation(), "frameworks/nho/crosswalk/cu.yaml"
    made = small_cycle.files() | {
        "previous/results.csv": "unit,index,framework\nalpha,70,cu\nbeta,71,nho\n",
        # as last year's export has it; what is above leaves is left out
        "previous/scores.csv": "unit,code,level,maximum,applicable,self,final\nalpha,1,field,9,9,,1\nalpha,1.1,leaf,4,4,,3\n",
        place: CROSSWALK.replace('code: "1.1.1"', 'code: "7"'),
    }
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("framework", "check", folder / "frameworks/nho") == 3
    assert parindex("run", folder) == 3
    assert "crosswalk-code-unknown" in (parindex.home / "cycles/nho-2020/findings.csv").read_text(encoding="utf-8")
    (folder / place).write_text(CROSSWALK, encoding="utf-8")
    assert parindex("framework", "check", folder / "frameworks/nho") == 0, parindex.err
    assert parindex("run", folder) == 0, parindex.err
    found = parindex.exported("nho-2020")
    (alpha, *others) = rows(found["core.csv"])
    assert (alpha["unit"], alpha["index"], alpha["previous_index"], alpha["index_change"]) == (
        "alpha", "100.00", "75.00", "25.00",
    )  # fmt: skip
    assert {row["comparable"] for row in others} == {"no"}
    assert parindex("export", "nho-2020", "--to", tmp_path / "out") == 0
    assert parindex("verify", tmp_path / "out") == 0, parindex.err
    path = tmp_path / "out" / "core.csv"
    path.write_bytes(path.read_bytes().replace(b"75.00", b"74.00"))
    assert parindex("verify", tmp_path / "out") == 5
