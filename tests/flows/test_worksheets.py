"""Worksheets: what the unit gave, links that open its files, reasons to choose from, the second round as it is due."""

from __future__ import annotations

import io
from pathlib import Path
from random import Random
from urllib.parse import unquote

import openpyxl
import pandas as pd
import pytest
import small_cycle
from openpyxl.worksheet.worksheet import Worksheet
from random_cycle import random_cycle

from checks.marks import read_marks
from flows.appraisal_rows import Listed, listed
from flows.publication.appraisal_form import SECOND_SHEET, SHEET, appraiser_worksheet
from flows.publication.document_list import DOCUMENTS, address
from flows.templates_out import worksheets
from models.rules.cycle import CycleInputs
from models.rules.reasons import REASONS, reason_code
from models.storage.spreadsheets import read_workbook

ASKING = "Thiếu tài liệu kiểm chứng: chưa có quyết định"


def worksheet(who: str, mine: Listed) -> bytes:
    return appraiser_worksheet(
        "Kỳ", who, mine.name, mine.first, second=mine.second, documents=mine.documents, cycle_id="ky"
    )


def read_back(data: bytes, who: str, inputs: CycleInputs) -> pd.DataFrame:
    found, faults = read_workbook(data, "marks.xlsx")
    assert not faults
    marks, faults = read_marks([(who, table) for table in found], inputs, frozenset(), frozenset(inputs.units["unit"]))
    assert not [fault for _, fault in faults if fault.check != "ratio-above-one"]
    return marks


@pytest.mark.parametrize("seed", range(6))
def test_marks_that_stand_are_in_the_worksheet_and_come_back_the_same(seed: int) -> None:
    inputs = random_cycle(Random(seed))
    columns = [name for name in inputs.marks.columns if name != "correction"]
    own = inputs.marks[(inputs.marks["correction"] == "").to_numpy()]
    for who, mine in listed(inputs).items():
        marks = read_back(worksheet(who, mine), who, inputs)
        key = ["unit", "code", "round"]
        before = own[(own["appraiser"] == who).to_numpy()][columns].sort_values(key, ignore_index=True)
        after = marks[columns].sort_values(key, ignore_index=True)
        pd.testing.assert_frame_equal(after, before)


@pytest.mark.parametrize("seed", range(12))
def test_nobody_is_shown_their_own_unit(seed: int) -> None:
    inputs = random_cycle(Random(seed))
    people = dict(zip(inputs.responsibilities["appraiser"], inputs.responsibilities["unit"], strict=True))
    for who, mine in listed(inputs).items():
        for rows in (mine.first, mine.second, mine.documents):
            assert not len(rows) or people[who] not in set(rows["unit"])


def test_reasons_can_be_chosen_and_anything_else_written() -> None:
    inputs = random_cycle(Random(2))
    who, mine = next(iter(listed(inputs).items()))
    book = openpyxl.load_workbook(io.BytesIO(worksheet(who, mine)))
    hidden = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in book["Danh mục"].columns}
    assert hidden["Lý do"] == [f"{vietnamese}:" for vietnamese, _ in REASONS.values()]
    free = [one for one in book[SHEET].data_validations.dataValidation if one.promptTitle == "Lý do"]
    assert [(one.type, one.showErrorMessage) for one in free] == [("list", False)]
    assert all(len(one.prompt or "") <= 255 for one in book[SHEET].data_validations.dataValidation)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", ""),
        (ASKING, "missing_evidence"),
        ("không thuộc thời gian đánh giá", "wrong_period"),
        ("Arithmetic: 9 of 10", "arithmetic"),
        ("Báo cáo gửi muộn", "other"),
    ],
)
def test_a_reason_begins_with_its_code(text: str, code: str) -> None:
    assert reason_code(text) == code


def test_an_address_keeps_letters_and_hides_what_an_address_reads_otherwise() -> None:
    assert address("so-a", "kế hoạch #1 100%.pdf") == "../../inbox/so-a/evidence/kế%20hoạch%20%231%20100%25.pdf"


def links(sheet: Worksheet) -> dict[str, str]:
    """By cell: where its link leads."""
    return {
        cell.coordinate: cell.hyperlink.target or f"#{cell.hyperlink.location}"
        for row in sheet.iter_rows()
        for cell in row
        if cell.hyperlink is not None
    }


@pytest.fixture
def cycle(tmp_path: Path) -> dict[str, str | bytes]:
    """Alpha names a file with a Vietnamese name; its plan is to be explained; beta has to explain and has not."""
    made = small_cycle.files()
    made["inbox/alpha/evidence/kế hoạch 1.pdf"] = small_cycle.pdf("k")
    made["inbox/alpha/evidence.csv"] = small_cycle.table(
        "code,document_number,issuer,issued_on,title,file,pages",
        ("1.1.1", "1/KH-S", "Sở", "15/01/2020", "Kế hoạch", "kế hoạch 1.pdf", "1-2"),
    )
    made["appraisal/noi-vu/marks.csv"] = small_cycle.table(
        "unit,code,round,agree,met,reason,explanation_required",
        *[(unit, "1.1.1", 1, "", "no", ASKING, "yes") for unit in ("alpha", "beta")],
        *[(unit, code, 1, "yes", "", "", "") for unit in small_cycle.UNITS for code in ("1.1.2", "1.1.10")],
        ("gamma", "1.1.1", 1, "yes", "", "", ""),
    )
    made["inbox/alpha/explanations.csv"] = small_cycle.table(
        "code,text,file", ("1.1.1", "Đã ban hành ngày 15/01", "giải trình.pdf")
    )
    made["inbox/alpha/evidence/giải trình.pdf"] = small_cycle.pdf("g")
    return made


def test_after_round_one_a_template_has_round_two_with_what_was_asked_and_answered(
    installation, tmp_path: Path, cycle: dict[str, str | bytes]
) -> None:
    parindex, folder = installation(), small_cycle.write(tmp_path / "c", cycle)
    assert parindex("run", folder, "--until", "appraise") == 0, parindex.err
    assert parindex("template", "nho-2020", "--to", tmp_path / "out") == 0, parindex.err
    place = tmp_path / "out/appraisal/noi-vu/marks.xlsx"
    book = openpyxl.load_workbook(place)
    sheet = book[SECOND_SHEET]
    at = {cell.value: cell.column for cell in sheet[1]}
    told = [{name: sheet.cell(row, column).value for name, column in at.items()} for row in (3, 4)]
    assert [(one["Đơn vị"], one["Mã"], one["Vòng"]) for one in told] == [
        ("alpha", "1.1.1", "2"),
        ("beta", "1.1.1", "2"),
    ]
    assert {one["Nội dung yêu cầu giải trình"] for one in told} == {ASKING}
    assert [one["Đơn vị giải trình"] for one in told] == ["Đã ban hành ngày 15/01", "(đơn vị chưa giải trình)"]
    assert told[0]["Kết quả thẩm định lần 1"] == "Đạt: không\n0 điểm"
    files = {unquote(to) for to in links(book[DOCUMENTS]).values()}
    assert files == {f"../../inbox/alpha/evidence/{name}.pdf" for name in ("kế hoạch 1", "giải trình")}
    assert {(place.parent / file).resolve().relative_to(tmp_path / "out").as_posix() for file in files} <= set(cycle)
    assert links(sheet) == {sheet.cell(3, at["Mở tài liệu"]).coordinate: "#'Tài liệu'!A3"}
    sheet.cell(3, at["Đồng ý"]).value = "có"
    (folder / "appraisal/noi-vu/marks.csv").unlink()
    book.save(folder / "appraisal/noi-vu/marks.xlsx")
    assert parindex("run", folder) == 0, parindex.err
    scores = parindex.exported("nho-2020")["scores.csv"].decode().splitlines()
    row = next(line for line in scores if line.startswith("alpha,1.1.1,"))
    assert ",0.00000,1.00000,1.00000," in row  # first mark, second mark, final


def test_a_unit_is_told_what_it_has_to_explain_until_it_has(
    installation, tmp_path: Path, cycle: dict[str, str | bytes]
) -> None:
    parindex, folder = installation(), small_cycle.write(tmp_path / "c", cycle)
    assert parindex("run", folder, "--until", "appraise") == 0, parindex.err
    kept = parindex.home / "cycles/nho-2020/findings"
    assert ASKING in (kept / "beta.html").read_text("utf-8")
    assert not (kept / "alpha.html").exists()
    (folder / "inbox/beta/explanations.csv").write_text("code,text\n1.1.1,Đã có\n", encoding="utf-8")
    assert parindex("collect", "nho-2020") == 0, parindex.err
    assert not (kept / "beta.html").exists()


def test_a_worksheet_too_large_for_the_reader_is_a_csv_file(monkeypatch: pytest.MonkeyPatch) -> None:
    inputs = random_cycle(Random(2))
    monkeypatch.setattr("flows.templates_out.MOST_ROWS", 1)
    made = dict(worksheets(inputs))
    assert all(path.endswith("/marks.csv") for path in made)
    assert all(data.startswith(b"unit,code,round,agree,met") for data in made.values())
