"""The example of Điện Biên 2020: published figures come out, and the folder is what its generator writes."""

from __future__ import annotations

import io
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from models.rules.cycle import CycleInputs
from models.rules.numbers import show
from models.rules.permissions import Permissions
from models.rules.totals import Standing

EXAMPLES = Path(__file__).parents[2] / "deploy" / "examples"
CYCLE, LATER = EXAMPLES / "dien-bien-2020", EXAMPLES / "dien-bien-2020-later"
ROOM = 3 * 2**20


@pytest.fixture(scope="module")
def generator() -> Iterator[Any]:
    """The modules of deploy/examples, which is no package."""
    sys.path.insert(0, str(EXAMPLES))
    import dien_bien.engine_inputs
    import dien_bien.example
    import dien_bien.folder
    import dien_bien.own_check

    yield dien_bien
    sys.path.remove(str(EXAMPLES))


@pytest.fixture(scope="module")
def example(generator: Any) -> Any:
    return generator.example.make()


@pytest.fixture(scope="module")
def inputs(generator: Any, example: Any) -> CycleInputs:
    return generator.engine_inputs.cycle_inputs(example)


@pytest.fixture(scope="module")
def standing(generator: Any, inputs: CycleInputs) -> dict[str, Standing]:
    return {line.total.unit: line for line in generator.own_check.ranking(inputs)}


@pytest.mark.parametrize(
    ("unit", "index", "rank", "name"),
    [
        ("so-tu-phap", "92.510", 1, "Tốt"),
        ("van-phong-ubnd-tinh", "86.630", 2, "Tốt"),
        ("so-thong-tin-truyen-thong", "83.663", 5, "Khá"),
        ("huyen-nam-po", "77.030", 1, "Khá"),
        ("tp-dien-bien-phu", "75.490", 3, "Khá"),
        ("huyen-muong-nhe", "56.167", 10, "Trung bình"),
    ],
)
def test_a_published_figure_comes_out_of_the_inputs(
    standing: dict[str, Standing], unit: str, index: str, rank: int, name: str
) -> None:
    line = standing[unit]
    assert line.total.index is not None
    assert (show(line.total.index, 3), line.rank, line.classification) == (index, rank, name)


def test_the_classes_of_both_blocs_are_those_published(standing: dict[str, Standing]) -> None:
    classes = Counter((line.total.bloc, line.classification) for line in standing.values())
    assert classes == {("so", "Tốt"): 2, ("so", "Khá"): 17, ("huyen", "Khá"): 9, ("huyen", "Trung bình"): 1}


def test_the_year_before_is_compared_as_published(standing: dict[str, Standing]) -> None:
    line = standing["so-thong-tin-truyen-thong"]
    assert line.previous_index is not None
    assert line.index_change is not None
    assert (show(line.previous_index, 2), line.previous_rank) == ("76.23", 5)
    assert (show(line.index_change, 3), line.rank_change) == ("7.433", 0)
    assert (standing["huyen-nam-po"].previous_rank, standing["huyen-nam-po"].rank_change) == (10, 9)


def test_no_two_units_share_an_index(standing: dict[str, Standing]) -> None:
    assert len({line.total.index for line in standing.values()}) == 29


def test_most_units_score_themselves_above_their_appraisal(standing: dict[str, Standing]) -> None:
    above = [line for line in standing.values() if line.total.self_points > line.total.parts["appraisal"]]
    assert len(above) >= 25


def test_the_generators_own_check_agrees(generator: Any, standing: dict[str, Standing]) -> None:
    assert generator.own_check.differences(list(standing.values())) == []


def test_the_generators_own_check_notices_one_changed_input(generator: Any, inputs: CycleInputs) -> None:
    bonus = inputs.adjustments.iloc[:1].assign(unit="so-tu-phap")
    lines = generator.own_check.ranking(replace(inputs, adjustments=bonus))
    assert any(text.startswith("so-tu-phap: 93.010") for text in generator.own_check.differences(lines))


def test_everyone_marks_only_what_they_may(inputs: CycleInputs) -> None:
    bloc = dict(zip(inputs.units["unit"], inputs.units["bloc"], strict=True))
    may = {key: Permissions(inputs.framework_of(key), inputs.responsibilities) for key in ("so", "huyen")}
    rows = zip(inputs.marks["appraiser"], inputs.marks["unit"], inputs.marks["code"], strict=True)
    assert not [row for row in rows if not may[bloc[row[1]]].may_mark(*row)]


def test_the_councils_team_marks_what_appraising_departments_may_not(inputs: CycleInputs) -> None:
    team = inputs.marks[inputs.marks["appraiser"] == "to-giup-viec"]
    assert {"so-noi-vu", "so-tu-phap", "so-tai-chinh", "van-phong-ubnd-tinh"} <= set(team["unit"])


def test_the_example_shows_every_kind_of_case(example: Any, inputs: CycleInputs) -> None:
    marks = inputs.marks
    assert {"1", "2"} == set(marks["round"])
    assert {"yes", ""} == set(marks["agree"]) == set(marks["not_applicable"]) == set(marks["explanation_required"])
    assert set(inputs.adjustments["kind"]) == {"bonus", "penalty"}
    assert len(inputs.exemptions) == 1
    assert (inputs.claims["not_applicable"] != "").any()
    assert (inputs.claims["explanation"] != "").any()
    assert any(told.files for told in example.told.values())


def test_the_committed_folders_are_what_the_generator_writes(generator: Any, example: Any, inputs: CycleInputs) -> None:
    for folder, files in (
        (CYCLE, generator.folder.cycle_files(example, inputs)),
        (LATER, generator.folder.later_files(inputs)),
    ):
        there = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
        assert sorted(there) == sorted(files)
        assert [path for path in files if not _same(there[path], files[path])] == []


def _same(left: bytes, right: bytes) -> bool:
    """Equal bytes; a workbook may differ in how it is packed, for deflate is not the same in every zlib."""
    return left == right or (left[:2] == right[:2] == b"PK" and _unpacked(left) == _unpacked(right))


def _unpacked(data: bytes) -> list[tuple[str, tuple[int, ...], bytes]]:
    with zipfile.ZipFile(io.BytesIO(data)) as pack:
        return [(entry.filename, entry.date_time, pack.read(entry)) for entry in pack.infolist()]


def test_the_example_stays_small() -> None:
    sizes = [path.stat().st_size for folder in (CYCLE, LATER) for path in folder.rglob("*") if path.is_file()]
    assert sum(sizes) < ROOM


def test_the_corrected_form_differs_from_the_first_in_three_rows() -> None:
    first, second = (_rows(folder / "inbox/so-ngoai-vu/self_assessment.xlsx") for folder in (CYCLE, LATER))
    assert sorted(row[1] for row in first ^ second) == ["2.9", "6.2.1", "6.2.1", "7.1.2", "7.1.2"]


def _rows(path: Path) -> set[tuple[Any, ...]]:
    book = load_workbook(path)
    return {(sheet.title, *row) for sheet in book for row in sheet.iter_rows(values_only=True)}


def test_every_pdf_opens_and_says_that_it_is_made_up() -> None:
    files = sorted(CYCLE.rglob("*.pdf"))
    assert len(files) > 29 * 2
    for file in files:
        assert "SO LIEU MINH HOA" in PdfReader(file).pages[0].extract_text(), file


def test_the_folder_says_in_both_languages_that_its_inputs_are_made_up() -> None:
    for name in ("cycle.yaml", "README.md"):
        text = (CYCLE / name).read_text(encoding="utf-8").lower()
        assert "số liệu minh hoạ" in text
        assert "illustrative data" in text
