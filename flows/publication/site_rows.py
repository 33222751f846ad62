"""Figures as the pages show them: signs and zeros of numbers, rows of a unit's scores, percent by field."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterator
from fractions import Fraction
from urllib.parse import quote

from markupsafe import Markup, escape

from flows.publication.reader_notes import SOURCES
from flows.publication.site_input import SiteInput, wording
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.numbers import MOST_AFTER, most_places, scaled_one, show, show_scaled

Line = tuple[str, str, str, str, str, str, str, str, str, str, str, str]
LEVEL, CODE, NAME, MAXIMUM, APPLICABLE, FINAL, LOST = 0, 1, 2, 3, 4, 8, 9
CELLS = 12
SHOWN = ("maximum", "applicable", "self", "first_mark", "second_mark", "final")
MOST_LOSSES = 8


def trimmed(number: str) -> str:
    """A decimal text without trailing zeros, as people write it."""
    return number.rstrip("0").rstrip(".") if "." in number else number


def signed(number: str) -> str:
    """A change with its sign; zero has none."""
    return number if number.startswith("-") or not number.strip("0.") else f"+{number}"


def href(unit: str, root: str = "") -> str:
    """The address of a unit's page."""
    return f"{root}unit/{quote(unit, safe='')}.html"


def move(rank_change: str) -> tuple[str, str] | None:
    """A change of rank in words; None where it is not known."""
    if not rank_change:
        return None
    steps = int(rank_change)
    if steps == 0:
        return "giữ hạng", "same rank"
    return (f"lên {steps} hạng", f"up {steps}") if steps > 0 else (f"xuống {-steps} hạng", f"down {-steps}")


def units(given: SiteInput, root: str = "") -> list[dict[str, object]]:
    """One record per row of results: its columns, the page's address and the change of rank in words."""
    records: list[dict[Hashable, object]] = given.results.to_dict("records")
    return [
        {str(key): value for key, value in row.items()}
        | {"href": href(str(row["unit"]), root), "move": move(str(row["rank_change"]))}
        for row in records
    ]


def lines_by_unit(given: SiteInput) -> dict[str, list[Line]]:
    """Rows of every unit's table: level, code, wording, points as shown, lost, source, reason."""
    scores = given.scores
    frameworks = dict(rows_of(given.results, "unit", "framework"))
    names = {framework.id: wording(framework) for framework in given.used}
    source = {key: words[0] for key, words in SOURCES.items()} | {"": ""}
    columns = [_words(scores[name].tolist()) for name in SHOWN]
    found: dict[str, list[Line]] = {unit: [] for unit in frameworks}
    told = zip(
        scores["unit"].tolist(), scores["code"].tolist(), scores["level"].tolist(), *columns, _lost(given),
        scores["source"].tolist(), scores["reason"].tolist(), strict=True,
    )  # fmt: skip
    for unit, code, level, maximum, applicable, own, first, second, final, lost, origin, reason in told:
        if applicable == "0":
            level, final = f"{level} out", "không áp dụng"
        found[unit].append(
            (level, code, names[frameworks[unit]][code], maximum, applicable, own, first, second, final, lost,
             source[origin], reason)
        )  # fmt: skip
    return found


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


def losses(lines: list[Line]) -> list[Line]:
    """The leaves that lost most points, most first; equal ones in the order of their codes."""
    lost = [line for line in lines if line[LEVEL] == "leaf" and line[LOST] not in ("", "0")]
    return heapq.nlargest(MOST_LOSSES, lost, key=lambda line: scaled_one(line[LOST], MOST_AFTER))


class Escaped(dict[str, str]):
    """Text made safe for a page; each different one once."""

    def __missing__(self, text: str) -> str:
        self[text] = str(escape(text))
        return self[text]


class Rows:
    """Table rows from a pattern with one %s per cell: hundreds of thousands are too many for a template each."""

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        self.safe = Escaped()

    def of(self, lines: list[Line]) -> Markup:
        """The rows as safe markup: the pattern is ours and every cell is escaped."""
        cells = self.safe.__getitem__
        return Markup("\n".join([self.pattern % tuple(map(cells, line)) for line in lines]))


class Percents:
    """points / applicable maximum in percent, each different pair computed once."""

    def __init__(self, decimals: int) -> None:
        self.decimals = decimals
        self.known: dict[tuple[str, str], str] = {}

    def of(self, line: Line) -> str:
        """Shown half-up; "" where the line does not apply."""
        key = (line[FINAL], line[APPLICABLE])
        if key not in self.known:
            applies = line[APPLICABLE] != "0" and line[FINAL] != ""
            value = Fraction(line[FINAL]) / Fraction(line[APPLICABLE]) * 100 if applies else None
            self.known[key] = "" if value is None else show(value, self.decimals)
        return self.known[key]


def framework_lines(framework: Framework) -> Iterator[tuple[str, str, str, str]]:
    """(level, code, name, maximum) of every field, criterion and leaf, in the framework's order."""
    for part in framework.fields:
        yield "field", part.code, part.name, part.maximum
        for criterion in part.criteria:
            if not criterion.is_leaf:
                yield "criterion", criterion.code, criterion.name, criterion.maximum
            for leaf in criterion.leaves:
                yield "leaf", leaf.code, leaf.name, leaf.maximum
