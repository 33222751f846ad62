"""Gathers what each unit has to act on: findings on its forms and evidence, and what it was asked to explain."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import select
from sqlmodel import Session

from checks.rule_book import rule_book
from flows.appraisal_rows import EXPLANATIONS, Known, records
from flows.publication.figure_words import short_number
from flows.publication.findings_page import LEVELS, Point, UnitPage
from flows.publication.form_guide import day
from flows.publication.places import Both, figures_in_english, headers_in, place_in_words
from models.rules.cycle import CycleInputs
from models.rules.frames import code_key, rows_of
from models.rules.framework import Framework
from models.rules.states import Status
from models.storage.inputs import load_inputs, read_base, read_units
from models.storage.locks import locked_stages
from models.storage.standing_findings import read_findings
from models.storage.submissions import standing_rows
from models.tables import Explanation, Mark
from models.tables.mark import ASKING

STEPS = ("collect", "validate")  # what came later is for appraisers and the secretariat
WHOLE: Both = ("Hồ sơ chung", "The form as a whole")
MENDED = ("refuse", "ask", "warn")  # what somebody has to do something about
STANDING: Mapping[str, Both] = {
    Status.RETURNED: (
        "Bản tự chấm bị trả lại: sửa các mục “Phải sửa” rồi nộp lại.",
        "The form was returned: correct what must be corrected and submit it again.",
    ),
    Status.AWAITED: ("Chưa nhận được bản tự chấm hợp lệ.", "No form was accepted yet."),
    Status.LOCKED: ("Đã khoá khi chưa nộp.", "Locked without a submission."),
}
TAKEN: Both = ("Bản tự chấm đã được tiếp nhận.", "The form is accepted.")


def unit_pages(session: Session, cycle: str, only: str = "", levels: Sequence[str] = tuple(LEVELS)) -> list[UnitPage]:
    """A page for each scored unit (or `only` one) of which something of these levels was found, in file order."""
    base, status = read_base(session, cycle), dict(rows_of(read_units(session, cycle), "unit", "status"))
    points: dict[str, list[Point]] = {}
    frameworks = {unit: base.framework_of(bloc) for unit, bloc in rows_of(base.units, "unit", "bloc")}
    wanted = {only} if only else set(frameworks)
    found = read_findings(session, cycle)
    found = found[(found["step"].isin(STEPS) & found["unit"].isin(list(wanted))).to_numpy()]
    for row in records(found):
        points.setdefault(row["unit"], []).append(_point(row, frameworks[row["unit"]]))
    for unit, asked in _asked(session, cycle, wanted & set(frameworks)):
        points.setdefault(unit, []).append(asked)
    pages = []
    for unit, name in rows_of(base.units, "unit", "name"):
        mine = points.get(unit, [])
        if any(point.level in levels for point in mine):
            standing = STANDING.get(Status(status[unit]), TAKEN)
            groups = _by_field(frameworks[unit], mine)
            pages.append(UnitPage(cycle, base.settings.name, unit, name, standing, _closes(base, mine), groups))
    return pages


def _point(row: Mapping[str, str], framework: Framework) -> Point:
    leaf = framework.leaf.get(row["code"])
    check = rule_book()[row["check"]]
    return Point(
        row["severity"],
        row["code"],
        leaf.name if leaf else "",
        row["check"],
        place_in_words(row["location"], row["unit"], row["code"]),
        headers_in(row["found"]),
        _expected(row["expected"], check.vi, check.en),
        (check.do_vi, check.do_en),
    )


def _expected(text: str, vietnamese: str, english: str) -> Both:
    """The two halves of a finding's sentence, each with what sharpens it. See checks/rule_book.findings."""
    first, mark, second = text.partition(f" / {english}")
    if not mark:  # an older rule book's words
        return text, text
    return headers_in(first)[0], f"{english}{second}"


def _asked(session: Session, cycle: str, wanted: set[str]) -> Iterator[tuple[str, Point]]:
    """Leaves an appraiser wants explained and the unit has said nothing about yet, while it still can."""
    if "explanation" in locked_stages(session, cycle):
        return
    by = Mark.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    asking = select(by.unit).where(by.cycle == cycle, ASKING).distinct()
    asked = wanted & set(session.execute(asking).scalars())
    if not asked:
        return
    inputs = load_inputs(session, cycle, asked)
    told = standing_rows(session, Explanation, EXPLANATIONS, cycle, "explanations", about=asked)
    known = Known(inputs, told)
    closes = inputs.settings.calendar.get("explanation_closes", "")
    for unit, code in sorted(known.asking, key=lambda key: (key[0], code_key(key[1]))):
        if unit in asked and known.asked(unit, code) and (unit, code) not in known.answers:
            yield unit, _request(known, inputs, unit, code, closes)


def _request(known: Known, inputs: CycleInputs, unit: str, code: str, closes: str) -> Point:
    sheet, _ = known.sheets[unit]
    leaf = sheet.framework.leaf[code]
    own, first = known.told(unit, leaf)["self"], known.answer(unit, code)["first"]
    why = "; ".join(dict.fromkeys(text for text in known.asking[unit, code] if text)) or "–"
    until = (f", chậm nhất ngày {day(closes)}", f", by {day(closes)}") if closes else ("", "")
    own, told = short_number(own) or "–", first.replace("\n", " → ")
    vietnamese = f"Tự chấm: {own}; thẩm định lần 1: {told}"
    english = f"Self: {own}; first appraisal: {figures_in_english(told)}"
    return Point(
        "ask",
        code,
        leaf.name,
        "explanation-required",
        place_in_words("", unit, code),
        (vietnamese, english),
        (f"Giải trình về nội dung: {why}", f"Explain: {why}"),
        (
            f"Ghi mã {code}, nội dung giải trình và tệp kèm theo (nếu có) vào explanations.csv rồi gửi{until[0]}",
            f"Write the code {code}, the explanation and its file, if any, into explanations.csv and send it{until[1]}",
        ),
    )


def _by_field(framework: Framework, points: Sequence[Point]) -> list[tuple[Both, list[Point]]]:
    """Points by field, the form as a whole first; within a field the gravest first, then by code."""
    order = list(LEVELS)
    ranked = sorted(
        points, key=lambda one: (order.index(one.level), code_key(one.code), one.where, one.check, one.found)
    )
    names = {part.code: part.name for part in framework.fields}
    groups: dict[str, list[Point]] = {"": [], **{code: [] for code in names}}
    for point in ranked:
        field, _, _ = point.code.partition(".")  # of a code the framework does not know, the field it would stand in
        chain = framework.parents.get(point.code, (field,))
        groups[next((part for part in chain if part in names), "")].append(point)
    return [
        ((f"{code}. {names[code]}", f"{code}. {names[code]}") if code else WHOLE, mine)
        for code, mine in groups.items()
        if mine
    ]


def _closes(base: CycleInputs, points: Sequence[Point]) -> Both:
    """Until when to mend it, where the calendar says so."""
    closes = base.settings.calendar.get("self_assessment_closes", "")
    if not closes or not any(point.level == "refuse" for point in points):
        return "", ""
    last = dt.date.fromisoformat(closes).isoformat()
    return f"Hạn nộp bản tự chấm: hết ngày {day(last)}.", f"The self-assessment closes at the end of {day(last)}."
