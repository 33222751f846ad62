"""A whole year nobody worked, as files: every unit scores itself, is marked, surveyed; and the same with faults."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from zlib import crc32

from models.actions.open_cycle import Registration
from models.rules.frames import INPUTS, rows_of
from models.rules.framework import Framework, Leaf
from models.rules.made_up import enough_respondents, made_up_inputs, made_up_points, scales
from models.rules.next_year import settings_as_yaml
from models.rules.permissions import Permissions

Files = dict[str, bytes]
Row = tuple[str, ...]
RESPONSES, STATISTICS = "survey/responses.csv", "statistics.csv"
SUFFIX = "-dien-tap"  # a rehearsal never bears a real cycle's id


@dataclass(frozen=True)
class Mishap:
    """One fault put into a rehearsal: its words, the check that must find it, and the files it touches."""

    vi: str
    en: str
    check: str
    files: Mapping[str, bytes | None]  # None: the file is missing


def scored(given: Registration) -> list[tuple[str, Framework]]:
    """Every scored unit and what it is scored on."""
    units = given.units[(given.units["scored"] == "yes").to_numpy()]
    frameworks = {one.key: given.frameworks[one.framework] for one in given.settings.blocs}
    return [(unit, frameworks[bloc]) for unit, bloc in rows_of(units, "unit", "bloc")]


def nobody_may_mark(given: Registration) -> list[tuple[str, str]]:
    """(unit, leaf) no appraiser of the folder may mark: it would stop the publication months later."""
    permissions = _permissions(given)
    return [
        (unit, leaf.code)
        for unit, framework in scored(given)
        for leaf in _appraised(framework)
        if not permissions[framework.id].who_may_mark(unit, leaf.code)
    ]


def whole_year(given: Registration, registered: Mapping[str, bytes]) -> Files:
    """Every file of the cycle folder. registered: units.csv, appraisers.csv and frameworks as they are.

    The calendar is left out: a rehearsal knows no closing dates; and so are lower cycles, whose figures are made up.
    """
    settings = replace(given.settings, id=given.settings.id + SUFFIX, calendar={}, lower=())
    made: Files = {**registered, "cycle.yaml": settings_as_yaml(settings).encode()}
    marks: dict[str, list[Row]] = {}
    permissions = _permissions(given)
    for unit, framework in scored(given):
        made |= _forms(unit, framework, settings.year)
        for leaf in _appraised(framework):
            for first in permissions[framework.id].who_may_mark(unit, leaf.code)[:1]:
                marks.setdefault(first, []).append((unit, leaf.code, "1", "yes"))
    for marker, rows in marks.items():
        made[f"appraisal/{marker}/marks.csv"] = _lines("unit,code,round,agree", rows)
    answers = [row for unit, framework in scored(given) for row in _answers(unit, framework)]
    if answers:
        made[RESPONSES] = _lines("respondent,group,unit,question,answer", answers)
    figures = [row for unit, framework in scored(given) for row in _statistics(unit, framework)]
    if figures:
        made[STATISTICS] = _lines("unit,code,points,source", figures)
    return made


def _forms(unit: str, framework: Framework, year: int) -> Files:
    """What one unit hands in: every leaf claimed, a paper document where one is required."""
    claims, documents = list[Row](), list[Row]()
    for number, leaf in enumerate(_appraised(framework), start=1):
        said = made_up_inputs(leaf, _number(unit, leaf.code))
        claims.append((leaf.code, *(said.get(name, "") for name in INPUTS)))
        if leaf.evidence == "required":
            documents.append((leaf.code, f"{number}/BC", unit, f"{year}-06-30"))
    return {
        f"inbox/{unit}/self_assessment.csv": _lines(",".join(("code", *INPUTS)), claims),
        f"inbox/{unit}/evidence.csv": _lines("code,document_number,issuer,issued_on", documents),
    }


def _answers(unit: str, framework: Framework) -> Iterator[Row]:
    for group, people in enough_respondents(framework).items():
        for person in range(people):
            for question, options in scales(framework).items():
                answer = options[_number(unit, group, str(person), question) % len(options)]
                yield f"{group}{person}", group, unit, question, answer


def _statistics(unit: str, framework: Framework) -> Iterator[Row]:
    for leaf in framework.leaves:
        if leaf.source == "statistics":
            yield unit, leaf.code, made_up_points(leaf, _number(unit, leaf.code)), "diễn tập / rehearsal"


def mishaps(given: Registration, whole: Files) -> list[Mishap]:
    """What is put wrong in the first run, as far as this cycle has it; no two touch one file."""
    units = [unit for unit, _ in scored(given)]
    form = f"inbox/{units[0]}/self_assessment.csv"
    strange = {form: whole[form] + b"X.9,yes,,,,,,\n"}
    found = [Mishap("một biểu có mã lạ", "a form with an unknown code", "code-unknown", strange)]
    if len(units) > 1:
        gone = {path: None for path in whole if path.startswith(f"inbox/{units[1]}/")}
        found.append(Mishap("một đơn vị chưa nộp", "a unit that never came", "unit-never-came", gone))
    for sheet in sorted(path for path in whole if path.startswith("appraisal/"))[:1]:
        twice = {sheet: whole[sheet] + _rows_of(whole[sheet])[1]}
        found.append(Mishap("một phiếu chấm trùng dòng", "marks given twice in one file", "mark-duplicate", twice))
    if RESPONSES in whole:
        none = {RESPONSES: None}
        found.append(Mishap("chưa có phiếu điều tra", "no survey answers yet", "survey-responses-missing", none))
    if STATISTICS in whole:
        short = {STATISTICS: b"".join(_rows_of(whole[STATISTICS])[:-1])}
        found.append(Mishap("thiếu một dòng thống kê", "a statistics row is missing", "statistics-missing", short))
    return found


def _rows_of(table: bytes) -> list[bytes]:
    return table.splitlines(keepends=True)


def _appraised(framework: Framework) -> list[Leaf]:
    return [leaf for leaf in framework.leaves if leaf.source == "appraisal"]


def _permissions(given: Registration) -> Mapping[str, Permissions]:
    """By framework id; made once, not for every unit."""
    return {key: Permissions(framework, given.responsibilities) for key, framework in given.frameworks.items()}


def _number(*names: str) -> int:
    """The same names, the same number, on any machine."""
    return crc32("|".join(names).encode())


def _lines(header: str, rows: Iterable[Row]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header.split(","), *rows])
    return out.getvalue().encode()
