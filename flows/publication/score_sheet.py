"""One field's sheet of a self-assessment: headings without code, a row with code for each leaf to score."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from flows.publication.claimed_formulas import claimed_formula
from flows.publication.form_columns import BEFORE, FIRST_ROW, NUMBERS, SCORES, places
from flows.publication.rule_words import rule_on_paper
from flows.publication.sheet_writing import (
    AS_TEXT,
    BOLD,
    COMPUTED_FILL,
    FIGURES,
    FONT,
    GROUP_FILL,
    INPUT_FILL,
    MIDDLE,
    OPEN,
    SMALL_GREY,
    UNUSED_FILL,
    WRAPPED,
    at,
    dressed,
    fit_height,
    put_number,
    put_text,
)
from flows.publication.typing_guards import Lists, guard
from models.rules.framework import Choice, Judgement, Leaf, ReformField

Given = Mapping[str, Mapping[str, str]]
Before = Callable[[str, str], str]
NAME, RULE, MAXIMUM, ASKED = 2, 3, 4, 5  # the columns people read
PLACE = places(SCORES)
PLACE_BEFORE = {kind: SCORES.index(heading) + 1 for kind, heading in BEFORE.items()}
INPUTS = [name for name in PLACE if name != "code"]
SAID = [name for name in INPUTS if name not in ("points", "not_applicable", "explanation")]
WANTED = {"required": "bắt buộc", "optional": "nếu có", "none": "không yêu cầu"}
ELSEWHERE = {
    "survey": "Điều tra xã hội học, đơn vị không tự chấm.",
    "statistics": "Số liệu thống kê, đơn vị không tự chấm.",
}


def write_field(
    sheet: Worksheet,
    part: ReformField,
    decimals: int,
    lists: Lists,
    claims: Given | None,
    before: Mapping[str, Before],
) -> int:
    """Fill the sheet below its header rows; gives the last row.

    claims: by code, of a form that came back (values are written, no formula); None for a blank form.
    before: of the kinds of BEFORE that are shown, what was told of a leaf, by kind and code.
    """
    row = _group(sheet, FIRST_ROW, f"{part.code}. {part.name}", part.maximum)
    for criterion in part.criteria:
        if not criterion.is_leaf:
            row = _group(sheet, row, f"{criterion.code}. {criterion.name}", criterion.maximum)
        for leaf in criterion.leaves:
            if leaf.source != "appraisal":
                _told_elsewhere(sheet, row, leaf)
            else:
                _words(sheet, row, leaf)
                if claims is None:
                    _blank(sheet, row, leaf, lists, decimals)
                else:
                    _written(sheet, row, leaf, claims.get(leaf.code, {}))
            _before(sheet, row, leaf, before)
            fit_height(sheet, row, RULE)
            row += 1
    _hide_unused(sheet, part, before)
    return row - 1


def _hide_unused(sheet: Worksheet, part: ReformField, before: Collection[str]) -> None:
    """Columns nobody fills in here: the paper is narrow."""
    leaves = [leaf for criterion in part.criteria for leaf in criterion.leaves if leaf.source == "appraisal"]
    used = {name for leaf in leaves if leaf.rule is not None for name in leaf.rule.inputs}
    unused = [PLACE[name] for name in SAID if name not in used]
    unused += [place for kind, place in PLACE_BEFORE.items() if kind not in before]
    for place in unused:
        sheet.column_dimensions[get_column_letter(place)].hidden = True


def _before(sheet: Worksheet, row: int, leaf: Leaf, before: Mapping[str, Before]) -> None:
    """Last year's figures and points and the half-year's figures, for people only."""
    for kind, told in before.items():
        alignment = FIGURES if kind == "points" else WRAPPED
        cell = dressed(put_text(at(sheet, row, PLACE_BEFORE[kind]), told(kind, leaf.code)), SMALL_GREY, alignment)
        cell.number_format = AS_TEXT
        if leaf.source != "appraisal":
            cell.fill = UNUSED_FILL


def _group(sheet: Worksheet, row: int, name: str, maximum: str) -> int:
    """A field's or criterion's own row; returns the next row's number."""
    for column in range(1, len(SCORES) + 1):
        dressed(at(sheet, row, column), fill=GROUP_FILL)
    dressed(put_text(at(sheet, row, NAME), name), BOLD, fill=GROUP_FILL)
    dressed(put_number(at(sheet, row, MAXIMUM), maximum), BOLD, MIDDLE, GROUP_FILL)
    fit_height(sheet, row, RULE)
    return row + 1


def _told_elsewhere(sheet: Worksheet, row: int, leaf: Leaf) -> None:
    """A leaf the unit does not score: to be seen, without a code, nothing to fill in."""
    for column in range(1, len(SCORES) + 1):
        dressed(at(sheet, row, column), SMALL_GREY, fill=UNUSED_FILL)
    put_text(at(sheet, row, NAME), f"{leaf.code}. {leaf.name}")
    put_text(at(sheet, row, RULE), ELSEWHERE[leaf.source])
    dressed(put_number(at(sheet, row, MAXIMUM), leaf.maximum), SMALL_GREY, MIDDLE, UNUSED_FILL)


def _words(sheet: Worksheet, row: int, leaf: Leaf) -> None:
    """Code, name, rule, maximum, evidence."""
    dressed(put_text(at(sheet, row, PLACE["code"]), leaf.code)).number_format = AS_TEXT
    dressed(put_text(at(sheet, row, NAME), leaf.name), FONT)
    dressed(put_text(at(sheet, row, RULE), rule_on_paper(leaf)), SMALL_GREY)
    dressed(put_number(at(sheet, row, MAXIMUM), leaf.maximum), alignment=MIDDLE)
    dressed(put_text(at(sheet, row, ASKED), WANTED[leaf.evidence]), alignment=MIDDLE)


def _blank(sheet: Worksheet, row: int, leaf: Leaf, lists: Lists, decimals: int) -> None:
    """Cells the rule uses are open, yellow and guarded, others locked and grey; points follow by formula."""
    assert leaf.rule is not None
    used = (*leaf.rule.inputs, "not_applicable", "explanation")
    for name in INPUTS:
        alignment = FIGURES if name in NUMBERS else WRAPPED
        cell = dressed(at(sheet, row, PLACE[name]), alignment=alignment, fill=UNUSED_FILL)
        if name in used:
            cell.fill, cell.protection = INPUT_FILL, OPEN
            cell.number_format = "General" if name in NUMBERS else AS_TEXT
            if name in leaf.rule.inputs and name != "option":
                guard(sheet, name, cell.coordinate, leaf.maximum)
    if isinstance(leaf.rule, Choice):
        options = [option.value for option in leaf.rule.options]
        lists.offer(sheet, f"Lựa chọn {leaf.code}", options, at(sheet, row, PLACE["option"]).coordinate)
    cells = {name: at(sheet, row, place).coordinate for name, place in PLACE.items()}
    formula = claimed_formula(leaf, cells, decimals)
    if formula is not None:
        points = dressed(at(sheet, row, PLACE["points"]), BOLD, FIGURES, COMPUTED_FILL)
        points.value = formula


def _written(sheet: Worksheet, row: int, leaf: Leaf, claim: Mapping[str, str]) -> None:
    """The cells of a form that came back: values only."""
    assert leaf.rule is not None
    used = (*leaf.rule.inputs, "points", "not_applicable", "explanation")
    for name in INPUTS:
        text = claim.get(name, "")
        cell = dressed(at(sheet, row, PLACE[name]), fill=None if name in used else UNUSED_FILL)
        if name in NUMBERS:
            put_number(cell, text).alignment = FIGURES
        else:
            put_text(cell, {"yes": "có", "no": "không"}.get(text, text) if name == "met" else text)
        if name in used and (name != "points" or isinstance(leaf.rule, Judgement)):
            cell.protection = OPEN
