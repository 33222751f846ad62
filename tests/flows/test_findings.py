"""A unit's page of findings: complete, in its own words, in the order of the form, the same bytes every time."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser
from pathlib import Path

import openpyxl
import pytest
import small_cycle

from checks.rule_book import findings
from flows.publication.findings_page import Point, UnitPage, index_page, page, workbook
from flows.publication.places import headers_in, place_in_words
from flows.unit_findings import _by_field, _point
from models.rules.findings import Fault, in_both
from models.rules.framework import Framework
from models.storage.framework_folders import built_in

HOSTILE = "<script>alert(1)</script>&=1+1"


def departments() -> Framework:
    framework, _ = built_in("dien-bien-2020-departments")
    assert framework is not None
    return framework


def points(*faults: Fault) -> list[Point]:
    rows = findings(faults, "collect").to_dict("records")
    return [_point({str(key): str(text) for key, text in row.items()}, departments()) for row in rows]


FAULTS = (
    Fault("ratio-above-one", "u", "1.3.1", "inbox/u/self_assessment.xlsx!1. Công tác!R12", "12/10"),
    Fault("claimed-points-differ", "u", "7.1.2", "inbox/u/self_assessment.xlsx!7. Hiện đại hóa!R6", "1.7", "1.66627"),
    Fault("number-unreadable", "u", "1.1.3", "inbox/u/self_assessment.csv:4", "numerator = 8.333,5",
          in_both("số như 12", "a number such as 12")),
    Fault("leaf-not-claimed", "u", "1.7"),
    Fault("code-unknown", "u", "2.9", "inbox/u/self_assessment.xlsx!2. Xây dựng!R13", "2.9"),
    Fault("form-unreadable", "u", "", "inbox/u/self_assessment.xlsx", HOSTILE),
)  # fmt: skip


def given() -> UnitPage:
    return UnitPage("ky", "Kỳ", "u", "Sở & Ban", ("v", "e"), ("", ""), _by_field(departments(), points(*FAULTS)))


@pytest.mark.parametrize(
    ("location", "vietnamese"),
    [
        ("inbox/u/self_assessment.xlsx!1. A!B!R7", "self_assessment.xlsx, trang “1. A!B”, dòng 7"),
        ("inbox/u/evidence.csv:12", "evidence.csv, dòng 12"),
        ("inbox/u/evidence/quyết định.pdf", "evidence/quyết định.pdf"),
        ("", "Mục 1.2 của phiếu tự chấm"),
        ("inbox/u", "Mục 1.2 của phiếu tự chấm"),
    ],
)
def test_a_place_is_told_as_people_find_it(location: str, vietnamese: str) -> None:
    assert place_in_words(location, "u", "1.2")[0] == vietnamese


def test_columns_go_by_the_names_on_the_form() -> None:
    assert headers_in("numerator = 5") == ("Tử số = 5", "numerator = 5")
    assert headers_in("numerator, denominator")[0] == "Tử số, Mẫu số"
    assert headers_in("a valued title here")[0] == "a valued title here"


def test_points_stand_by_field_and_the_gravest_first() -> None:
    told = [(heading[0].partition(".")[0], [point.level for point in mine]) for heading, mine in given().groups]
    assert told == [
        ("Hồ sơ chung", ["refuse"]), ("1", ["refuse", "warn", "info"]), ("2", ["refuse"]), ("7", ["refuse"]),
    ]  # fmt: skip
    assert given().counts == {"refuse": 4, "warn": 1, "info": 1}


def test_every_point_says_where_what_expected_and_what_to_do_in_both_languages() -> None:
    for _, mine in given().groups:
        for point in mine:
            assert all(point.where)
            assert all(point.expected)
            assert all(point.todo)
            assert point.expected[0] != point.expected[1]
    wrong = next(point for _, mine in given().groups for point in mine if point.check == "claimed-points-differ")
    assert wrong.expected == (
        "Điểm ghi khác điểm tính lại từ số liệu: 1.66627",
        "The claimed points differ from the recomputed ones: 1.66627",
    )


class Shown(HTMLParser):
    """What a browser would fetch, run or show."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.text = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.text += data


def test_a_page_shows_everything_and_fetches_nothing() -> None:
    text = page(given()).decode()
    shown = Shown(text)
    assert page(given()) == text.encode()
    assert not {"script", "link", "img", "iframe"} & set(shown.tags)
    assert shown.addresses == []
    assert HOSTILE in shown.text
    for _, mine in given().groups:
        for point in mine:
            for said in (*point.where, *point.found, *point.expected, *point.todo):
                assert re.sub(r"\s+", " ", said) in re.sub(r"\s+", " ", shown.text)


def test_the_workbook_says_the_same_and_nothing_in_it_runs() -> None:
    data = workbook(given())
    assert data == workbook(given())
    sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not any(cell.data_type == "f" for cell in cells)
    said = "\n".join(str(cell.value) for cell in cells)
    for _, mine in given().groups:
        for point in mine:
            assert point.todo[0] in said
            assert point.where[0] in said


def test_the_list_leads_to_every_page() -> None:
    shown = Shown(index_page("Kỳ", [given()]).decode())
    assert shown.addresses == ["u.html"]
    assert "Sở & Ban" in shown.text


def test_units_with_something_to_do_have_a_page_until_they_have_done_it(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    right = str(made["inbox/beta/self_assessment.csv"])
    made["inbox/beta/self_assessment.csv"] = right.replace("2.5,", "9,")
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "collect") == 3
    kept = parindex.home / "cycles/nho-2020/findings"
    assert str(kept / "index.html") in parindex.out.replace("\n", "")
    assert {path.name for path in kept.iterdir()} == {"beta.html", "index.html"}
    assert "Bản tự chấm bị trả lại" in (kept / "beta.html").read_text("utf-8")
    (folder / "inbox/beta/self_assessment.csv").write_text(right, encoding="utf-8")
    assert parindex("collect", "nho-2020") == 0, parindex.err
    assert list(kept.iterdir()) == []


def test_findings_are_written_for_all_units_or_one(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["inbox/beta/self_assessment.csv"] = str(made["inbox/beta/self_assessment.csv"]).replace("2.5,", "9,")
    made["inbox/gamma/self_assessment.csv"] = "code,points\n1.2,2.5\n"
    folder = small_cycle.write(tmp_path / "c", made)
    assert parindex("run", folder, "--until", "collect") == 3
    assert parindex("findings", "nho-2020", "--to", tmp_path / "all") == 0, parindex.err
    names = {path.name for path in (tmp_path / "all").iterdir()}
    assert {"beta.html", "beta.xlsx", "gamma.html", "gamma.xlsx", "index.html"} == names
    assert parindex("findings", "nho-2020", "--unit", "gamma", "--to", tmp_path / "one") == 0, parindex.err
    assert {path.name for path in (tmp_path / "one").iterdir()} == {"gamma.html", "gamma.xlsx"}
    assert (tmp_path / "one/gamma.html").read_bytes() == (tmp_path / "all/gamma.html").read_bytes()
    assert parindex("findings", "nho-2020", "--unit", "nobody", "--to", tmp_path / "x") == 2
