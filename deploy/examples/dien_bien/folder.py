"""The example as files: path below the cycle folder -> bytes."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from dien_bien.appraisal import COLUMNS as MARK_COLUMNS
from dien_bien.circumstances import ADJUSTMENTS, EXEMPTIONS
from dien_bien.example import FRAMEWORKS, Example
from dien_bien.forms import FLAG, HEADINGS, RETURNED, form
from dien_bien.own_check import named, previous_rows, unit_row
from dien_bien.province import APPRAISERS, UNITS
from dien_bien.survey_answers import COLUMNS as ANSWER_COLUMNS
from dien_bien.words import CYCLE_YAML, README
from dien_bien.workbooks import Page, workbook
from models.rules.frames import ADJUSTMENTS as ADJUSTMENT_COLUMNS
from models.rules.frames import EXEMPTIONS as EXEMPTION_COLUMNS
from models.rules.frames import STATISTICS, code_key

WORKSHEET = {
    "unit": "Đơn vị", "code": "Mã", "round": "Vòng", "agree": "Đồng ý", **HEADINGS,
    "not_applicable": "Không áp dụng", "reason": "Lý do", "explanation_required": "Yêu cầu giải trình",
}  # fmt: skip
Files = dict[str, bytes]


def cycle_files(example: Example) -> Files:
    """The cycle folder as it first arrives; Sở Ngoại vụ's form with its mistakes."""
    made = {
        "README.md": README.encode(),
        "cycle.yaml": CYCLE_YAML.encode(),
        "units.csv": table(("unit", "name", "bloc", "scored", "ranked", "published"), map(unit_row, UNITS)),
        "appraisers.csv": table(("appraiser", "name", "codes", "unit", "fallback"), _appraisers()),
        "survey/responses.csv": table(ANSWER_COLUMNS, example.answers),
        "survey/sample.csv": table(("unit", "group", "sent", "returned"), example.sample),
        "statistics.csv": table(STATISTICS, example.statistics),
        "adjustments.csv": table(ADJUSTMENT_COLUMNS, named(ADJUSTMENT_COLUMNS, ADJUSTMENTS)),
        "exemptions.csv": table(EXEMPTION_COLUMNS, named(EXEMPTION_COLUMNS, EXEMPTIONS)),
        "previous/results.csv": table(("unit", "bloc", "index", "rank", "framework"), previous_rows()),
    }
    return made | _inboxes(example) | _appraisal(example)


def later_files(example: Example) -> Files:
    """What arrives afterwards: the corrected form."""
    return {
        f"inbox/{unit.code}/self_assessment.xlsx": form(
            example, unit, example.frameworks[FRAMEWORKS[unit.bloc]]
        )
        for unit in UNITS
        if unit.code == RETURNED
    }


def _inboxes(example: Example) -> Files:
    made: Files = {}
    for unit in UNITS:
        base = f"inbox/{unit.code}/"
        framework = example.frameworks[FRAMEWORKS[unit.bloc]]
        made[base + "self_assessment.xlsx"] = form(example, unit, framework, mistakes=unit.code == RETURNED)
        told = example.told[unit.code]
        if told.rows:
            made[base + "explanations.csv"] = table(("code", "text", "file"), told.rows)
        for name, data in {**example.evidence[unit.code].files, **told.files}.items():
            made[f"{base}evidence/{name}"] = data
    return made


def _appraisal(example: Example) -> Files:
    made: Files = {}
    for appraiser in APPRAISERS:
        rows = sorted(
            example.marks[appraiser.code], key=lambda row: (row["round"], row["unit"], code_key(row["code"]))
        )
        base = f"appraisal/{appraiser.code}/"
        if appraiser.workbook:
            page = Page(
                "Thẩm định",
                f"{appraiser.name} (số liệu minh hoạ)",
                list(WORKSHEET.values()),
                map(_local, rows),
            )
            made[base + "marks.xlsx"] = workbook([page])
        else:
            made[base + "marks.csv"] = table(MARK_COLUMNS, rows)
    return made


def _local(row: Mapping[str, str]) -> dict[str, str]:
    """A marks row under the worksheet's Vietnamese headers."""
    return {WORKSHEET[name]: FLAG.get(text, text) for name, text in row.items()}


def _appraisers() -> Iterable[dict[str, str]]:
    for one in APPRAISERS:
        yield {
            "appraiser": one.code,
            "name": one.name,
            "codes": ";".join(one.codes),
            "unit": one.unit,
            "fallback": "yes" if one.fallback else "no",
        }


def table(columns: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    """CSV as the contract reads it: UTF-8, LF."""
    out = io.StringIO()
    writer = csv.DictWriter(out, list(columns), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode()
