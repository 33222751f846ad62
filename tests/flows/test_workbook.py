"""The results workbook says exactly what the CSV files say, and nothing in it runs."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace

import pytest
from openpyxl import load_workbook
from published import nothing_published, published

from flows.publication import workbook
from flows.publication.workbook import NOTES_SHEET, RESULTS, SCORES, SCORES_SHEET, results_workbook
from models.rules.numbers import read_number

SEEDS = range(6)


def opened(data: bytes):
    return load_workbook(io.BytesIO(data))


def raw_values(data: bytes, sheet: int) -> str:
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        return package.read(f"xl/worksheets/sheet{sheet}.xml").decode()


@pytest.mark.parametrize("seed", SEEDS)
def test_every_figure_of_the_results_stands_in_its_bloc(seed: int) -> None:
    given = published(seed)
    book = opened(results_workbook(given))
    for (key, _), sheet in zip(given.shown_blocs, book.worksheets, strict=False):
        rows = given.of_bloc(key)
        assert sheet.max_row == len(rows) + 1
        for cells, (_, row) in zip(sheet.iter_rows(min_row=2), rows.iterrows(), strict=True):
            for cell, (_, name, _, kind) in zip(cells, RESULTS, strict=True):
                if kind in ("text", "flag"):
                    assert (cell.value or "") == {"yes": "có", "no": "không"}.get(row[name], row[name])
                elif row[name]:
                    assert cell.data_type == "n"
                    assert read_number(f"{cell.value:.15g}") == read_number(row[name])
                else:
                    assert cell.value is None


def test_numbers_are_written_digit_for_digit_and_shown_as_published() -> None:
    given = published(1)
    data = results_workbook(given)
    raw = raw_values(data, 1)
    for text in given.of_bloc(given.shown_blocs[0][0])["points"]:
        assert f"<v>{text}</v>" in raw
    sheet = opened(data).worksheets[0]
    formats = {name: sheet.cell(2, place).number_format for place, (_, name, _, _) in enumerate(RESULTS, start=1)}
    assert formats["index"] == ("0." + "0" * given.decimals if given.decimals else "0")
    leaf_decimals = given.frameworks[given.results["framework"].iloc[0]].leaf_decimals
    assert formats["points"] == "0." + "0" * leaf_decimals


def test_every_score_is_listed_with_its_wording() -> None:
    given = published(2)
    sheet = opened(results_workbook(given))[SCORES_SHEET]
    place = {name: number for number, (_, name, _, _) in enumerate(SCORES)}
    assert sheet.max_row == len(given.scores) + 1
    for cells, (_, row) in zip(sheet.iter_rows(min_row=2, values_only=True), given.scores.iterrows(), strict=True):
        assert (cells[place["unit"]], cells[place["code"]]) == (row["unit"], row["code"])
        assert cells[place["wording"]]
        assert (cells[place["final"]] is None) == (row["final"] == "")
        assert (cells[place["reason"]] or "") == row["reason"]


def test_text_never_becomes_a_formula() -> None:
    given = published(3)  # its units are named "=Đơn vị …", its reasons begin with "-"
    hostile = given.scores.assign(reason="@SUM(1)")
    book = opened(results_workbook(replace(given, scores=hostile, name="=1+1", notes=["+đe doạ", "=HYPERLINK(1)"])))
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    risky = [cell for cell in cells if cell.data_type == "s" and str(cell.value).startswith(("=", "+", "-", "@"))]
    assert risky
    assert all(cell.quotePrefix for cell in risky)


def test_the_same_figures_give_the_same_bytes() -> None:
    assert results_workbook(published(4)) == results_workbook(published(4))


def test_notes_tell_of_unchecked_leaves_and_made_up_figures() -> None:
    given = replace(published(5), synthetic=True, notes=["Một ghi chú"])
    told = "\n".join(str(cell.value) for cell in opened(results_workbook(given))[NOTES_SHEET]["A"])
    assert "chưa được đối chiếu" in told
    assert "Số liệu minh hoạ" in told
    assert "Một ghi chú" in told


def test_very_many_scores_are_cut_to_fields_and_the_notes_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MOST_ROWS", 3)
    given = published(2)
    book = opened(results_workbook(given))
    assert book[SCORES_SHEET].max_row == (given.scores["level"] == "field").sum() + 1
    assert "scores.csv" in "".join(str(cell.value) for cell in book[NOTES_SHEET]["A"])


def test_blocs_with_the_same_long_name_keep_a_sheet_each() -> None:
    given = next(one for one in map(published, range(20)) if len(one.shown_blocs) == 2)
    name = "Khối các cơ quan chuyên môn thuộc Ủy ban nhân dân: tỉnh"
    book = opened(results_workbook(replace(given, blocs=[(key, name) for key, _ in given.blocs])))
    assert len(set(book.sheetnames)) == 4
    assert all(len(title) <= 31 for title in book.sheetnames)


def test_a_version_without_published_units_is_still_a_workbook() -> None:
    assert opened(results_workbook(nothing_published())).sheetnames == [SCORES_SHEET, NOTES_SHEET]
