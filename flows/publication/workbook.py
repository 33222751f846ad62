"""The results as a workbook: one sheet per bloc, every score, and what must be known to read them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pandas as pd
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.bulk_rows import BulkRows
from flows.publication.form_guide import decision_line
from flows.publication.reader_notes import LEVELS, SOURCES, version_line, warnings
from flows.publication.sheet_writing import (
    BOLD,
    FIGURES,
    FONT,
    GROUP_FILL,
    SMALL_GREY,
    TITLE,
    at,
    dressed,
    fit_height,
    header_row,
    put_text,
    ready_to_print,
    sheet_title,
    workbook_bytes,
)
from flows.publication.site_input import SiteInput, wording
from models.rules.frames import rows_of

SCORES_SHEET, NOTES_SHEET = "Điểm chi tiết", "Ghi chú"
MOST_ROWS = 20_000  # above it the scores sheet lists fields alone: every leaf stands in scores.csv
MOST_FIELD_ROWS = 30_000  # above it not even those
FLAGS = {"yes": "có", "no": "không"}

# header (Vietnamese, English below), column of results.csv, width, how it is written
RESULTS = (
    ("Hạng\nRank", "rank", 7, "whole"),
    ("Đơn vị\nUnit", "name", 38, "text"),
    ("Mã đơn vị\nCode", "unit", 16, "text"),
    ("Chỉ số (%)\nIndex", "index", 11, "index"),
    ("Xếp loại\nClass", "classification", 12, "text"),
    ("Điểm\nPoints", "points", 12, "points"),
    ("Điểm tối đa được tính\nApplicable maximum", "maximum", 13, "points"),
    ("Chỉ số năm trước\nLast year", "previous_index", 11, "index"),
    ("Thay đổi\nChange", "index_change", 10, "index"),
    ("Hạng năm trước\nRank last year", "previous_rank", 9, "whole"),
    ("Thay đổi hạng\nRank change", "rank_change", 9, "whole"),
    ("Điểm tự chấm\nSelf", "self_points", 12, "points"),
    ("Điểm thẩm định\nAppraised", "appraised_points", 12, "points"),
    ("Điểm điều tra\nSurvey", "survey_points", 12, "points"),
    ("Điểm thống kê\nStatistics", "statistics_points", 12, "points"),
    ("Điểm thưởng\nBonus", "bonus", 10, "points"),
    ("Điểm phạt\nPenalty", "penalty", 10, "points"),
    ("Được xếp hạng\nRanked", "ranked", 9, "flag"),
    ("So sánh được\nComparable", "comparable", 11, "flag"),
    ("Bộ tiêu chí\nFramework", "framework", 26, "text"),
)
SCORES = (
    ("Mã đơn vị\nUnit", "unit", 16, "text"),
    ("Đơn vị\nName", "unit_name", 28, "text"),
    ("Mã\nCode", "code", 8, "text"),
    ("Nội dung\nWording", "wording", 44, "text"),
    ("Cấp\nLevel", "level", 12, "text"),
    ("Điểm tối đa\nMaximum", "maximum", 11, "points"),
    ("Được tính\nApplicable", "applicable", 11, "points"),
    ("Tự chấm\nSelf", "self", 11, "points"),
    ("Thẩm định 1\nFirst mark", "first_mark", 11, "points"),
    ("Thẩm định 2\nSecond mark", "second_mark", 11, "points"),
    ("Kết quả\nFinal", "final", 11, "points"),
    ("Nguồn điểm\nSource", "source", 14, "text"),
    ("Lý do\nReason", "reason", 40, "text"),
)
Columns = Sequence[tuple[str, str, int, str]]


def results_workbook(given: SiteInput) -> bytes:
    """An xlsx workbook of a published version; the same input gives the same bytes. Text never runs."""
    book, bulk = Workbook(), {}
    book.remove(book.worksheets[0])
    finest = max((framework.leaf_decimals for framework in given.used), default=0)
    for key, name in given.shown_blocs:
        sheet = book.create_sheet(sheet_title(name, [*book.sheetnames, SCORES_SHEET, NOTES_SHEET]))
        rows = given.of_bloc(key)
        formats = _formats(given.decimals, given.frameworks[rows["framework"].iloc[0]].leaf_decimals)
        bulk[len(book.worksheets)] = _write_table(sheet, RESULTS, rows, formats)
        ready_to_print(sheet, "C2", f"{given.name} – {name}")
    scores = _listed(given.scores)
    sheet = book.create_sheet(SCORES_SHEET)
    bulk[len(book.worksheets)] = _write_table(sheet, SCORES, _readable(given, scores), _formats(given.decimals, finest))
    ready_to_print(sheet, "D2", f"{given.name} – {SCORES_SHEET}")
    _write_notes(book.create_sheet(NOTES_SHEET), given, len(scores) < len(given.scores))
    book.properties.title = f"{given.cycle} / {given.version}"
    return workbook_bytes(book, {number: rows.put_into for number, rows in bulk.items()})


def _listed(scores: pd.DataFrame) -> pd.DataFrame:
    """All scores, or those of fields alone, or none, so that the sheet can still be opened and read."""
    if len(scores) <= MOST_ROWS:
        return scores
    fields = scores[(scores["level"] == "field").to_numpy()]
    return fields if len(fields) <= MOST_FIELD_ROWS else fields.iloc[:0]


def _formats(decimals: int, leaf_decimals: int) -> dict[str, str]:
    """The number format of each way of writing."""
    return {
        "index": "0." + "0" * decimals if decimals else "0",
        "points": "0." + "0" * leaf_decimals if leaf_decimals else "0",
        "whole": "0",
    }


def _write_table(sheet: Worksheet, columns: Columns, rows: pd.DataFrame, formats: Mapping[str, str]) -> BulkRows:
    """Header, model rows and a filter; the rows themselves, which take the models' place."""
    header_row(sheet, [(name, width) for name, _, width, _ in columns])
    sheet.row_dimensions[1].height = 46
    for place, (_, _, _, kind) in enumerate(columns, start=1):
        for row in (2, 3):
            model = dressed(at(sheet, row, place), FONT, FIGURES) if kind in formats else dressed(at(sheet, row, place))
            model.number_format, model.quotePrefix = formats.get(kind, "General"), row == 3
    sheet.auto_filter.ref = f"A1:{get_column_letter(len(columns))}{len(rows) + 1}"
    cells = [
        [FLAGS.get(text, text) for text in rows[name].tolist()] if kind == "flag" else rows[name].tolist()
        for _, name, _, kind in columns
    ]
    return BulkRows(2, cells, [kind in formats for *_, kind in columns], [width for _, _, width, _ in columns])


def _readable(given: SiteInput, scores: pd.DataFrame) -> pd.DataFrame:
    """Scores with the names of units and codes, levels and sources in Vietnamese."""
    units = dict(rows_of(given.results, "unit", "name"))
    frameworks = dict(rows_of(given.results, "unit", "framework"))
    names = {framework.id: wording(framework) for framework in given.used}
    return scores.assign(
        unit_name=scores["unit"].map(units),
        wording=[names[frameworks[unit]][code] for unit, code in rows_of(scores, "unit", "code")],
        level=scores["level"].map({level: words[0] for level, words in LEVELS.items()}),
        source=[SOURCES[source][0] if source else "" for source in scores["source"].tolist()],
    )


def _write_notes(sheet: Worksheet, given: SiteInput, shortened: bool) -> None:
    """Which version, on which decisions, what to beware of."""
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 80, 60
    put_text(at(sheet, 1, 1), given.name).font = TITLE
    lines = [version_line(given)]
    for framework in given.used:
        vietnamese, english = decision_line(framework)
        lines.append((f"{framework.title} – {vietnamese}", f"{framework.id} – {english}"))
    lines += [("Lưu ý", "Warnings"), *warnings(given)]
    lines += [(note, "") for note in given.notes]
    if shortened:
        lines.append(
            (
                f"Quá nhiều dòng: trang {SCORES_SHEET} nhiều nhất chỉ ghi điểm lĩnh vực; mọi mục có trong scores.csv.",
                "The scores sheet lists fields at most, there are too many rows; every leaf is in scores.csv.",
            )
        )
    for row, (vietnamese, english) in enumerate(lines, start=3):
        heading = vietnamese == "Lưu ý"
        fill = GROUP_FILL if heading else None
        dressed(put_text(at(sheet, row, 1), vietnamese), BOLD if heading else FONT, fill=fill)
        dressed(put_text(at(sheet, row, 2), english), SMALL_GREY, fill=fill)
        fit_height(sheet, row, 2)
    ready_to_print(sheet, "A3", given.name)
