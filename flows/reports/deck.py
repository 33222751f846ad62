"""The conference deck's tables as one workbook: summary, ranking, fields, movers, where most points were lost."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from openpyxl import Workbook

from flows.publication.sheet_writing import (
    FIGURES,
    FONT,
    WRAPPED,
    at,
    dressed,
    fit_height,
    header_row,
    like,
    put_number,
    put_text,
    ready_to_print,
    sheet_title,
    workbook_bytes,
)
from flows.reports.tables import class_counts, field_percents
from flows.reports.version import Version
from models.rules.frames import rows_of
from models.rules.numbers import show

Header = Sequence[tuple[str, float, str]]  # title, width, text or number
Cells = tuple[str, ...]
MOST_MOVERS, MOST_LEAVES = 10, 15


def deck(version: Version) -> bytes:
    """Small tables, each to be put on one slide; the same version gives the same bytes. Published units alone."""
    book = Workbook()
    book.remove(book.worksheets[0])
    given = version.given
    _sheet(book, given.name, "Tổng hợp", SUMMARY, _summary(version))
    for bloc, name in given.shown_blocs:
        _sheet(book, f"{given.name} – {name}", f"Hạng {name}", RANKING, _ranking(version, bloc))
    for bloc, name in given.shown_blocs:
        _sheet(book, f"{given.name} – {name}", f"Lĩnh vực {name}", FIELDS, _fields(version, bloc))
    _sheet(book, given.name, "Biến động", MOVERS, _movers(version))
    for bloc, name in given.shown_blocs:
        _sheet(book, f"{given.name} – {name}", f"Mất điểm {name}", LEAVES, _leaves(version, bloc))
    book.properties.title = f"{given.cycle} / {given.version}"
    return workbook_bytes(book)


SUMMARY: Header = (
    ("Khối\nBloc", 34, "text"),
    ("Số đơn vị\nUnits", 10, "number"),
    ("Trung bình (%)\nMean", 13, "number"),
    ("Cao nhất (%)\nHighest", 13, "number"),
    ("Đơn vị\nUnit", 30, "text"),
    ("Thấp nhất (%)\nLowest", 13, "number"),
    ("Đơn vị\nUnit", 30, "text"),
    ("Xếp loại\nClasses", 34, "text"),
)
RANKING: Header = (
    ("Hạng\nRank", 8, "number"),
    ("Đơn vị\nUnit", 42, "text"),
    ("Chỉ số (%)\nIndex", 12, "number"),
    ("Xếp loại\nClass", 14, "text"),
    ("Năm trước (%)\nLast year", 13, "number"),
    ("Thay đổi\nChange", 11, "number"),
    ("Thay đổi hạng\nRank change", 12, "number"),
)
FIELDS: Header = (
    ("Mã\nCode", 8, "text"),
    ("Lĩnh vực\nField", 60, "text"),
    ("Trung bình (%)\nMean", 13, "number"),
    ("Cao nhất (%)\nHighest", 13, "number"),
    ("Đơn vị\nUnit", 32, "text"),
    ("Thấp nhất (%)\nLowest", 13, "number"),
    ("Đơn vị\nUnit", 32, "text"),
)
MOVERS: Header = (
    ("Khối\nBloc", 30, "text"),
    ("Đơn vị\nUnit", 40, "text"),
    ("Năm trước (%)\nLast year", 13, "number"),
    ("Năm nay (%)\nThis year", 13, "number"),
    ("Thay đổi\nChange", 12, "number"),
    ("Thay đổi hạng\nRank change", 12, "number"),
    ("Cảnh báo\nWarning", 44, "text"),
)
LEAVES: Header = (
    ("Mã\nCode", 9, "text"),
    ("Nội dung\nWording", 62, "text"),
    ("Tối đa\nMaximum", 11, "number"),
    ("Số đơn vị mất điểm\nUnits", 12, "number"),
    ("Mất bình quân\nMean lost", 12, "number"),
    ("% điểm tối đa bị mất\nPercent lost", 13, "number"),
)


def _sheet(book: Workbook, caption: str, name: str, header: Header, rows: Iterator[Cells]) -> None:
    """One sheet; columns of numbers hold numbers, every other one text."""
    sheet = book.create_sheet(sheet_title(name, book.sheetnames))
    header_row(sheet, [(title, width) for title, width, _ in header])
    sheet.row_dimensions[1].height = 34
    for place, cells in enumerate(rows, start=2):
        for column, (text, (_, _, kind)) in enumerate(zip(cells, header, strict=True), start=1):
            cell = at(sheet, place, column)
            if place > 2:
                like(cell, at(sheet, 2, column))
            else:
                dressed(cell, FONT, FIGURES if kind == "number" else WRAPPED)
            if kind == "number":
                decimals = len(text.partition(".")[2])
                put_number(cell, text, "0." + "0" * decimals if decimals else "0")
            else:
                put_text(cell, text)
        fit_height(sheet, place, len(header))
    ready_to_print(sheet, "A2", caption)


def _summary(version: Version) -> Iterator[Cells]:
    given = version.given
    for bloc, name in given.shown_blocs:
        rows = [row for row in rows_of(given.of_bloc(bloc), "index", "name") if row[0]]
        best, worst = max(rows, key=lambda row: Fraction(row[0])), min(rows, key=lambda row: Fraction(row[0]))
        mean = sum((Fraction(index) for index, _ in rows), Fraction(0)) / len(rows)
        yield (name, str(len(rows)), show(mean, given.decimals), *best, *worst, class_counts(version, bloc))


def _ranking(version: Version, bloc: str) -> Iterator[Cells]:
    columns = ("rank", "name", "index", "classification", "previous_index", "index_change", "rank_change")
    yield from rows_of(version.given.of_bloc(bloc), *columns)


def _fields(version: Version, bloc: str) -> Iterator[Cells]:
    given, percents = version.given, field_percents(version)
    rows = given.of_bloc(bloc)
    for part in given.frameworks[rows["framework"].iloc[0]].fields:
        there = [
            (percents[unit, part.code], name)
            for unit, name in rows_of(rows, "unit", "name")
            if (unit, part.code) in percents
        ]
        if there:
            best, worst = max(there, key=lambda one: one[0]), min(there, key=lambda one: one[0])
            mean = sum((value for value, _ in there), Fraction(0)) / len(there)
            yield (part.code, part.name, show(mean, 2), show(best[0], 2), best[1], show(worst[0], 2), worst[1])


def _movers(version: Version) -> Iterator[Cells]:
    """The largest rises and falls of each bloc; only units that can be compared, with a warning across frameworks."""
    given = version.given
    for bloc, name in given.shown_blocs:
        rows = given.of_bloc(bloc)
        columns = ("unit", "name", "previous_index", "index", "index_change", "rank_change", "framework")
        there = list(rows_of(rows[(rows["comparable"] == "yes").to_numpy()], *columns))
        there.sort(key=lambda row: (-Fraction(row[4]), row[0]))
        kept = there if len(there) <= 2 * MOST_MOVERS else [*there[:MOST_MOVERS], *there[-MOST_MOVERS:]]
        for unit, title, before, now, change, moved, framework in kept:
            yield (name, title, before, now, change, moved, _warning(given.last_frameworks.get(unit, ""), framework))


def _warning(before: str, now: str) -> str:
    if before == now:
        return ""
    return f"bộ tiêu chí khác năm trước ({before})" if before else "không rõ bộ tiêu chí năm trước"


def _leaves(version: Version, bloc: str) -> Iterator[Cells]:
    """The leaves that cost the bloc most, in percent of the maximum over the units where they apply."""
    given = version.given
    rows = given.of_bloc(bloc)
    framework = given.frameworks[rows["framework"].iloc[0]]
    scores = given.scores[
        (given.scores["unit"].isin(rows["unit"]) & (given.scores["level"] == "leaf") & (given.scores["final"] != ""))
        .to_numpy()
    ]  # fmt: skip
    lost: dict[str, list[Fraction]] = {}
    for code, final in rows_of(scores, "code", "final"):
        lost.setdefault(code, []).append(Fraction(framework.leaf[code].maximum) - Fraction(final))
    order = sorted(lost, key=lambda code: -_share(framework.leaf[code].maximum, lost[code]))
    for code in order[:MOST_LEAVES]:
        leaf, all_lost = framework.leaf[code], lost[code]
        mean = sum(all_lost, Fraction(0)) / len(all_lost)
        count = sum(one > 0 for one in all_lost)
        share = _share(leaf.maximum, all_lost)
        yield (code, leaf.name, leaf.maximum, str(count), show(mean, framework.leaf_decimals), show(share, 2))


def _share(maximum: str, lost: list[Fraction]) -> Fraction:
    full = Fraction(maximum) * len(lost)
    return sum(lost, Fraction(0)) / full * 100 if full else Fraction(0)
