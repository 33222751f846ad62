"""What is told and moved when one unit alone is run again is what a run of everybody tells and moves."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
import small_cycle

from checks.run import _page

CYCLE, UNITS = "nho-2020", ("alpha", "beta", "gamma", "delta")
ROW = "1.1.1,{number}/KH-S,Sở,{day},Kế hoạch,{file},1-2\n"
HEAD = "code,document_number,issuer,issued_on,title,file,pages\n"
Change = Callable[[Path], None]


def sends(*files: str, day: str = "15/01/2020") -> Change:
    """The unit's evidence: these files of its folder, each with its name for content."""

    def change(inbox: Path) -> None:
        (inbox / "evidence").mkdir(exist_ok=True)
        for file in files:
            (inbox / "evidence" / file).write_bytes(small_cycle.pdf(file))
        rows = [ROW.format(number=number, day=day, file=file) for number, file in enumerate(files or ("",), 1)]
        (inbox / "evidence.csv").write_text(HEAD + "".join(rows))

    return change


def names(file: str) -> Change:
    """Evidence that is not there."""

    def change(inbox: Path) -> None:
        (inbox / "evidence.csv").write_text(HEAD + ROW.format(number=1, day="15/01/2020", file=file))

    return change


def claims(points: str) -> Change:
    def change(inbox: Path) -> None:
        form = inbox / "self_assessment.csv"
        kept = [line for line in form.read_text().splitlines() if not line.startswith("1.2,")]
        form.write_text("\n".join([*kept, f"1.2,,,,,{points},"]) + "\n")

    return change


def explains(file: str) -> Change:
    def change(inbox: Path) -> None:
        (inbox / "evidence").mkdir(exist_ok=True)
        (inbox / "evidence" / file).write_bytes(small_cycle.pdf(file))
        (inbox / "explanations.csv").write_text(f"code,text,file\n1.2,Đã nhân rộng,{file}\n")

    return change


# Who sends what, in this order: files that come to be shared by two and by three and are no longer, dates, what is
# missing and comes, two marks that disagree or agree by what the unit itself claims.
YEAR = (
    ("beta", sends("chung.pdf")),
    ("beta", sends("rieng.pdf")),
    ("gamma", sends("chung.pdf", "hai.pdf")),
    ("delta", sends("hai.pdf")),
    ("alpha", sends("hai.pdf", "ba.pdf")),
    ("delta", sends("ba.pdf", day="15/01/2019")),
    ("gamma", sends("hai.pdf")),
    ("beta", claims("2.25")),
    ("beta", claims("2.5")),
    ("alpha", names("vang.pdf")),
    ("alpha", sends("bon.pdf")),
    ("gamma", explains("bon.pdf")),
    ("gamma", explains("nam.pdf")),
    ("delta", explains("rieng.pdf")),  # beta's evidence; nothing else was ever common to the two
    ("delta", explains("sau.pdf")),
    ("delta", sends()),
)


def standing(home: Path) -> tuple[list[tuple[str, ...]], list[tuple[str, str]]]:
    """Findings without their order of arrival, and statuses."""
    told = list(csv.reader((home / f"cycles/{CYCLE}/findings.csv").read_text().splitlines()))
    with sqlite3.connect(home / "parindex.sqlite") as database:
        status = database.execute("SELECT unit, status FROM cycle_unit ORDER BY unit").fetchall()
    return sorted(map(tuple, told)), status


@pytest.fixture
def everybody(installation, tmp_path: Path) -> tuple:  # type: ignore[no-untyped-def, type-arg]
    """A cycle run as far as the survey: alpha names chung.pdf, and beta's leaf 1.2 has two marks."""
    parindex, made = installation(), small_cycle.files(UNITS)
    made["appraisers.csv"] = str(made["appraisers.csv"]).replace("noi-vu,Sở Nội vụ,1,", "noi-vu,Sở Nội vụ,1;1.2,")
    made["appraisal/noi-vu/marks.csv"] += "beta,1.2,1,yes,,,\n"  # type: ignore[operator]
    marks = str(made["appraisal/tu-phap/marks.csv"])
    made["appraisal/tu-phap/marks.csv"] = marks.replace("Chưa nhân rộng,", "Chưa nhân rộng,yes")
    folder = small_cycle.write(tmp_path / "c", made)
    sends("chung.pdf")(folder / "inbox/alpha")
    assert parindex("run", folder, "--until", "survey") in (0, 3), parindex.err
    return parindex, folder


def test_whatever_one_unit_sends(everybody) -> None:  # type: ignore[no-untyped-def]
    parindex, folder = everybody
    checks, moved = set(), set()
    for unit, change in YEAR:
        change(folder / "inbox" / unit)
        ended = parindex("rerun", CYCLE, "--unit", unit, "--yes", "--reason", "sửa")
        alone = standing(parindex.home)
        assert parindex("validate", CYCLE) in (0, 3), parindex.err
        assert parindex("appraise", CYCLE) in (0, 3), parindex.err
        assert alone == standing(parindex.home), unit
        assert ended == (3 if any(row[1] != "appraise" and row[2] == "refuse" for row in alone[0]) else 0), unit
        checks |= {row[4] for row in alone[0]}
        moved |= set(alone[1])
    assert checks >= {"evidence-same-file", "evidence-outside-year", "marks-disagree", "file-absent"}
    assert {status for _, status in moved} >= {"returned", "validated", "appraised"}


def test_its_page_of_checks_stands_beside_that_of_all_until_all_are_checked_again(everybody) -> None:  # type: ignore[no-untyped-def]
    parindex, folder = everybody
    pages = parindex.home / "data_docs" / CYCLE
    before = (pages / "evidence.html").read_bytes()
    sends("chung.pdf")(folder / "inbox/beta")
    assert parindex("rerun", CYCLE, "--unit", "beta", "--yes") == 0, parindex.err
    assert "alpha" in (pages / "evidence · beta.html").read_text()
    assert (pages / "evidence.html").read_bytes() == before
    assert "evidence · beta" in (pages / "index.html").read_text()
    assert parindex("validate", CYCLE) == 0, parindex.err
    assert not (pages / "evidence · beta.html").exists()
    assert "evidence · beta" not in (pages / "index.html").read_text()


def test_a_file_that_everybody_sends_makes_a_run_of_one_unit_look_at_all(everybody, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    parindex, folder = everybody
    monkeypatch.setattr("flows.validate_evidence.MOST_SHARING", 1)
    sends("chung.pdf")(folder / "inbox/beta")
    assert parindex("rerun", CYCLE, "--unit", "beta", "--yes") == 0, parindex.err
    alone = standing(parindex.home)
    assert [row[0] for row in alone[0] if row[4] == "evidence-same-file"] == ["alpha", "beta"]
    assert not (parindex.home / "data_docs" / CYCLE / "evidence · beta.html").exists()
    assert parindex("validate", CYCLE) == 0
    assert alone == standing(parindex.home)


def test_what_others_sent_meanwhile_is_neither_held_against_it_nor_forgotten(everybody) -> None:  # type: ignore[no-untyped-def]
    parindex, folder = everybody
    names("vang.pdf")(folder / "inbox/gamma")
    (folder / "inbox/delta/evidence").mkdir()
    (folder / "inbox/delta/evidence/khoa.pdf").write_bytes(b"no PDF at all")
    (folder / "inbox/delta/evidence.csv").write_text(HEAD + ROW.format(number=1, day="15/01/2020", file="khoa.pdf"))
    assert parindex("run", CYCLE, "--until", "survey") == 3
    assert {"gamma", "delta"} <= {unit for unit, status in standing(parindex.home)[1] if status == "returned"}
    names("")(folder / "inbox/gamma")
    names("")(folder / "inbox/delta")
    assert parindex("collect", CYCLE) == 0, parindex.err
    sends("rieng.pdf")(folder / "inbox/beta")
    assert parindex("rerun", CYCLE, "--unit", "beta", "--yes") == 0, parindex.err  # theirs is mended, not looked at yet
    assert parindex("rerun", CYCLE, "--yes", "--reason", "các đơn vị khác") == 3  # publication: beta's marks disagree
    assert "validate: đầu vào đã đổi" in parindex.out
    assert {"submitted", "returned"}.isdisjoint(status for _, status in standing(parindex.home)[1])
    parindex("rerun", CYCLE, "--yes")
    assert "validate:" not in parindex.out


def test_worksheets_are_judged_again_by_what_one_unit_now_claims_when_all_are(everybody) -> None:  # type: ignore[no-untyped-def]
    parindex, folder = everybody
    marks = folder / "appraisal/tu-phap/marks.csv"
    marks.write_text(marks.read_text().replace("alpha,1.2,1,,2.25,Chưa nhân rộng", "alpha,1.2,1,,2.5,"))
    assert parindex("run", CYCLE, "--until", "survey") == 0, parindex.err
    claims("2")(folder / "inbox/alpha")  # now the mark differs from the claim and says no reason
    assert parindex("rerun", CYCLE, "--unit", "alpha", "--yes") == 0, parindex.err
    assert parindex("rerun", CYCLE, "--yes", "--reason", "chấm lại") == 3
    assert "appraise: đầu vào đã đổi" in parindex.out
    assert "reason-missing" in parindex.err


def test_what_stands_against_a_locked_worksheet_outlives_a_run_of_its_unit(everybody) -> None:  # type: ignore[no-untyped-def]
    parindex, folder = everybody
    for stage in ("appraisal_1", "appraisal_2"):
        assert parindex("lock", CYCLE, stage, "--reason", "hội đồng đã họp") == 0, parindex.err
    marks = folder / "appraisal/tu-phap/marks.csv"
    marks.write_text(marks.read_text().replace("alpha,1.2,1,,2.25", "alpha,1.2,1,,99"))
    assert parindex("appraise", CYCLE) == 3
    told = [row for row in standing(parindex.home)[0] if row[:2] == ("alpha", "appraise")]
    assert [row[4] for row in told] == ["points-outside"]
    assert parindex("rerun", CYCLE, "--step", "appraise", "--unit", "alpha", "--yes") == 0, parindex.err
    assert [row for row in standing(parindex.home)[0] if row[:2] == ("alpha", "appraise")] == told


def test_its_page_goes_with_its_evidence_and_has_a_name_for_any_key(everybody) -> None:  # type: ignore[no-untyped-def]
    parindex, folder = everybody
    pages = parindex.home / "data_docs" / CYCLE
    sends("rieng.pdf")(folder / "inbox/beta")
    assert parindex("rerun", CYCLE, "--unit", "beta", "--yes") == 0, parindex.err
    (folder / "inbox/beta/evidence.csv").write_text(HEAD)
    assert parindex("rerun", CYCLE, "--unit", "beta", "--yes") in (0, 3), parindex.err
    assert not (pages / "evidence · beta.html").exists()
    assert "evidence · beta" not in (pages / "index.html").read_text()
    assert len(_page(pages, "evidence", "ộ" * 80).name.encode()) < 255
