"""A unit's self-assessment as a workbook: made once for a framework, then each unit's own words are stamped in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd
from openpyxl import Workbook

from flows.publication.appraisal_form import appraiser_worksheet
from flows.publication.evidence_sheet import EVIDENCE_SHEET, write_evidence
from flows.publication.form_columns import FIRST_ROW, SCORES, captions
from flows.publication.form_guide import FILLING, about_framework, write_guide
from flows.publication.form_stamps import FOR_HEADERS, Stamps, mark
from flows.publication.form_summary import SUMMARY, write_summary
from flows.publication.score_sheet import Before, Given, write_field
from flows.publication.sheet_writing import (
    cut_at_word,
    header_row,
    protect,
    ready_to_print,
    sheet_title,
    workbook_bytes,
)
from flows.publication.typing_guards import Lists
from models.rules.framework import Framework

__all__ = ["EVIDENCE_SHEET", "LISTS_SHEET", "BlankForm", "LastValues", "appraiser_worksheet", "unit_form"]

LISTS_SHEET = "Danh mục"
LONGEST_NAME, LONGEST_PART = 80, 60  # what of a name fits into a page header


@dataclass(frozen=True)
class LastValues:
    """What last year gave a unit: by code its figures in words and its points; a line on the result, both languages."""

    figures: Mapping[str, str]
    points: Mapping[str, str]
    told: tuple[str, str]


class BlankForm:
    """The form of every unit on one framework: well under a millisecond a unit, once it is made.

    last_year: whether it has a line on last year's result; last_figures: and columns for its values; half_year: and
    one for those of the half-year. for_half_year: the form for half-year figures itself.
    digest: SHA-256 of the framework as text; with cycle, unit and framework it goes into the workbook's title, by
    which a form is known when it comes back.
    """

    def __init__(
        self,
        cycle_name: str,
        cycle_id: str,
        framework: Framework,
        *,
        digest: str = "",
        last_year: bool = False,
        last_figures: bool = False,
        half_year: bool = False,
        for_half_year: bool = False,
    ) -> None:
        blank = _Form(cycle_name, cycle_id, mark("unit"), mark("name"), framework, digest, for_half_year)
        blank.in_headers = mark(FOR_HEADERS)
        told = (mark("toldvi"), mark("tolden")) if last_year else None
        shown = [*(("figures", "points") if last_figures else ()), *(("half",) if half_year else ())]
        before = dict.fromkeys(shown, lambda kind, code: mark(f"{kind}:{code}"))
        self.stamps = Stamps.of(blank.written(None, None, before, told))

    def for_unit(
        self, unit: str, name: str, last: LastValues | None = None, half_year: Mapping[str, str] | None = None
    ) -> bytes:
        """This unit's form; the same arguments give the same bytes."""
        words = {"unit": unit, "name": name, FOR_HEADERS: name[:LONGEST_NAME]}
        if last is not None:
            words |= {"toldvi": last.told[0], "tolden": last.told[1]}
            words |= {f"figures:{code}": text for code, text in last.figures.items()}
            words |= {f"points:{code}": text for code, text in last.points.items()}
        words |= {f"half:{code}": text for code, text in (half_year or {}).items()}
        return self.stamps.stamped(words)


def unit_form(
    cycle_name: str,
    cycle_id: str,
    unit: str,
    unit_name: str,
    framework: Framework,
    *,
    last_year: LastValues | None = None,
    half_year: Mapping[str, str] | None = None,
    for_half_year: bool = False,
    filled: tuple[pd.DataFrame, pd.DataFrame] | None = None,
    digest: str = "",
) -> bytes:
    """One unit's self-assessment as an xlsx workbook; the same arguments give the same bytes.

    filled: this unit's frames CLAIMS and EVIDENCE; their values are written, and no formula. half_year: its half-year
    figures in words, by code.
    Source: contract, Forms as xlsx.
    """
    if filled is None:
        told, figures = last_year is not None, last_year is not None and bool(last_year.points)
        blank = BlankForm(
            cycle_name,
            cycle_id,
            framework,
            digest=digest,
            last_year=told,
            last_figures=figures,
            half_year=bool(half_year),
            for_half_year=for_half_year,
        )
        return blank.for_unit(unit, unit_name, last_year, half_year)
    claims = {row["code"]: {str(key): text for key, text in row.items()} for row in filled[0].to_dict("records")}
    return _Form(cycle_name, cycle_id, unit, unit_name, framework, digest).written(claims, filled[1], {}, None)


@dataclass
class _Form:
    """What every sheet of one form is written from."""

    cycle_name: str
    cycle_id: str
    unit: str
    name: str
    framework: Framework
    digest: str
    for_half_year: bool = False
    in_headers: str = ""

    def written(
        self,
        claims: Given | None,
        evidence: pd.DataFrame | None,
        before: Mapping[str, Before],
        told: tuple[str, str] | None,
    ) -> bytes:
        """The workbook as bytes."""
        book = Workbook()
        self._guide(book, told)
        summary = book.create_sheet(SUMMARY)
        lists, ends = Lists(LISTS_SHEET), {}
        for part in self.framework.fields:
            taken = [*book.sheetnames, EVIDENCE_SHEET, LISTS_SHEET]
            sheet = book.create_sheet(sheet_title(f"{part.code}. {part.name}", taken))
            header_row(sheet, [(one.name, one.width) for one in SCORES], captions(SCORES))
            last = write_field(sheet, part, self.framework.leaf_decimals, lists, claims, before)
            ends[part.code] = (sheet.title, last)
            ready_to_print(sheet, f"C{FIRST_ROW}", self._caption(f"{part.code}. {part.name}"), titles=FIRST_ROW - 1)
            protect(sheet)
        write_summary(summary, self.framework, ends, self._caption("Tổng hợp điểm tự chấm"), claims)
        write_evidence(book.create_sheet(EVIDENCE_SHEET), self.framework, lists, evidence)
        lists.write(book.create_sheet(LISTS_SHEET))
        return workbook_bytes(book)

    def _guide(self, book: Workbook, told: tuple[str, str] | None) -> None:
        """The first sheet, and the workbook's title: whom and what the form was made for."""
        about = [
            (f"Kỳ đánh giá: {self.cycle_name} ({self.cycle_id})", f"Cycle: {self.cycle_id}"),
            (f"Đơn vị: {self.name} ({self.unit})", f"Unit: {self.unit}"),
            *about_framework(self.framework, self.digest),
            *([told] if told is not None else []),
        ]
        title = (f"Phiếu tự chấm điểm – {self.name}", "Self-assessment form")
        if self.for_half_year:
            title = (f"Phiếu báo cáo số liệu 6 tháng – {self.name}", "Half-year figures: reported, not scored")
        write_guide(book.worksheets[0], title, about, FILLING, self._caption("Phiếu tự chấm điểm"))
        said = (self.cycle_id, self.unit, self.framework.id, *([self.digest] if self.digest else []))
        book.properties.title = " / ".join(said)

    def _caption(self, part: str) -> str:
        name = self.in_headers or self.name[:LONGEST_NAME]
        return f"{cut_at_word(self.cycle_name, LONGEST_PART)} – {name} – {cut_at_word(part, LONGEST_PART)}"
