"""Forms come back as they went out: codes as text, cells guarded, formulas that give the exact points."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from random import Random

import pandas as pd
import pytest
import yaml
from openpyxl import Workbook, load_workbook
from openpyxl.utils import get_column_letter
from plain_formula import work_out
from random_cycle import random_cycle, random_framework, random_inputs

from checks.marks import read_marks
from checks.self_assessments import read_claims, read_evidence_rows
from flows.publication.claimed_formulas import claimed_formula
from flows.publication.form_columns import FIRST_ROW, MARKED, MARKS, SCORES
from flows.publication.form_summary import SUMMARY
from flows.publication.forms import EVIDENCE_SHEET, LISTS_SHEET, BlankForm, LastValues, appraiser_worksheet, unit_form
from flows.publication.rule_words import rule_in_words, rule_on_paper
from flows.publication.sheet_writing import put_text, sheet_title
from models.rules import frames
from models.rules.formulas import leaf_points
from models.rules.framework import Criterion, Decision, Framework, Judgement, Leaf, ReformField, Survey
from models.rules.framework_json import read_rule
from models.rules.numbers import read_number, show_scaled
from models.storage.framework_folders import built_in
from models.storage.spreadsheets import read_workbook

SPEC = Path(__file__).parents[1] / "spec" / "leaf_rules.yaml"
CASES = [case for case in yaml.safe_load(SPEC.read_text("utf-8")) if case["rule"]["kind"] != "judgement"]
CELLS = {name: f"{letter}7" for name, letter in zip(frames.INPUTS, "FGHIJKL", strict=True)}
HOSTILE = "=cmd|'/c calc'!A1"


def departments() -> Framework:
    framework, _ = built_in("dien-bien-2020-departments")
    assert framework is not None
    return framework


def form(framework: Framework, **more: object) -> bytes:
    return unit_form("Chỉ số CCHC 2020", "dien-bien-2020", "so-tu-phap", "Sở Tư pháp", framework, **more)  # type: ignore[arg-type]


def opened(data: bytes) -> Workbook:
    return load_workbook(io.BytesIO(data))


def score_sheets(book: Workbook) -> list:
    return [one for one in book.worksheets[1:] if one.title not in (EVIDENCE_SHEET, LISTS_SHEET, SUMMARY)]


def tables(data: bytes, evidence: bool = False) -> list:
    found, faults = read_workbook(data, "form.xlsx")
    assert not faults
    return [("u", table) for table in found if (table.name == EVIDENCE_SHEET) is evidence]


def alone(leaf: Leaf, decimals: int = 5) -> Framework:
    criterion = Criterion(leaf.code, leaf.name, leaf.maximum, (leaf,), True)
    field = ReformField("1", "Lĩnh vực", leaf.maximum, (criterion,))
    return Framework("f", "F", Decision("1", "2020-01-01", "UBND"), leaf.maximum, (field,), decimals)


def as_cells(given: dict[str, str]) -> dict[str, object]:
    """Inputs as a spreadsheet holds them."""
    flags = {"yes": "có", "no": "không"}
    return {
        CELLS[name]: flags[text] if name == "met" else text if name == "option" else Fraction(text)
        for name, text in given.items()
    }


def exact(leaf: Leaf, given: dict[str, str], decimals: int) -> Fraction | str:
    points = leaf_points(leaf, {name: [text] for name, text in given.items()}, decimals)
    return Fraction(int(points.values[0]), 10**decimals) if points.applies[0] else ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["case"])
def test_a_formula_gives_what_the_spec_says(case: dict) -> None:
    leaf = Leaf("1", "n", case["maximum"], "appraisal", "none", read_rule(case["rule"]))
    decimals = case.get("decimals", 5)
    given = {name: text if name in ("met", "option") else read_number(text) for name, text in case["given"].items()}
    formula = claimed_formula(leaf, CELLS, decimals)
    assert formula is not None
    expected = "" if case.get("out") else Fraction(case["points"])
    assert work_out(formula, as_cells(given)) == expected  # type: ignore[arg-type]


@pytest.mark.parametrize("seed", range(40))
def test_a_formula_gives_the_exact_points_of_any_rule(seed: int) -> None:
    rng = Random(seed)
    framework = random_framework(rng, "f")
    for leaf in framework.leaves:
        if leaf.source != "appraisal" or isinstance(leaf.rule, Judgement):
            continue
        formula = claimed_formula(leaf, CELLS, framework.leaf_decimals)
        assert formula is not None
        assert work_out(formula, {}) == ""  # nothing given, nothing claimed
        for _ in range(8):
            given = random_inputs(rng, leaf)
            shown = work_out(formula, as_cells(given))  # type: ignore[arg-type]
            assert shown == exact(leaf, given, framework.leaf_decimals), (leaf, given)


def test_a_rule_too_long_for_a_cell_has_no_formula() -> None:
    rule = read_rule({"kind": "choice", "options": [{"value": "x" * 300, "points": "1"}]})
    assert claimed_formula(Leaf("1", "n", "1", "appraisal", "none", rule), CELLS, 5) is None


def test_a_blank_form_carries_every_leaf_to_score_and_no_claim() -> None:
    framework = departments()
    data = form(framework)
    codes = [code for _, table in tables(data) for code in table.frame["code"] if code]
    assert codes == [leaf.code for leaf in framework.leaves if leaf.source == "appraisal"]
    claims, faults = read_claims(tables(data), {"u": framework})
    documents, more = read_evidence_rows(tables(data, evidence=True), {"u": framework})
    assert not len(claims)
    assert not len(documents)
    assert not faults
    assert not more


def test_codes_are_text_and_headings_carry_none() -> None:
    for sheet in score_sheets(opened(form(departments()))):
        assert [cell.value for cell in sheet[1]] == [heading.name for heading in SCORES]
        for row in sheet.iter_rows(min_row=FIRST_ROW):
            code, name, rule = row[0], row[1], row[2]
            assert name.value
            if code.value is None:
                assert rule.value is None or rule.value.endswith("đơn vị không tự chấm.")
                assert all(cell.protection.locked for cell in row)
            else:
                assert (code.data_type, code.number_format, code.protection.locked) == ("s", "@", True)


def test_only_cells_the_rule_uses_are_open() -> None:
    framework = departments()
    place = {heading.carries: number for number, heading in enumerate(SCORES) if heading.carries}
    for sheet in score_sheets(opened(form(framework))):
        assert sheet.protection.sheet
        assert not sheet.protection.password
        for row in sheet.iter_rows(min_row=FIRST_ROW):
            if row[0].value:
                rule = framework.leaf[row[0].value].rule
                used = {*rule.inputs, "not_applicable", "explanation"}
                assert {name for name, at in place.items() if not row[at].protection.locked} == used
                grey = {name for name, at in place.items() if row[at].fill.fgColor.rgb.endswith("DEDEDE")}
                assert grey == set(place) - used - {"code", "points"}


def test_formulas_stand_in_the_claimed_points_alone() -> None:
    for sheet in opened(form(departments())).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    assert sheet.cell(1, cell.column).value == "Điểm"
                    assert "[" not in cell.value


def test_choices_and_flags_are_drop_downs() -> None:
    framework = departments()
    book = opened(form(framework))
    lists = book[LISTS_SHEET]
    assert lists.sheet_state == "hidden"
    columns = {column[0].value: [cell.value for cell in column[1:] if cell.value] for column in lists.columns}
    offered = {leaf.code: leaf.rule.options for leaf in framework.leaves if hasattr(leaf.rule, "options")}
    for code, options in offered.items():
        if framework.leaf[code].source == "appraisal":
            assert columns[f"Lựa chọn {code}"] == [option.value for option in options]
    assert columns["Các mã"] == [leaf.code for leaf in framework.leaves if leaf.source == "appraisal"]
    kinds = {one.formula1 for sheet in score_sheets(book) for one in sheet.data_validations.dataValidation}
    assert '"có,không"' in kinds


def test_a_filled_form_gives_back_exactly_what_was_filled_in() -> None:
    rng, framework = Random(5), departments()
    made, documents = [], []
    for leaf in framework.leaves:
        if leaf.source == "appraisal":
            claim = {"unit": "u", "code": leaf.code, **random_inputs(rng, leaf), "explanation": "- đã làm\n=1+1"}
            points = exact(leaf, {name: claim[name] for name in leaf.rule.inputs}, 5)
            if points != "" and "points" not in leaf.rule.inputs:
                claim["points"] = read_number(show_scaled(int(points * 10**5), 5))
            made.append(claim)
            documents.append(
                {"unit": "u", "code": leaf.code, "kind": "evidence", "document_number": "1-2/KH-STP",
                 "issuer": "Sở Tư pháp", "issued_on": "2020-03-04", "title": HOSTILE, "file": "kế hoạch.pdf",
                 "pages": "1-2"}
            )  # fmt: skip
    documents.append({**documents[0], "kind": "explanation", "file": "giải trình.pdf"})
    claims, evidence = frames.frame(made, frames.CLAIMS), frames.frame(documents, frames.EVIDENCE)
    data = form(framework, filled=(claims, evidence))
    back, faults = read_claims(tables(data), {"u": framework})
    assert [fault.check for fault in faults if fault.check != "ratio-above-one"] == []
    pd.testing.assert_frame_equal(back[list(frames.CLAIMS)], claims)
    rows, faults = read_evidence_rows(tables(data, evidence=True), {"u": framework})
    assert not faults
    shown = ["code", "document_number", "issuer", "issued_on", "title", "file", "pages"]
    pd.testing.assert_frame_equal(rows[shown], evidence[(evidence["kind"] == "evidence").to_numpy()][shown])
    assert not any(
        cell.data_type == "f" for sheet in opened(data).worksheets for row in sheet.iter_rows() for cell in row
    )


def test_a_number_too_long_for_a_spreadsheet_is_written_as_text() -> None:
    rule = read_rule({"kind": "ratio"})
    framework = alone(Leaf("1.1", "n", "1", "appraisal", "none", rule))
    long = "333333333333333.3333333333"
    claim = {"unit": "u", "code": "1.1", "numerator": long, "denominator": "999999999999999.9"}
    filled = (frames.frame([claim], frames.CLAIMS), frames.empty(frames.EVIDENCE))
    back, faults = read_claims(tables(form(framework, filled=filled)), {"u": framework})
    assert not faults
    assert back["numerator"].tolist() == [long]


def test_hostile_names_stay_text() -> None:
    rule = read_rule(
        {"kind": "choice", "options": [{"value": HOSTILE, "points": "1"}, {"value": 'a", "b', "points": "0"}]}
    )
    leaf = Leaf("1.1", HOSTILE, "1", "appraisal", "required", rule, reference="@x")
    framework = replace(alone(leaf), fields=(replace(alone(leaf).fields[0], name="[*]:?/\\ '" + "rất dài " * 9),))
    data = unit_form(HOSTILE, "c", "u", "<script>&\x07" + HOSTILE, framework)
    book = opened(data)
    assert all(len(name) <= 31 and not set(name) & set("[]:*?/\\") for name in book.sheetnames)
    sheet = score_sheets(book)[0]
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == HOSTILE)
    assert cell.data_type == "s"
    assert cell.quotePrefix
    formulas = [cell for one in book.worksheets for row in one.iter_rows() for cell in row if cell.data_type == "f"]
    formulas = [cell for cell in formulas if cell.parent.title != SUMMARY]
    assert len(formulas) == 1
    place = [heading.carries for heading in SCORES].index("option")
    assert work_out(formulas[0].value, {f"{'ABCDEFGHIJ'[place]}{formulas[0].row}": HOSTILE}) == 1
    assert not read_workbook(data, "f")[1]


def test_text_that_looks_like_an_error_or_a_formula_is_kept() -> None:
    cell = Workbook().worksheets[0].cell(1, 1)
    for text in ("#N/A", "=1", "+1", "-1", "@a", "TRUE", "1.10"):
        assert (put_text(cell, text).value, cell.data_type) == (text, "s")


def test_sheet_names_differ_and_are_cut_at_a_word() -> None:
    name = "1. Cải cách tổ chức bộ máy hành chính nhà nước"
    first = sheet_title(name, [])
    assert first == "1. Cải cách tổ chức bộ máy hành"
    second = sheet_title(name, [first.upper()])
    assert second.endswith(" 2")
    assert len(second) <= 31
    assert sheet_title("'", []) == "Sheet"


def test_the_same_arguments_give_the_same_bytes_without_a_date() -> None:
    last = LastValues({"1.1.1": "đúng hạn"}, {"1.1.1": "0,5"}, ("Năm trước: 80,1%", "Last year: 80.1%"))
    data = form(departments(), digest="ab" * 32, last_year=last)
    assert data == form(departments(), digest="ab" * 32, last_year=last)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert package.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2
    book = opened(data)
    assert "ab" * 32 in "".join(str(cell.value) for cell in book.worksheets[0]["A"])


def test_forms_are_ready_to_print() -> None:
    for sheet in score_sheets(opened(form(departments()))):
        assert sheet.page_setup.orientation == "landscape"
        assert str(sheet.page_setup.paperSize) == "9"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.freeze_panes == "C3"
        assert sheet.print_title_rows == "$1:$2"


def worksheet_rows(framework: Framework) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "unit": unit, "unit_name": "Sở", "code": leaf.code, "name": leaf.name, "maximum": leaf.maximum,
                "self": "0.5", "inputs": "tử số 1", "evidence": HOSTILE, "rule": rule_in_words(leaf),
                "uses": ",".join(leaf.rule.inputs),
                "options": "\n".join(one.value for one in getattr(leaf.rule, "options", ())),
            }
            for unit in ("so-a", "so-b")
            for leaf in framework.leaves
            if leaf.source == "appraisal"
        ],
        dtype="str",
    )  # fmt: skip


def test_a_blank_worksheet_names_every_row_and_marks_nothing() -> None:
    framework = departments()
    rows = worksheet_rows(framework)
    data = appraiser_worksheet("Kỳ", "noi-vu", "Sở Nội vụ", rows)
    assert data == appraiser_worksheet("Kỳ", "noi-vu", "Sở Nội vụ", rows)
    found, faults = read_workbook(data, "marks.xlsx")
    assert not faults
    assert [table.name for table in found] == ["Phiếu thẩm định"]
    table = found[0].frame
    assert list(zip(table["unit"], table["code"], strict=True)) == list(zip(rows["unit"], rows["code"], strict=True))
    assert set(table["round"]) == {"1"}
    assert {"agree", *frames.INPUTS, "not_applicable", "reason", "explanation_required"} < set(table.columns)


def test_a_worksheet_opens_what_the_rule_asks_for_and_rows_for_the_second_round() -> None:
    framework = departments()
    sheet = opened(appraiser_worksheet("Kỳ", "noi-vu", "Sở Nội vụ", worksheet_rows(framework)))["Phiếu thẩm định"]
    assert sheet.protection.sheet
    for row in sheet.iter_rows(min_row=FIRST_ROW):
        rule = framework.leaf[row[1].value].rule
        opens = {
            heading.carries
            for heading, cell in zip(MARKS, row[len(MARKED) :], strict=True)
            if not cell.protection.locked
        }
        assert opens == {*rule.inputs, "agree", "not_applicable", "reason", "explanation_required"}
    assert not sheet.column_dimensions["A"].protection.locked


def test_a_worksheet_as_read_carries_no_mark_until_somebody_marks() -> None:
    inputs = random_cycle(Random(3))
    framework = inputs.framework_of(inputs.units["bloc"].iloc[0])
    unit = inputs.units["unit"].iloc[0]
    rows = worksheet_rows(framework).query("unit == 'so-a'").assign(unit=unit)
    found, _ = read_workbook(appraiser_worksheet("Kỳ", "an", "An", rows), "marks.xlsx")
    marks, faults = read_marks([("an", table) for table in found], inputs, frozenset(), frozenset())
    assert not len(marks)
    assert not faults


def test_every_rule_has_words_in_both_languages() -> None:
    for seed in range(20):
        for leaf in random_framework(Random(seed), "f").leaves:
            for language in ("vi", "en"):
                told = rule_in_words(leaf, language)  # type: ignore[arg-type]
                assert told.endswith(".")
                assert leaf.maximum in told or not isinstance(leaf.rule, Judgement | Survey)


def test_tiers_are_told_from_the_highest_down() -> None:
    rule = read_rule(
        {"kind": "tiers", "measure": "ratio", "when_zero": "full",
         "tiers": [{"at_least": "50", "points": "0.5", "linear_from": "0.25"}, {"at_least": "100", "points": "1"}]}
    )  # fmt: skip
    assert rule_in_words(Leaf("1", "n", "1", "appraisal", "none", rule)) == (
        "Tỷ lệ từ 100% trở lên: 1 điểm; từ 50% đến dưới 100%: tăng đều từ 0.25 đến gần 0.5 điểm; "
        "dưới 50%: 0 điểm; không phát sinh (0/0): điểm tối đa."
    )


def test_a_stamped_form_names_its_unit_wherever_a_blank_one_has_a_mark() -> None:
    name = "Sở <A> & “B”"
    data = unit_form("Kỳ", "ky", "so a", name, departments(), digest="ab" * 32)
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        assert not any(b"~~parindex" in package.read(part) for part in package.namelist())
    book = opened(data)
    assert book.properties.title == f"ky / so a / dien-bien-2020-departments / {'ab' * 32}"
    assert book.worksheets[0]["A1"].value == f"Phiếu tự chấm điểm – {name}"
    assert "Sở <A> && “B”" in book.worksheets[2].oddHeader.center.text


def test_two_units_forms_differ_in_their_own_words_alone() -> None:
    blank = BlankForm("Kỳ", "ky", departments())
    one, other = (_parts(blank.for_unit(unit, f"Sở {unit}")) for unit in ("a", "b"))
    assert one.keys() == other.keys()
    assert {name: data.replace(b"a", b"b") for name, data in one.items()} == {
        name: data.replace(b"a", b"b") for name, data in other.items()
    }


def _parts(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return {name: package.read(name) for name in package.namelist()}


def test_last_years_values_stand_beside_this_years() -> None:
    last = LastValues({"1.1.1": "đúng hạn"}, {"1.1.1": "0,5"}, ("Năm trước: 80,1%", "Last year: 80.1%"))
    sheet = score_sheets(opened(form(departments(), last_year=last)))[0]
    at = {cell.value: cell.column for cell in sheet[1]}
    row = next(cell.row for cell in sheet["A"] if cell.value == "1.1.1")
    assert at["Số liệu năm trước"] + 1 == at["Đạt"]
    assert at["Điểm"] + 1 == at["Điểm năm trước"]
    assert sheet.cell(row, at["Số liệu năm trước"]).value == "đúng hạn"
    assert sheet.cell(row, at["Điểm năm trước"]).value == "0,5"
    assert not sheet.column_dimensions[get_column_letter(at["Điểm năm trước"])].hidden
    without = score_sheets(opened(form(departments())))[0]
    assert without.column_dimensions[get_column_letter(at["Điểm năm trước"])].hidden


def test_columns_no_leaf_of_the_field_uses_are_hidden() -> None:
    framework = departments()
    place = {heading.carries: number for number, heading in enumerate(SCORES, start=1) if heading.carries}
    for sheet, part in zip(score_sheets(opened(form(framework))), framework.fields, strict=True):
        leaves = [leaf for one in part.criteria for leaf in one.leaves if leaf.source == "appraisal"]
        used = {name for leaf in leaves for name in leaf.rule.inputs} | {"points", "not_applicable", "explanation"}
        for name in frames.INPUTS:
            assert sheet.column_dimensions[get_column_letter(place[name])].hidden == (name not in used)


def test_the_english_row_below_the_header_is_nobodys_row() -> None:
    book = opened(form(departments()))
    sheet = score_sheets(book)[0]
    assert sheet["B2"].value == "Criterion, sub-criterion"
    sheet["P2"].value = "ghi nhầm"  # what somebody wrote beside the names
    out = io.BytesIO()
    book.save(out)
    claims, faults = read_claims(tables(out.getvalue()), {"u": departments()})
    assert (len(claims), faults) == (0, [])


def test_the_rule_on_paper_has_decimal_commas_and_leaves_choices_as_they_are() -> None:
    rule = read_rule(
        {"kind": "choice", "options": [{"value": "Mức 1.5", "points": "0.25"}, {"value": "b", "points": "0"}]}
    )
    leaf = Leaf("1.1.1", "n", "0.25", "appraisal", "none", rule)
    assert rule_on_paper(leaf) == "“Mức 1.5”: 0,25 điểm; “b”: 0 điểm."


def test_the_sheet_to_sign_has_every_field_and_both_signatures() -> None:
    framework = departments()
    sheet = opened(form(framework))[SUMMARY]
    said = [cell.value for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert {part.name for part in framework.fields} < set(said)
    assert {"NGƯỜI LẬP BIỂU", "THỦ TRƯỞNG ĐƠN VỊ"} < set(said)
    assert "Mã" not in said


def test_codes_that_look_like_numbers_raise_no_doubt() -> None:
    for name, data in _parts(form(departments())).items():
        if name.startswith("xl/worksheets/sheet") and b"<headerFooter>" in data:
            assert data.endswith(b'numberStoredAsText="1"/></ignoredErrors></worksheet>')
