"""The half-year: figures are checked like claims, reported, never scored, and shown again at the year's end."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
import small_cycle
from openpyxl import load_workbook

CYCLE = "nho-2020"
HEADER = "code,numerator,denominator,count,breakdown"


def half(*rows: tuple[object, ...]) -> str:
    """A half-year form."""
    return small_cycle.table(HEADER, *rows)


@pytest.fixture(name="folder")
def with_half_year_forms(tmp_path: Path) -> Path:
    """alpha reports more than it will for the year, beta a share over zero; gamma, unpublished, reports too."""
    made = small_cycle.files()
    units = (("alpha", "Sở Alpha", "so", "yes"), ("beta", "Sở Beta", "so", "yes"), ("gamma", "Sở Gamma", "so", "no"))
    made["units.csv"] = small_cycle.table("unit,name,bloc,published", *units)
    made["inbox/alpha/midyear.csv"] = half(("1.1.2", 12, 12, "", "xã: 5; huyện: 6"), ("1.1.10", "", "", 0, ""))
    made["inbox/beta/midyear.csv"] = half(("1.1.2", 3, 0, "", ""))
    made["inbox/gamma/midyear.csv"] = half(("1.1.2", 10, 10, "", ""))
    return small_cycle.write(tmp_path / "folder", made)


def findings(data: bytes) -> list[tuple[str, str, str]]:
    """(unit, code, check) of a findings.csv."""
    return [(row["unit"], row["code"], row["check"]) for row in csv.DictReader(io.StringIO(data.decode()))]


def test_the_half_year_from_forms_to_the_form_of_the_year(installation, folder: Path, tmp_path: Path) -> None:
    call, to = installation(), tmp_path / "report"
    assert call("cycle", "open", folder) == 0
    # one form is refused with its place, the others are taken
    assert call("midyear", CYCLE, "--to", to) == 3
    assert "accepted 2, refused 1, unchanged 0" in call.out
    assert "[refuse] ratio-over-zero · beta 1.1.2 inbox/beta/midyear.csv:2" in call.err
    assert ("alpha", "1.1.2", "breakdown-sum-differs") in findings((to / "findings.csv").read_bytes())
    # the report: who reported, what was sent back; a unit that is not published is not in it
    page = (to / "midyear.html").read_text(encoding="utf-8")
    assert "12/12 = 100.0%" in page
    assert "bị trả lại" in page
    assert "Gamma" not in page
    book = load_workbook(to / "midyear.xlsx")
    assert book.sheetnames == ["Sở, ban, ngành", "Từng đơn vị"]
    assert [row[4].value for row in book["Từng đơn vị"].iter_rows(min_row=2)] == ["12/12", "0"]
    # corrected and run again: only what changed is taken, and the same figures give the same bytes
    (folder / "inbox/beta/midyear.csv").write_text(half(("1.1.2", 3, 4, "", "")), encoding="utf-8")
    assert call("midyear", CYCLE, "--to", to) == 0, call.err
    assert "accepted 1, refused 0, unchanged 2" in call.out
    before = {path.name: path.read_bytes() for path in to.iterdir()}
    assert call("midyear", CYCLE, "--to", to) == 0
    assert {path.name: path.read_bytes() for path in to.iterdir()} == before
    assert call("receipt", CYCLE, "beta") == 0
    assert call.out.count("Số liệu 6 tháng / half-year figures") == 2  # sent back, then accepted
    # it stands beside the blank form of the year
    assert call("template", CYCLE, "--unit", "beta", "--to", tmp_path / "forms") == 0
    sheet = load_workbook(tmp_path / "forms/inbox/beta/self_assessment.xlsx").worksheets[2]
    names = [cell.value for cell in sheet[1]]
    shown = {row[0].value: row[names.index("Số liệu 6 tháng")].value for row in sheet.iter_rows(min_row=2)}
    assert shown["1.1.2"] == "3/4"
    assert not shown["1.1.1"]


def test_the_year_is_compared_with_the_half_year_scored_without_it_and_then_takes_no_more(
    installation, folder: Path
) -> None:
    call = installation()
    (folder / "inbox/beta/midyear.csv").unlink()
    assert call("cycle", "open", folder) == 0
    assert call("midyear", CYCLE) == 0, call.err
    assert call("run", CYCLE) == 0, call.err
    files = call.exported(CYCLE, "--annex")
    assert b"alpha,1.1.2,,,9,10,,," in files["inputs/claims.csv"]  # the year's figures and not 12/12
    assert findings(files["findings.csv"]).count(("alpha", "1.1.2", "year-below-half-year")) == 2
    assert {unit for unit, _, check in findings(files["findings.csv"]) if check == "year-below-half-year"} == {"alpha"}
    assert ("gamma", "1.1.2", "year-below-half-year") in findings(files["annex/findings.csv"])
    assert not [row for row in findings(files["findings.csv"]) if row[2] in ("breakdown-sum-differs", "file-unnamed")]
    assert call("rerun", CYCLE, "--yes") == 0
    assert "Không có gì phải chạy lại" in call.out
    (folder / "inbox/alpha/midyear.csv").write_text(half(("1.1.2", 1, 2, "", "")), encoding="utf-8")
    assert call("midyear", CYCLE) == 6
    assert "không nhận số liệu 6 tháng" in call.err


def test_a_half_year_form_made_here_is_taken_as_a_workbook_and_not_beside_a_csv(
    installation, folder: Path, tmp_path: Path
) -> None:
    call, made = installation(), tmp_path / "forms" / "inbox" / "alpha" / "midyear.xlsx"
    call("cycle", "open", folder)
    assert call("template", CYCLE, "--midyear", "--to", tmp_path / "forms") == 0
    assert sorted(path.name for path in (tmp_path / "forms").rglob("*.xlsx")) == ["midyear.xlsx"] * 3
    book = load_workbook(made)
    assert "6 tháng" in str(book.worksheets[0]["A1"].value)
    sheet = book.worksheets[2]
    names = [cell.value for cell in sheet[1]]
    (row,) = (row for row in sheet.iter_rows(min_row=2) if row[0].value == "1.1.2")
    row[names.index("Tử số")].value, row[names.index("Mẫu số")].value = 4, 5
    row[names.index("Điểm")].value = None
    book.save(folder / "inbox/alpha/midyear.xlsx")
    assert call("midyear", CYCLE) == 3
    assert "both-spellings · alpha inbox/alpha/midyear.xlsx" in call.err
    (folder / "inbox/alpha/midyear.csv").unlink()
    (folder / "inbox/beta/midyear.csv").unlink()
    call("midyear", CYCLE, "--to", tmp_path / "report")
    assert "alpha" not in (tmp_path / "report" / "findings.csv").read_text(encoding="utf-8")
    assert "4/5 = 80.0%" in (tmp_path / "report" / "midyear.html").read_text(encoding="utf-8")
    call("lock", CYCLE, "self_assessment")
    (folder / "inbox/beta/midyear.csv").write_text(half(("1.1.2", 3, 4, "", "")), encoding="utf-8")
    assert call("midyear", CYCLE) == 6
