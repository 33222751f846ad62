"""An example cycle as files: its story told leaf by leaf, claimed, proved, appraised, surveyed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction

import pandas as pd

from building.answers import ANSWERS, SAMPLE, answers, sample
from building.appraisers import COLUMNS as MARKS
from building.appraisers import marks_by_appraiser
from building.documents import EVIDENCE, evidence
from building.figures import Figures, points
from building.ground import Ground
from building.solving import Wanted, solved
from building.story import Story
from building.tables import Files, Row, table
from building.variety import between
from building.year import LeafYear, Mark, ordinary
from models.rules.frames import STATISTICS, code_key
from models.rules.framework import Framework, Leaf, ReformField
from models.rules.numbers import plain
from models.rules.survey import count_answers, survey_points

CLAIMS = (
    "code", "met", "option", "numerator", "denominator", "value", "count", "points", "breakdown", "not_applicable",
)  # fmt: skip


def cycle_files(ground: Ground, story: Story) -> Files:
    """Everything below the folder that is not written by hand. Raises ValueError where an aim cannot be met."""
    made: Files = {}
    given: list[Row] = []
    sent: list[Row] = []
    statistics: list[Row] = []
    marks: dict[str, list[Row]] = {}
    for bloc, framework in ground.frameworks.items():
        units = ground.units_of(bloc)
        told = [row for unit in units for row in answers(unit, framework, story.aims[unit], story.heads)]
        figures = [row for unit in units for row in _statistics(unit, framework, story)]
        known = _known(units, framework, told, figures)
        years = {unit: _Year(unit, ground, story, known[unit]).leaves() for unit in units}
        for who, rows in marks_by_appraiser(framework, years, ground.appraisers).items():
            marks.setdefault(who, []).extend(rows)
        for unit in units:
            made |= _inbox(unit, ground, story, years[unit])
        given, statistics = given + told, statistics + figures
        sent += [row for unit in units for row in sample(unit, framework, story.heads)]
    for who, rows in marks.items():
        made[f"appraisal/{who}/marks.csv"] = _narrow(MARKS, sorted(rows, key=_place))
    if given:
        made |= {"survey/responses.csv": table(ANSWERS, given), "survey/sample.csv": table(SAMPLE, sent)}
    if statistics:
        made["statistics.csv"] = table(STATISTICS, statistics)
    return made


def _statistics(unit: str, framework: Framework, story: Story) -> Iterator[Row]:
    """Points some hundredths around what the unit's aim in that field would give."""
    for leaf in framework.leaves:
        if leaf.source == "statistics" and (unit, leaf.code) not in story.below:
            percent = story.aims[unit][_field(leaf)] + between(-3, 3, "statistics", unit, leaf.code)
            worth = Fraction(int(Fraction(leaf.maximum) * min(Fraction(100), percent)), 100)
            yield {"unit": unit, "code": leaf.code, "points": plain(worth), "source": story.statistics_source}


def _field(leaf: Leaf) -> str:
    return leaf.code.split(".")[0]


def _known(
    units: list[str], framework: Framework, told: list[Row], statistics: list[Row]
) -> dict[str, dict[str, Fraction]]:
    """unit -> leaf -> points, of every survey and statistics leaf; the survey by the engine's own rule."""
    worth: dict[str, dict[str, Fraction]] = {unit: {} for unit in units}
    for row in statistics:
        worth[row["unit"]][row["code"]] = Fraction(row["points"])
    order, one = pd.Index(units), Fraction(1, 10**framework.leaf_decimals)
    counts, valid = count_answers(framework, pd.DataFrame(told, columns=list(ANSWERS), dtype="str"))
    for leaf in framework.leaves:
        if leaf.source == "survey":
            mine = [frame[(frame["code"] == leaf.code).to_numpy()] for frame in (counts, valid)]
            found = survey_points(leaf, order, mine[0], mine[1], framework.leaf_decimals)
            assert found.applies.all(), f"{leaf.code}: too few respondents"
            for place, unit in enumerate(units):
                worth[unit][leaf.code] = int(found.values[place]) * one
    return worth


class _Year:
    """One unit's year on its framework."""

    def __init__(self, unit: str, ground: Ground, story: Story, known: Mapping[str, Fraction]) -> None:
        self.unit, self.story, self.known = unit, story, known
        self.framework, self.year = ground.framework_of(unit), ground.settings.year
        self.tuned = story.tuned.get(self.framework.id, ())

    def leaves(self) -> list[LeafYear]:
        """Every appraisal leaf, by code; the last mark of each makes the figures that meet the aims."""
        final = {code: said for one in self.framework.fields for code, said in self._final(one).items()}
        return [self._leaf(leaf, final) for leaf in self.framework.leaves if leaf.source == "appraisal"]

    def _final(self, one: ReformField) -> dict[str, Figures]:
        """Final figures of the leaves of one field that are neither facts nor out."""
        story, unit, decimals = self.story, self.unit, self.framework.leaf_decimals
        leaves = [leaf for criterion in one.criteria for leaf in criterion.leaves]
        apply = [leaf for leaf in leaves if (unit, leaf.code) not in story.out]
        free = [leaf for leaf in apply if leaf.source == "appraisal" and (unit, leaf.code) not in story.facts]
        if not free:
            return {}
        wanted = story.aims[unit][one.code] * sum(Fraction(leaf.maximum) for leaf in apply) / 100
        for leaf in apply:
            if (said := story.facts.get((unit, leaf.code))) is not None:
                wanted -= points(leaf, said, decimals) or 0
            wanted -= self.known.get(leaf.code, 0)
        closing = [leaf for leaf in free if leaf.code in self.tuned]
        return solved(Wanted(unit, free, closing, wanted, story.amounts, decimals, unit in story.exact))

    def _leaf(self, leaf: Leaf, final: Mapping[str, Figures]) -> LeafYear:
        key = (self.unit, leaf.code)
        if key in self.story.out:
            return LeafYear(leaf.code, {}, (Mark("1", agree=True),), claimed_out=self.story.out[key])
        if key in self.story.facts:
            return LeafYear(leaf.code, self.story.facts[key], (Mark("1", agree=True),))
        return ordinary(self.unit, self.framework, leaf, final[leaf.code], self.tuned, self.year)


def _inbox(unit: str, ground: Ground, story: Story, leaves: Iterable[LeafYear]) -> Files:
    """One unit's forms."""
    claims, told = [], []
    for leaf in leaves:
        said = {"breakdown": story.breakdowns.get((unit, leaf.code), ""), "not_applicable": leaf.claimed_out}
        claims.append({"code": leaf.code, **leaf.claim, **said})
        if leaf.explained:
            told.append({"code": leaf.code, "text": leaf.explained, "file": ""})
    rows = evidence(ground, unit, story.signs[unit], [leaf.code for leaf in leaves if not leaf.claimed_out])
    made = {"self_assessment.csv": _narrow(CLAIMS, claims), "evidence.csv": table(EVIDENCE, rows)}
    if told:
        made["explanations.csv"] = table(("code", "text", "file"), told)
    if unit in story.midyear:
        made["midyear.csv"] = _narrow(
            CLAIMS, [_half(unit, code, said, story) for code, said in story.midyear[unit].items()]
        )
    return {f"inbox/{unit}/{name}": data for name, data in made.items()}


def _half(unit: str, code: str, said: Figures, story: Story) -> Row:
    """A half-year row; where the year repeats the figure, it consists of the same parts."""
    same = said == story.facts.get((unit, code))
    return {"code": code, **said, "breakdown": story.breakdowns.get((unit, code), "") if same else ""}


def _narrow(columns: Iterable[str], rows: list[Row]) -> bytes:
    """A table without the columns no row uses."""
    used = [name for name in columns if any(row.get(name) for row in rows)]
    return table(used, [{name: row.get(name, "") for name in used} for row in rows])


def _place(row: Mapping[str, str]) -> tuple[object, ...]:
    """Round, unit, code."""
    return row["round"], row["unit"], code_key(row["code"])
