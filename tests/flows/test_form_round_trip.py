"""Forms and worksheets filled in and saved by LibreOffice: it shows our points, and what was typed comes back."""

from __future__ import annotations

import datetime as dt
import io
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import Any

import pandas as pd
import pytest
import yaml
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from random_cycle import random_cycle, random_framework, random_inputs

from checks.made_for import check_form
from checks.marks import read_marks
from checks.self_assessments import read_claims, read_evidence_rows
from flows.appraisal_rows import listed
from flows.publication.form_columns import EVIDENCE, FIRST_ROW, SCORES, places
from flows.publication.form_summary import SUMMARY
from flows.publication.forms import EVIDENCE_SHEET, appraiser_worksheet, unit_form
from flows.publication.sheet_writing import put_number
from models.rules import frames
from models.rules.formulas import leaf_points
from models.rules.framework import Criterion, Decision, Framework, Judgement, Leaf, ReformField
from models.rules.framework_json import digest, read_rule
from models.rules.numbers import canonical, read_number, round_half_up, show_scaled
from models.storage.framework_folders import built_in
from models.storage.spreadsheets import Table, read_workbook
from models.storage.workbook_guard import title

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here"),
]
SPEC = Path(__file__).parents[1] / "spec" / "leaf_rules.yaml"
DATES = ("15/01/2020", dt.date(2020, 1, 15), "2020-01-15")  # as text, as a real date, as ISO: one day
FLAGS = {"yes": "có", "no": "không"}


def of_the_spec() -> tuple[Framework, dict[str, dict[str, str]]]:
    """Every case of tests/spec as a leaf of its own, and what is given for it."""
    leaves, given = [], {}
    for number, case in enumerate(yaml.safe_load(SPEC.read_text("utf-8")), start=1):
        if case.get("decimals", 5) == 5:
            code = f"1.1.{number}"
            leaves.append(Leaf(code, case["case"], case["maximum"], "appraisal", "none", read_rule(case["rule"])))
            told = case["given"].items()
            given[code] = {name: text if name in ("met", "option") else read_number(text) for name, text in told}
    criterion = Criterion("1.1", "Các trường hợp", "100", tuple(leaves), False)
    field = ReformField("1", "Lĩnh vực", "100", (criterion,))
    return Framework("spec", "S", Decision("1", "2020-01-01", "UBND"), "100", (field,)), given


def frameworks() -> dict[str, tuple[Framework, dict[str, dict[str, str]]]]:
    """By file name: a framework, and by code what the unit gives."""
    found = {"spec": of_the_spec()}
    departments, _ = built_in("dien-bien-2020-departments")
    assert departments is not None
    for seed, framework in enumerate([departments, *(random_framework(Random(seed), f"f{seed}") for seed in range(6))]):
        rng = Random(seed)
        leaves = [leaf for leaf in framework.leaves if leaf.source == "appraisal"]
        found[f"form{seed}"] = (framework, {leaf.code: random_inputs(rng, leaf) for leaf in leaves})
    return found


GIVEN = frameworks()


def fill(sheet: Worksheet, row: int, given: dict[str, str]) -> None:
    """Type a leaf's figures, numbers as numbers and flags as the drop-down has them."""
    place: dict[str, int] = places(SCORES)
    for name, text in given.items():
        cell: Any = sheet.cell(row, place[name])
        if name in ("met", "option"):
            cell.value = FLAGS.get(text, text) if name == "met" else text
        else:
            put_number(cell, text)


def filled_form(framework: Framework, given: dict[str, dict[str, str]]) -> bytes:
    """The blank form with these figures and three documents typed in."""
    book = load_workbook(io.BytesIO(unit_form("Kỳ", "ky", "u", "Sở Tư pháp", framework, digest=digest(framework))))
    for sheet in book.worksheets:
        if sheet["A1"].value == "Mã" and sheet.title != EVIDENCE_SHEET:
            for row in range(FIRST_ROW, sheet.max_row + 1):
                fill(sheet, row, given.get(sheet.cell(row, 1).value, {}))
    for row, day in enumerate(DATES, start=2):
        document = {"code": next(iter(given)), "document_number": f"1.{row}/QĐ-UBND", "issuer": "Sở Tư pháp",
                    "issued_on": day, "title": "Về việc …", "pages": "1.10"}  # fmt: skip
        for name, place in places(EVIDENCE).items():
            book[EVIDENCE_SHEET].cell(row, place).value = document.get(name)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Every form as LibreOffice saves it, all in one go."""
    place = tmp_path_factory.mktemp("forms")
    for name, (framework, given) in GIVEN.items():
        (place / f"{name}.xlsx").write_bytes(filled_form(framework, given))
    inputs = random_cycle(Random(11))
    for who, mine in listed(inputs).items():
        (place / f"marks-{who}.xlsx").write_bytes(worksheet(who))
        assert len(mine.first)
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{place}/profile", "--headless", "--convert-to",
         "xlsx:Calc MS Excel 2007 XML", "--outdir", str(place / "out"), *map(str, sorted(place.glob("*.xlsx")))],
        check=True, capture_output=True, timeout=300,
    )  # fmt: skip
    return {path.stem: path.read_bytes() for path in (place / "out").glob("*.xlsx")}


def worksheet(who: str) -> bytes:
    mine = listed(random_cycle(Random(11)))[who]
    return appraiser_worksheet(
        "Kỳ", who, mine.name, mine.first, second=mine.second, documents=mine.documents, cycle_id="ky"
    )


def tables(data: bytes, evidence: bool = False) -> list[tuple[str, Table]]:
    found, faults = read_workbook(data, "form.xlsx")
    assert not faults
    return [("u", table) for table in found if (table.name == EVIDENCE_SHEET) is evidence]


def claimed(leaf: Leaf, given: dict[str, str], decimals: int) -> str:
    """The points that come back: as typed, else as the formula shows them, which sees no number that had to be text."""
    if any(
        name not in ("met", "option") and len(text.strip("-0.").replace(".", "")) > 15 for name, text in given.items()
    ):
        return ""
    return given.get("points") or exact(leaf, given, decimals)


def exact(leaf: Leaf, given: dict[str, str], decimals: int) -> str:
    points = leaf_points(leaf, {name: [text] for name, text in given.items()}, decimals)
    if not points.applies[0]:
        return ""
    sign, whole, part = "", *show_scaled(abs(int(points.values[0])), decimals).partition(".")[::2]
    return canonical("-" if points.values[0] < 0 else sign, whole, part)


@pytest.mark.parametrize("name", GIVEN)
def test_what_was_typed_and_the_points_shown_come_back_exactly(saved: dict[str, bytes], name: str) -> None:
    framework, given = GIVEN[name]
    claims, faults = read_claims(tables(saved[name]), {"u": framework})
    assert {fault.check for fault in faults} <= {"ratio-above-one"}
    expected = [
        {"unit": "u", "code": code, **told,
         "points": claimed(framework.leaf[code], told, framework.leaf_decimals)}
        for code, told in given.items()
    ]  # fmt: skip
    pd.testing.assert_frame_equal(claims[list(frames.CLAIMS)], frames.frame(expected, frames.CLAIMS))


@pytest.mark.parametrize("name", GIVEN)
def test_the_sheet_to_sign_adds_up_the_points(saved: dict[str, bytes], name: str) -> None:
    framework, given = GIVEN[name]
    sheet = load_workbook(io.BytesIO(saved[name]), data_only=True)[SUMMARY]
    total = sheet.cell(3 + len(framework.fields), 5).value
    decimals = framework.leaf_decimals
    points = [claimed(framework.leaf[code], told, decimals) for code, told in given.items()]
    whole = round_half_up(sum((Fraction(text or "0") for text in points), Fraction(0)), decimals)
    assert Fraction(str(total)) == Fraction(whole, 10**decimals)


def test_documents_come_back_with_their_day_however_it_was_typed(saved: dict[str, bytes]) -> None:
    framework, _ = GIVEN["form0"]
    rows, faults = read_evidence_rows(tables(saved["form0"], evidence=True), {"u": framework})
    assert not faults
    assert rows["issued_on"].tolist() == ["2020-01-15"] * 3
    assert rows["document_number"].tolist() == ["1.2/QĐ-UBND", "1.3/QĐ-UBND", "1.4/QĐ-UBND"]
    assert rows["pages"].tolist() == ["1.10"] * 3


def test_a_saved_form_still_says_whom_it_was_made_for(saved: dict[str, bytes]) -> None:
    framework, _ = GIVEN["form0"]
    said, now = title(saved["form0"]), digest(framework)
    assert check_form(said, "u", "ky", now, {now}) == []
    assert [one.check for one in check_form(said, "v", "ky", now, {now})] == ["form-of-another"]
    assert [one.check for one in check_form(said, "u", "ky", "0" * 64, set())] == ["form-of-another-framework"]


def test_a_saved_form_keeps_its_locks_and_lists(saved: dict[str, bytes]) -> None:
    blank = load_workbook(io.BytesIO(filled_form(*GIVEN["form0"])))
    for sheet in load_workbook(io.BytesIO(saved["form0"])):
        assert sheet.protection.sheet
        before = blank[sheet.title]
        assert bool(sheet.data_validations.dataValidation) == bool(before.data_validations.dataValidation)
        for row in before.iter_rows(min_row=2, max_row=12, max_col=len(SCORES)):
            for cell in row:
                assert sheet[cell.coordinate].protection.locked == cell.protection.locked


def test_a_saved_worksheet_carries_the_same_marks(saved: dict[str, bytes]) -> None:
    inputs = random_cycle(Random(11))
    arrived = frozenset(inputs.units["unit"])
    for who in listed(inputs):
        before, after = (_marks(data, who, inputs, arrived) for data in (worksheet(who), saved[f"marks-{who}"]))
        pd.testing.assert_frame_equal(before, after)
        assert title(saved[f"marks-{who}"]) == f"ky / {who} / marks"


def _marks(data: bytes, who: str, inputs: Any, arrived: frozenset[str]) -> pd.DataFrame:
    found, faults = read_workbook(data, "marks.xlsx")
    assert not faults
    marks, _ = read_marks([(who, table) for table in found], inputs, frozenset(), arrived)
    return marks


def test_judgement_typed_with_a_comma_as_text_is_a_number() -> None:
    leaf = Leaf("1.1.1", "n", "2", "appraisal", "none", Judgement())
    criterion = Criterion("1.1", "c", "2", (leaf,), False)
    framework = Framework("f", "F", Decision("1", "2020-01-01", "U"), "2", (ReformField("1", "L", "2", (criterion,)),))
    book = load_workbook(io.BytesIO(unit_form("Kỳ", "ky", "u", "Sở", framework)))
    sheet = next(one for one in book.worksheets if one["A1"].value == "Mã")
    sheet.cell(FIRST_ROW + 2, places(SCORES)["points"]).value = "1,25"
    out = io.BytesIO()
    book.save(out)
    claims, faults = read_claims(tables(out.getvalue()), {"u": framework})
    assert (claims["points"].tolist(), faults) == (["1.25"], [])
