"""Figures as the pages show them: signs and zeros of numbers, a unit's record, the rows of its scores, links."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from urllib.parse import quote

from markupsafe import Markup, escape

from flows.publication.reader_notes import SOURCES
from flows.publication.site_input import SiteInput, wording
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.numbers import most_places, scaled_one, show_scaled

SHOWN = ("maximum", "applicable", "self", "first_mark", "second_mark", "final")


def trimmed(number: str) -> str:
    """A decimal text without trailing zeros, as people write it."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def signed(number: str) -> str:
    """A change with its sign; zero has none."""
    return number if number.startswith("-") or not number.strip("0.") else f"+{number}"


def both(vietnamese: str, english: str) -> Markup:
    """A phrase of ours in both languages; style.css shows the one that was chosen."""
    return Markup('<span class="v">{}</span><span class="e" lang="en"> {}</span>').format(vietnamese, english)


def href(unit: str, root: str = "") -> str:
    """The address of a unit's page."""
    return f"{root}unit/{quote(unit, safe='')}.html"


def field_href(bloc: str, code: str, root: str = "") -> str:
    """The address of the page of one field in one bloc; a code has no dash, so no two are one."""
    return f"{root}field/{quote(f'{bloc}-{code}', safe='')}.html"


def move(rank_change: str) -> tuple[str, str] | None:
    """A change of rank in words; None where it is not known."""
    if not rank_change:
        return None
    steps = int(rank_change)
    if steps == 0:
        return "= giữ hạng", "= same rank"
    return (f"▲ lên {steps}", f"▲ up {steps}") if steps > 0 else (f"▼ xuống {-steps}", f"▼ down {-steps}")


def units(given: SiteInput, root: str = "") -> list[dict[str, object]]:
    """One record per row of results: its columns, the page's address and the change of rank in words."""
    records: list[dict[Hashable, object]] = given.results.to_dict("records")
    return [
        {str(key): value for key, value in row.items()}
        | {"href": href(str(row["unit"]), root), "move": move(str(row["rank_change"]))}
        for row in records
    ]


class Escaped(dict[str, str]):
    """Text made safe for a page; each different one once."""

    def __missing__(self, text: str) -> str:
        self[text] = str(escape(text))
        return self[text]

    def all(self, texts: Sequence[str]) -> list[str]:
        """A column of texts."""
        return list(map(self.__getitem__, texts))


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
        self.codes, self.reasons = scores["code"].tolist(), scores["reason"].tolist()
        self.own, self.final = numbers[2], numbers[5]
        self.pattern = pattern
        self.start: dict[str, int] = {}
        for place, unit in enumerate(units):
            self.start.setdefault(unit, place)
        starts = [*self.start.values(), len(scores)]
        self.end = dict(zip(self.start, starts[1:], strict=True))
        wordings = [safe[names[frameworks[unit]][code]] for unit, code in zip(units, self.codes, strict=True)]
        self.columns = [
            [f"{level} out" if one else level for level, one in zip(scores["level"].tolist(), closed, strict=True)],
            safe.all(self.codes), wordings, [tags[source] for source in scores["source"].tolist()], *numbers[:5],
            [out if one else text for text, one in zip(self.final, closed, strict=True)],
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


def framework_lines(framework: Framework) -> Iterator[tuple[str, str, str, str]]:
    """(level, code, name, maximum) of every field, criterion and leaf, in the framework's order."""
    for part in framework.fields:
        yield "field", part.code, part.name, part.maximum
        for criterion in part.criteria:
            if not criterion.is_leaf:
                yield "criterion", criterion.code, criterion.name, criterion.maximum
            for leaf in criterion.leaves:
                yield "leaf", leaf.code, leaf.name, leaf.maximum
