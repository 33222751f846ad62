"""The example as files: path below the cycle folder -> bytes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from building.appraisers import COLUMNS as MARK_COLUMNS
from building.tables import Files, table

from dien_bien.circumstances import ADJUSTMENTS, EXEMPTIONS
from dien_bien.engine_inputs import named, previous_rows, unit_row
from dien_bien.example import Example
from dien_bien.forms import RETURNED, form
from dien_bien.province import APPRAISERS, UNITS
from dien_bien.survey_answers import COLUMNS as ANSWER_COLUMNS
from dien_bien.words import CYCLE_YAML, README
from dien_bien.worksheets import worksheet
from flows.appraisal_rows import listed
from models.rules.cycle import CycleInputs
from models.rules.frames import ADJUSTMENTS as ADJUSTMENT_COLUMNS
from models.rules.frames import EXEMPTIONS as EXEMPTION_COLUMNS
from models.rules.frames import MARKS, STATISTICS, code_key, empty


def cycle_files(example: Example, inputs: CycleInputs) -> Files:
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
    return made | _inboxes(example, inputs) | _appraisal(example, inputs)


def later_files(inputs: CycleInputs) -> Files:
    """What arrives afterwards: the corrected form."""
    return {_form_of(unit.code): form(inputs, unit) for unit in UNITS if unit.code == RETURNED}


def _form_of(unit: str) -> str:
    return f"inbox/{unit}/self_assessment.xlsx"


def _inboxes(example: Example, inputs: CycleInputs) -> Files:
    made: Files = {}
    for unit in UNITS:
        made[_form_of(unit.code)] = form(inputs, unit, mistakes=unit.code == RETURNED)
        told = example.told[unit.code]
        if told.rows:
            made[f"inbox/{unit.code}/explanations.csv"] = table(("code", "text", "file"), told.rows)
        for name, data in {**example.evidence[unit.code].files, **told.files}.items():
            made[f"inbox/{unit.code}/evidence/{name}"] = data
    return made


def _appraisal(example: Example, inputs: CycleInputs) -> Files:
    made: Files = {}
    asked = listed(replace(inputs, marks=empty(MARKS)))
    for appraiser in APPRAISERS:
        rows = sorted(example.marks[appraiser.code], key=_place)
        base, name = f"appraisal/{appraiser.code}/marks", f"{inputs.settings.name} (số liệu minh hoạ)"
        if appraiser.workbook:
            made[f"{base}.xlsx"] = worksheet(name, appraiser, asked[appraiser.code], rows)
        else:
            made[f"{base}.csv"] = table(MARK_COLUMNS, rows)
    return made


def _place(row: Mapping[str, str]) -> tuple[object, ...]:
    """Round, unit, code."""
    return row["round"], row["unit"], code_key(row["code"])


def _appraisers() -> Iterable[dict[str, str]]:
    for one in APPRAISERS:
        yield {
            "appraiser": one.code,
            "name": one.name,
            "codes": ";".join(one.codes),
            "unit": one.unit,
            "fallback": "yes" if one.fallback else "no",
        }
