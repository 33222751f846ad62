"""What `parindex template` writes: last year's values where they are known, and forms that are known when they return."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import openpyxl
import small_cycle

from models.storage.workbook_guard import title

LAST = ("Số liệu năm trước", "Điểm năm trước")


def this_year(**changed: str) -> dict[str, str | bytes]:
    """The small cycle a year later, without what arrives during the year."""
    made = {
        path: text
        for path, text in small_cycle.files().items()
        if path.startswith(("units", "appraisers", "frameworks", "previous"))
    }
    return {**made, "cycle.yaml": small_cycle.CYCLE.replace("2020", "2021"), **changed}


def opened(path: Path) -> tuple[dict[str, dict[str, Any]], str, set[str]]:
    """Rows by code, the text of the guide, and the hidden columns' headers."""
    book, rows, hidden = openpyxl.load_workbook(path), {}, set[str]()
    for sheet in book.worksheets:
        if sheet["A1"].value == "Mã" and sheet.title != "Tài liệu kiểm chứng":
            names = {cell.value: cell for cell in sheet[1]}
            hidden |= {name for name, cell in names.items() if sheet.column_dimensions[cell.column_letter].hidden}
            for row in range(3, sheet.max_row + 1):
                told = {name: sheet.cell(row, cell.column).value for name, cell in names.items()}
                rows[told["Mã"]] = told
    guide = "\n".join(str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row if cell.value)
    return rows, guide, hidden


def test_values_published_here_a_year_before_stand_beside_this_years(installation, tmp_path: Path) -> None:
    """Not those of a leaf that is another now, nor of a unit that others were merged into."""
    parindex = installation()
    assert parindex("run", small_cycle.write(tmp_path / "2020", small_cycle.files())) == 0, parindex.err
    framework = small_cycle.FRAMEWORK.replace("name: Báo cáo chậm", "name: Báo cáo chậm hoặc thiếu")
    lineage = (("alpha", "A", "so", "cu;kia"), ("beta", "B", "so", ""))
    units = small_cycle.table("unit,name,bloc,predecessors", *lineage)
    made = this_year(**{"frameworks/nho/framework.yaml": framework, "units.csv": units})
    assert parindex("cycle", "open", small_cycle.write(tmp_path / "2021", made)) == 0, parindex.err
    assert parindex("template", "nho-2021", "--to", tmp_path / "out") == 0, parindex.err
    rows, guide, hidden = opened(tmp_path / "out/inbox/beta/self_assessment.xlsx")
    assert [(code, *(rows[code][name] or "" for name in LAST)) for code in ("1.1.1", "1.1.2", "1.1.10", "1.2")] == [
        ("1.1.1", "có", "1"), ("1.1.2", "8/10", "1,6"), ("1.1.10", "", ""), ("1.2", "", "2,25"),
    ]  # fmt: skip
    assert not hidden & set(LAST)
    assert "Kết quả năm trước: chỉ số 72,5%, xếp hạng 2" in guide
    rows, _, _ = opened(tmp_path / "out/inbox/alpha/self_assessment.xlsx")
    assert not any(row[name] for row in rows.values() for name in LAST)


def test_marks_of_a_cycle_that_is_not_published_are_nobodys_last_year(installation, tmp_path: Path) -> None:
    parindex = installation()
    assert parindex("run", small_cycle.write(tmp_path / "2020", small_cycle.files()), "--until", "appraise") == 0
    assert parindex("cycle", "open", small_cycle.write(tmp_path / "2021", this_year())) == 0, parindex.err
    assert parindex("template", "nho-2021", "--unit", "alpha", "--to", tmp_path / "out") == 0, parindex.err
    _, guide, hidden = opened(tmp_path / "out/inbox/alpha/self_assessment.xlsx")
    assert set(LAST) <= hidden
    assert "Kết quả năm trước: chỉ số 71,5%, xếp hạng 1" in guide  # previous/results.csv says that much


def test_a_form_of_another_unit_or_an_old_framework_is_refused_and_its_own_is_taken(
    installation, tmp_path: Path
) -> None:
    parindex, made = installation(), small_cycle.files()
    forms = ("inbox/alpha/", "inbox/beta/", "inbox/gamma/")
    folder = small_cycle.write(
        tmp_path / "c", {path: text for path, text in made.items() if not path.startswith(forms)}
    )
    assert parindex("cycle", "open", folder) == 0, parindex.err
    assert parindex("template", "nho-2020", "--unit", "alpha", "--to", tmp_path / "old") == 0, parindex.err
    text = small_cycle.FRAMEWORK.replace('floor: "50"', 'floor: "60"')
    (folder / "frameworks/nho/framework.yaml").write_text(text, encoding="utf-8")
    assert parindex("cycle", "open", folder, "--reason", "sửa") == 0, parindex.err
    assert parindex("template", "nho-2020", "--to", tmp_path / "new") == 0, parindex.err
    sent = {"alpha": "old/inbox/alpha", "beta": "new/inbox/alpha", "gamma": "new/inbox/gamma"}
    for unit, place in sent.items():
        data = (tmp_path / place / "self_assessment.xlsx").read_bytes()
        assert title(data).startswith(f"nho-2020 / {place.rpartition('/')[2]} / nho / ")
        small_cycle.write(folder, {f"inbox/{unit}/self_assessment.xlsx": data})
    assert parindex("collect", "nho-2020") == 3
    told = (parindex.home / "cycles/nho-2020/findings.csv").read_text("utf-8").splitlines()
    refused = {(line.split(",")[0], line.split(",")[4]) for line in told if ",refuse," in line}
    assert refused == {("alpha", "form-of-another-framework"), ("beta", "form-of-another")}
    assert "accepted 1, refused 2" in parindex.out


def test_nothing_is_overwritten_and_nothing_half_written(installation, tmp_path: Path) -> None:
    parindex, folder = installation(), small_cycle.write(tmp_path / "c", this_year())
    assert parindex("cycle", "open", folder) == 0, parindex.err
    (tmp_path / "out/appraisal/tu-phap").mkdir(parents=True)
    (tmp_path / "out/appraisal/tu-phap/marks.xlsx").write_bytes(b"mine")
    assert parindex("template", "nho-2021", "--to", tmp_path / "out") == 2
    assert [path.name for path in (tmp_path / "out").rglob("*") if path.is_file()] == ["marks.xlsx"]
