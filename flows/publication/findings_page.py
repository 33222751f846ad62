"""What was found in a unit's forms, as pages the unit can act on alone: HTML and a workbook, grouped by field."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl import Workbook

from flows.publication.form_columns import Heading
from flows.publication.places import Both
from flows.publication.sheet_writing import (
    BOLD,
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
from flows.publication.site import environment

LEVELS: Mapping[str, Both] = {
    "refuse": ("Phải sửa", "Must be corrected"),
    "ask": ("Phải giải trình", "To be explained"),
    "warn": ("Cần xem lại", "To be looked at"),
    "info": ("Để biết", "For information"),
}
HEADINGS = (
    Heading("STT", "", 6, "No."),
    Heading("Mức độ", "", 12, "Level"),
    Heading("Tiêu chí", "", 34, "Leaf"),
    Heading("Vị trí", "", 32, "Where"),
    Heading("Nội dung phát hiện", "", 30, "What was found"),
    Heading("Đối chiếu quy định", "", 40, "Rule, expected"),
    Heading("Việc cần làm", "", 40, "What to do"),
)


@dataclass(frozen=True)
class Point:
    """One thing found: every sentence in Vietnamese and English."""

    level: str
    code: str
    name: str
    check: str
    where: Both
    found: Both
    expected: Both
    todo: Both


@dataclass(frozen=True)
class UnitPage:
    """All that was found for one unit. groups: field (or the form as a whole) and its points, gravest first."""

    cycle: str
    cycle_name: str
    unit: str
    name: str
    standing: Both
    closes: Both
    groups: Sequence[tuple[Both, Sequence[Point]]]

    @property
    def counts(self) -> dict[str, int]:
        """How many points of each level."""
        points = [point.level for _, group in self.groups for point in group]
        return {level: points.count(level) for level in LEVELS if level in points}


def page(given: UnitPage) -> bytes:
    """The HTML page; nothing is fetched from elsewhere."""
    return environment().get_template("findings.html").render(given=given, levels=LEVELS).encode()


def index_page(cycle_name: str, pages: Sequence[UnitPage]) -> bytes:
    """All units that have a page, with how much there is to do."""
    made = environment().get_template("findings_index.html")
    return made.render(cycle_name=cycle_name, pages=pages, levels=LEVELS).encode()


def workbook(given: UnitPage) -> bytes:
    """The same as a workbook, one row per point."""
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.title = sheet_title("Phát hiện", [])
    header_row(sheet, [(one.name, one.width) for one in HEADINGS], [one.english for one in HEADINGS])
    row, number = 3, 0
    for heading, points in given.groups:
        for column in range(1, len(HEADINGS) + 1):
            dressed(at(sheet, row, column), BOLD, fill=GROUP_FILL)
        put_text(at(sheet, row, 3), " / ".join(dict.fromkeys(heading)))
        fit_height(sheet, row, len(HEADINGS))
        row += 1
        for point in points:
            number += 1
            leaf = f"{point.code}. {point.name}".removesuffix(". ") if point.code else "–"
            texts = [str(number), "\n".join(LEVELS[point.level]), leaf]
            texts += ["\n".join(dict.fromkeys(one)) for one in (point.where, point.found, point.expected, point.todo)]
            for column, text in enumerate(texts, start=1):
                dressed(
                    put_text(at(sheet, row, column), text), BOLD if column == 2 and point.level == "refuse" else FONT
                )
            fit_height(sheet, row, len(HEADINGS))
            row += 1
    put_text(at(sheet, row + 1, 2), f"{given.name} – {given.cycle_name}").font = TITLE
    put_text(at(sheet, row + 2, 2), given.standing[0]).font = FONT
    put_text(at(sheet, row + 3, 2), given.standing[1]).font = SMALL_GREY
    ready_to_print(sheet, "D3", f"{given.cycle_name[:60]} – {given.name[:80]} – Phát hiện", titles=2)
    book.properties.title = f"{given.cycle} / {given.unit} / findings"
    return workbook_bytes(book)
