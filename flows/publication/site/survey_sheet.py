"""The survey sheet: forms sent and returned, valid answers, margin of error; small groups never with their number."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from flows.publication.site.rows import Escaped, href
from flows.publication.site.templating import row_pattern
from flows.publication.site_input import SiteInput
from models.rules.frames import rows_of
from models.rules.framework import Framework, Survey
from models.rules.numbers import show
from models.rules.survey_error import margin_of_error

LEAST = 5  # fewer respondents than this are told as "fewer than 5", and no figure follows from them
FEW = f"&lt; {LEAST}"
NONE = "–"
error_of = cache(margin_of_error)  # a few hundred different sizes over thousands of units


@dataclass(frozen=True)
class Asked:
    """One group of one unit. sent, returned: None where sample.csv does not say. fewest, most: valid respondents
    over the leaves that weigh the group.
    """

    unit: str
    group: str
    sent: int | None
    returned: int | None
    fewest: int
    most: int

    @property
    def few_returned(self) -> bool:
        """Whether so few came back that somebody could be recognised."""
        return bool(self.returned) and (self.returned or 0) < LEAST

    @property
    def small(self) -> bool:
        """Whether somebody could be recognised in a number of valid answers, or in what follows from it."""
        return 0 < self.fewest < LEAST or 0 < self.most < LEAST or self.few_returned

    def cells(self) -> tuple[str, ...]:
        """Sent, returned, share returned, valid, margin of error, the same among those asked; safe for a page."""
        valid = str(self.fewest) if self.fewest == self.most else f"{self.fewest}–{self.most}"
        errors = (
            error_of(self.fewest),
            error_of(self.fewest, self.sent) if self.sent and self.fewest <= self.sent else "",
        )
        return (
            NONE if self.sent is None else str(self.sent),
            *self._came_back(),
            *((FEW, NONE, NONE) if self.small else (valid, *(f"± {one}" if one else NONE for one in errors))),
        )

    def _came_back(self) -> tuple[str, str]:
        if self.returned is None:
            return NONE, NONE
        if self.few_returned:
            return FEW, NONE
        return str(self.returned), f"{show(Fraction(100 * self.returned, self.sent), 1)}%" if self.sent else NONE


def groups_of(framework: Framework) -> dict[str, list[str]]:
    """group -> codes of the survey leaves that weigh it, in the framework's order."""
    found: dict[str, list[str]] = {}
    for leaf in framework.leaves:
        if isinstance(leaf.rule, Survey):
            for group in leaf.rule.group_weights:
                found.setdefault(group, []).append(leaf.code)
    return found


class SurveySheet:
    """What was asked of whom, by unit, in published order."""

    def __init__(self, given: SiteInput) -> None:
        self.given = given
        sample = {
            (unit, group): (int(sent), int(returned))
            for unit, group, sent, returned in rows_of(given.survey_sample, "unit", "group", "sent", "returned")
        }
        valid: dict[tuple[str, str], dict[str, int]] = {}
        for unit, code, group, number in rows_of(given.survey_valid, "unit", "code", "group", "valid"):
            valid.setdefault((unit, group), {})[code] = int(number)
        groups = {framework.id: groups_of(framework) for framework in given.used}
        self.asked: dict[str, list[Asked]] = {}
        for unit, framework in rows_of(given.results, "unit", "framework"):
            for group, codes in groups[framework].items():
                known = valid.get((unit, group), {})
                numbers = [known.get(code, 0) for code in codes]
                sent, returned = sample.get((unit, group), (None, None))
                self.asked.setdefault(unit, []).append(Asked(unit, group, sent, returned, min(numbers), max(numbers)))
        self.safe = Escaped()

    def unit_rows(self, unit: str) -> str:
        """The rows of one unit's own page, "" where it was not asked about."""
        pattern = row_pattern("survey_row", 7)
        return "\n".join([pattern % (self.safe[one.group], *one.cells()) for one in self.asked.get(unit, [])])

    def blocs(self) -> Iterator[dict[str, object]]:
        """What survey.html is rendered from: rows of every unit and sums over what is shown, bloc by bloc."""
        pattern, safe = row_pattern("survey_unit_row", 11), self.safe
        for key, name in self.given.shown_blocs:
            people = [
                (one, called)
                for unit, called in rows_of(self.given.of_bloc(key), "unit", "name")
                for one in self.asked.get(unit, [])
            ]
            if people:
                links = {one.unit: safe[href(one.unit)] for one, _ in people}
                rows = [
                    pattern
                    % (links[one.unit], safe[called], links[one.unit], safe[called], safe[one.group], *one.cells())
                    for one, called in people
                ]
                told = [one for one, _ in people]
                yield {"name": name, "rows": "\n".join(rows), "sums": sums(told), "small": sum(o.small for o in told)}


def sums(asked: list[Asked]) -> list[tuple[str, int, tuple[str, ...]]]:
    """(group, units counted, cells) over the units whose numbers are shown: nothing left out can be reckoned back."""
    made = []
    for group in dict.fromkeys(one.group for one in asked):
        told = [one for one in asked if one.group == group and not one.small and one.sent is not None]
        whole = Asked(
            "", group,
            sum(one.sent or 0 for one in told), sum(one.returned or 0 for one in told),
            sum(one.fewest for one in told), sum(one.most for one in told),
        )  # fmt: skip
        made.append((group, len(told), whole.cells() if told else (NONE,) * 6))
    return made
