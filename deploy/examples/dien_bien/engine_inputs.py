"""The example as the engine's pure rules take it, once every form is in, the corrected one included."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from fractions import Fraction

from building.appraisers import responsibilities
from building.figures import points
from building.year import LeafYear

from dien_bien.circumstances import ADJUSTMENTS, EXEMPTIONS
from dien_bien.example import FRAMEWORKS, Example
from dien_bien.province import APPRAISERS, HUYEN, SO, UNITS, Unit
from dien_bien.words import CYCLE_YAML
from models.rules import frames
from models.rules.cycle import CycleInputs
from models.rules.cycle_text import read_settings
from models.rules.framework import Framework, Judgement
from models.rules.numbers import plain

Row = dict[str, str]


def cycle_inputs(example: Example) -> CycleInputs:
    """Everything a publication of the example is computed from."""
    settings, faults = read_settings(CYCLE_YAML)
    assert settings is not None, faults
    assert not faults, faults
    return CycleInputs(
        settings=settings,
        frameworks=example.frameworks,
        units=frames.frame([unit_row(unit) for unit in UNITS], frames.UNITS),
        previous=frames.frame(previous_rows(), frames.PREVIOUS),
        exemptions=frames.frame(named(frames.EXEMPTIONS, EXEMPTIONS), frames.EXEMPTIONS),
        responsibilities=responsibilities(APPRAISERS),
        claims=frames.frame(_claims(example), frames.CLAIMS),
        marks=frames.frame(_marks(example), frames.MARKS),
        evidence=frames.frame([*_documents(example), *_explanation_files(example)], frames.EVIDENCE),
        survey_counts=example.counts,
        survey_valid=example.valid,
        statistics=frames.frame(example.statistics, frames.STATISTICS),
        adjustments=frames.frame(named(frames.ADJUSTMENTS, ADJUSTMENTS), frames.ADJUSTMENTS),
        survey_present=True,
    )


def named(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> list[Row]:
    """Rows by column."""
    return [dict(zip(headers, row, strict=True)) for row in rows]


def unit_row(unit: Unit) -> Row:
    """A row of units.csv."""
    flags = dict.fromkeys(("scored", "ranked", "published"), "yes")
    return {"unit": unit.code, "name": unit.name, "bloc": unit.bloc, **flags}


def previous_rows() -> list[Row]:
    """Last year's results: rank by index within the bloc; no framework is named."""
    rows = []
    for bloc in (SO, HUYEN):
        mine = [unit for unit in UNITS if unit.bloc == bloc]
        rows += [
            {"unit": unit.code, "bloc": bloc, "index": unit.before, "rank": str(rank), "framework": ""}
            for rank, unit in enumerate(sorted(mine, key=lambda unit: -Fraction(unit.before)), start=1)
        ]
    return rows


def _claims(example: Example) -> list[Row]:
    frameworks = {unit.code: example.frameworks[FRAMEWORKS[unit.bloc]] for unit in UNITS}
    return [
        {"unit": unit, "code": leaf.code, "not_applicable": leaf.claimed_out}
        | {"explanation": example.evidence[unit].excuses.get(leaf.code, "")}
        | {"points": _claimed_points(leaf, frameworks[unit]), **leaf.claim}
        for unit, leaves in example.years.items()
        for leaf in leaves
    ]


def _claimed_points(leaf: LeafYear, framework: Framework) -> str:
    """The points the unit's own figures make; a judgement's points are its figure."""
    known = framework.leaf[leaf.code]
    if not leaf.claim or isinstance(known.rule, Judgement):
        return ""
    worth = points(known, leaf.claim, framework.leaf_decimals)
    return "" if worth is None else plain(worth)


def _marks(example: Example) -> list[Row]:
    return [{"appraiser": who, **row} for who, rows in example.marks.items() for row in rows]


def _documents(example: Example) -> list[Row]:
    rows = []
    for unit, given in example.evidence.items():
        for code, document, pages in given.rows:
            row = {"unit": unit, "code": code, "kind": "evidence", "pages": pages, "title": document.title}
            row |= {
                "document_number": document.number,
                "issuer": document.issuer,
                "issued_on": document.issued_on,
            }
            rows.append(row | _file(document.file, given.files.get(document.file)))
    return rows


def _explanation_files(example: Example) -> list[Row]:
    return [
        {"unit": unit, "code": row["code"], "kind": "explanation"} | _file(row["file"], told.files[row["file"]])
        for unit, told in example.told.items()
        for row in told.rows
        if row["file"]
    ]


def _file(name: str, data: bytes | None) -> Row:
    if data is None:
        return {}
    return {"file": name, "sha256": hashlib.sha256(data).hexdigest(), "size": str(len(data))}
