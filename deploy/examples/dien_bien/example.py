"""The whole example as rows: everything the folder holds, before it is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd
from building.appraisers import marks_by_appraiser
from building.variety import between, one_in
from building.year import LeafYear

from dien_bien.circumstances import ADJUSTMENTS
from dien_bien.documents import Evidence, evidence, explanation_file
from dien_bien.province import APPRAISERS, HUYEN, SO, UNITS, Unit
from dien_bien.survey_answers import answers, counted, samples
from dien_bien.tuning import Fixed, outcomes
from dien_bien.year import leaf_years
from models.rules.framework import Framework
from models.rules.numbers import plain
from models.rules.survey import survey_points
from models.storage.framework_folders import built_in

FRAMEWORKS = {SO: "dien-bien-2020-departments", HUYEN: "dien-bien-2020-districts"}
Rows = list[dict[str, str]]


@dataclass(frozen=True)
class Told:
    """A unit's explanations after the first round: rows of explanations.csv and the files some name."""

    rows: Rows
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Example:
    """All rows of the cycle; `years`, `evidence` and `told` by unit, `marks` by appraiser."""

    frameworks: Mapping[str, Framework]
    years: Mapping[str, list[LeafYear]]
    evidence: Mapping[str, Evidence]
    told: Mapping[str, Told]
    marks: Mapping[str, Rows]
    answers: Rows
    sample: Rows
    counts: pd.DataFrame
    valid: pd.DataFrame
    statistics: Rows


def make() -> Example:
    """The example, the same every time. Raises ValueError where a unit's index cannot be met."""
    frameworks: dict[str, Framework] = {}
    years: dict[str, list[LeafYear]] = {}
    marks: dict[str, Rows] = {}
    given: Rows = []
    sample: Rows = []
    statistics: Rows = []
    counts: list[pd.DataFrame] = []
    valid: list[pd.DataFrame] = []
    for bloc, identity in FRAMEWORKS.items():
        framework = built_in(identity)[0]
        assert framework is not None
        frameworks[identity] = framework
        units = [unit for unit in UNITS if unit.bloc == bloc]
        rows = [row for unit in units for row in answers(unit, framework)]
        tally, enough = counted(framework, rows)
        figures = [row for unit in units for row in _statistics(unit, framework)]
        fixed = _fixed(units, framework, tally, enough, figures)
        mine = {unit.code: leaf_years(unit, framework, outcomes(unit, framework, fixed[unit.code])) for unit in units}
        for who, said in marks_by_appraiser(framework, mine, APPRAISERS).items():
            marks.setdefault(who, []).extend(said)
        years |= mine
        given, statistics = given + rows, statistics + figures
        sample += [row for unit in units for row in samples(unit, framework)]
        counts, valid = [*counts, tally], [*valid, enough]
    named = {unit.code: (unit, frameworks[FRAMEWORKS[unit.bloc]]) for unit in UNITS}
    return Example(
        frameworks=frameworks,
        years=years,
        evidence={code: evidence(*named[code], leaves) for code, leaves in years.items()},
        told={code: _told(named[code][0], leaves) for code, leaves in years.items()},
        marks=marks,
        answers=given,
        sample=sample,
        counts=pd.concat(counts, ignore_index=True),
        valid=pd.concat(valid, ignore_index=True),
        statistics=statistics,
    )


def _statistics(unit: Unit, framework: Framework) -> Rows:
    """Points some hundredths around what the unit's index would give."""
    rows = []
    for leaf in framework.leaves:
        if leaf.source == "statistics":
            percent = Fraction(unit.index) + between(-4, 6, "statistics", unit.code, leaf.code)
            points = Fraction(int(Fraction(leaf.maximum) * percent), 100)
            source = "Cục Thống kê tỉnh" if leaf.code.startswith("8.3") else "Kết quả khảo sát SIPAS của tỉnh"
            rows.append(
                {
                    "unit": unit.code,
                    "code": leaf.code,
                    "points": plain(points),
                    "source": f"{source} (số liệu minh hoạ)",
                }
            )
    return rows


def _fixed(
    units: list[Unit], framework: Framework, counts: pd.DataFrame, valid: pd.DataFrame, statistics: Rows
) -> dict[str, Fixed]:
    """What each unit has apart from appraisal, from the engine's survey rule."""
    order, one = pd.Index([unit.code for unit in units]), Fraction(1, 10**framework.leaf_decimals)
    points, maximum = dict.fromkeys(order, Fraction(0)), dict.fromkeys(order, Fraction(0))
    for leaf in framework.leaves:
        if leaf.source == "survey":
            mine = [frame[(frame["code"] == leaf.code).to_numpy()] for frame in (counts, valid)]
            worth = survey_points(leaf, order, mine[0], mine[1], framework.leaf_decimals)
            for place, unit in enumerate(order):
                if worth.applies[place]:
                    points[unit] += int(worth.values[place]) * one
                    maximum[unit] += Fraction(leaf.maximum)
    for row in statistics:
        points[row["unit"]] += Fraction(row["points"])
        maximum[row["unit"]] += Fraction(framework.leaf[row["code"]].maximum)
    for unit, kind, amount, _, _ in ADJUSTMENTS:
        if unit in points:
            points[unit] += Fraction(amount) if kind == "bonus" else -Fraction(amount)
    return {unit: Fixed(points[unit], maximum[unit]) for unit in order}


def _told(unit: Unit, leaves: list[LeafYear]) -> Told:
    """The explanations a unit wrote; every other one of them comes with a file."""
    rows, files = [], {}
    for leaf in leaves:
        if leaf.explained:
            name = ""
            if one_in(2, "explanation file", unit.code, leaf.code):
                name, data = explanation_file(unit, leaf.code)
                files[name] = data
            rows.append({"code": leaf.code, "text": leaf.explained, "file": name})
    return Told(rows, files)
