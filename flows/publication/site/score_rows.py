"""The rows of every unit's table of scores: made safe column by column, put together unit by unit."""

from __future__ import annotations

from flows.publication.reader_notes import SOURCES
from flows.publication.site.rows import Escaped, both, trimmed
from flows.publication.site_input import SiteInput, wording
from models.rules.frames import rows_of
from models.rules.numbers import most_places, scaled_one, show_scaled

SHOWN = ("maximum", "applicable", "self", "first_mark", "second_mark", "final")


class ScoreRows:
    """Every unit's table of scores from a pattern with one %s per cell: hundreds of thousands of rows are too many
    for a template each, so columns are made safe whole and rows put together unit by unit.
    """

    def __init__(self, given: SiteInput, pattern: str) -> None:
        scores, frameworks = given.scores, dict(rows_of(given.results, "unit", "framework"))
        names = {framework.id: wording(framework) for framework in given.used}
        safe, units = Escaped(), scores["unit"].tolist()
        tags = {source: f' <i class="tag">{both(*words)}</i>' for source, words in SOURCES.items()}
        tags |= {"": "", "appraisal": ""}
        out = str(both("không áp dụng", "not applicable"))
        numbers = [_words(scores[name].tolist()) for name in SHOWN]
        closed = [text == "0" for text in numbers[1]]
        codes, self.reasons, self.pattern = scores["code"].tolist(), scores["reason"].tolist(), pattern
        self.start: dict[str, int] = {}
        for place, unit in enumerate(units):
            self.start.setdefault(unit, place)
        starts = [*self.start.values(), len(scores)]
        self.end = dict(zip(self.start, starts[1:], strict=True))
        wordings = [safe[names[frameworks[unit]][code]] for unit, code in zip(units, codes, strict=True)]
        self.columns = [
            [f"{level} out" if one else level for level, one in zip(scores["level"].tolist(), closed, strict=True)],
            safe.all(codes), wordings, [tags[source] for source in scores["source"].tolist()], *numbers[:5],
            [out if one else text for text, one in zip(numbers[5], closed, strict=True)],
            _lost(given), safe.all(self.reasons),
        ]  # fmt: skip

    def of(self, unit: str) -> str:
        """The rows of one unit as safe markup: the pattern is ours and every cell is escaped."""
        where = slice(self.start[unit], self.end[unit])
        return "\n".join(map(self.pattern.__mod__, zip(*(column[where] for column in self.columns), strict=True)))


def _words(numbers: list[str]) -> list[str]:
    """Numbers as shown; each different one is put into words once."""
    known = {number: trimmed(number) for number in set(numbers)}
    return [known[number] for number in numbers]


def _lost(given: SiteInput) -> list[str]:
    """applicable - final of every row that has a final, exactly; each different pair is computed once."""
    pairs = list(rows_of(given.scores, "applicable", "final"))
    known = {pair: _less(*pair) for pair in set(pairs)}
    return [known[pair] for pair in pairs]


def _less(applicable: str, final: str) -> str:
    if not final:
        return ""
    decimals = most_places([applicable, final])
    return trimmed(show_scaled(scaled_one(applicable, decimals) - scaled_one(final, decimals), decimals))
