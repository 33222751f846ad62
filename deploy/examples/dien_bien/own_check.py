"""Scores the example with the engine's pure rules and holds the result to the published figures."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from fractions import Fraction

from dien_bien import province
from dien_bien.appraisal import responsibilities
from dien_bien.circumstances import ADJUSTMENTS, EXEMPTIONS
from dien_bien.example import Example
from dien_bien.words import CYCLE_YAML
from models.rules import frames
from models.rules.cycle import CycleInputs
from models.rules.cycle_text import read_settings
from models.rules.numbers import show
from models.rules.scoring import score
from models.rules.totals import Standing, standings, totals


def cycle_inputs(example: Example) -> CycleInputs:
    """The example as the engine sees it once every form is in, the corrected one included."""
    settings, faults = read_settings(CYCLE_YAML)
    assert settings is not None, faults
    assert not faults, faults
    return CycleInputs(
        settings=settings,
        frameworks=example.frameworks,
        units=frames.frame([unit_row(unit) for unit in province.UNITS], frames.UNITS),
        previous=frames.frame(previous_rows(), frames.PREVIOUS),
        exemptions=frames.frame(named(frames.EXEMPTIONS, EXEMPTIONS), frames.EXEMPTIONS),
        responsibilities=responsibilities(),
        claims=frames.frame(_claims(example), frames.CLAIMS),
        marks=frames.frame(_marks(example), frames.MARKS),
        evidence=frames.frame(_evidence(example), frames.EVIDENCE),
        survey_counts=example.counts,
        survey_valid=example.valid,
        statistics=frames.frame(example.statistics, frames.STATISTICS),
        adjustments=frames.frame(named(frames.ADJUSTMENTS, ADJUSTMENTS), frames.ADJUSTMENTS),
        survey_present=True,
    )


def named(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[dict[str, str]]:
    """Rows by column."""
    return [dict(zip(columns, row, strict=True)) for row in rows]


def unit_row(unit: province.Unit) -> dict[str, str]:
    """A row of units.csv."""
    flags = dict.fromkeys(("scored", "ranked", "published"), "yes")
    return {"unit": unit.code, "name": unit.name, "bloc": unit.bloc, **flags}


def previous_rows() -> list[dict[str, str]]:
    """Last year's results: rank by index within the bloc; no framework is named."""
    rows = []
    for bloc in (province.SO, province.HUYEN):
        mine = sorted(
            (unit for unit in province.UNITS if unit.bloc == bloc), key=lambda unit: -Fraction(unit.before)
        )
        rows += [
            {"unit": unit.code, "bloc": bloc, "index": unit.before, "rank": str(rank), "framework": ""}
            for rank, unit in enumerate(mine, start=1)
        ]
    return rows


def _claims(example: Example) -> list[dict[str, str]]:
    return [
        {"unit": unit, "code": leaf.code, **leaf.claim, "not_applicable": leaf.claimed_out,
         "explanation": example.evidence[unit].excuses.get(leaf.code, "")}
        for unit, leaves in example.years.items()
        for leaf in leaves
    ]  # fmt: skip


def _marks(example: Example) -> list[dict[str, str]]:
    return [{"appraiser": who, **row} for who, rows in example.marks.items() for row in rows]


def _evidence(example: Example) -> list[dict[str, str]]:
    shown = [
        {
            "unit": unit,
            "code": code,
            "kind": "evidence",
            "document_number": document.number,
            "file": document.file,
        }
        for unit, given in example.evidence.items()
        for code, document, _ in given.rows
    ]
    return shown + [
        {"unit": unit, "code": row["code"], "kind": "explanation", "file": row["file"]}
        for unit, told in example.told.items()
        for row in told.rows
        if row["file"]
    ]


def ranking(inputs: CycleInputs) -> list[Standing]:
    """Every unit in the order of publication. Raises ValueError where publication would stop."""
    sheets = score(inputs)
    problems = [problem for sheet in sheets.values() for problem in sheet.problems]
    if problems:
        raise ValueError(f"publication would stop: {problems[:5]}")
    return standings(inputs, totals(inputs, sheets))


def differences(lines: list[Standing]) -> list[str]:
    """Every published figure that does not come out, in words; empty when all do."""
    wrong = []
    by_unit = {line.total.unit: line for line in lines}
    for unit, expected in province.PUBLISHED.items():
        line = by_unit[unit]
        found = (_shown(line.total.index), str(line.rank), line.classification)
        wrong += _differ(unit, found, expected)
    for unit, expected in province.PUBLISHED_BEFORE.items():
        line = by_unit[unit]
        found = (_shown(line.previous_index), str(line.previous_rank), "")
        wrong += _differ(f"{unit} before", found, expected)
    for bloc, expected_classes in province.PUBLISHED_CLASSES.items():
        classes = Counter(line.classification for line in lines if line.total.bloc == bloc)
        if classes != expected_classes:
            wrong.append(f"{bloc}: {dict(classes)} instead of {expected_classes}")
    indexes = [line.total.index for line in lines]
    if len(set(indexes)) != len(indexes):
        wrong.append("two units share an index")
    return wrong


def _differ(what: str, found: tuple[str, ...], expected: tuple[str, ...]) -> list[str]:
    pairs = zip(found, expected, strict=True)
    return [f"{what}: {one} instead of {other}" for one, other in pairs if other and one != other]


def _shown(value: Fraction | None) -> str:
    return "" if value is None else show(value, province.DECIMALS)
