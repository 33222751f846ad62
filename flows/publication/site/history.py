"""A unit's earlier years beside this one: what is told of each, and where two years cannot be read together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flows.publication.site.charts import Year, rank_chart
from flows.publication.site.rows import Escaped, both
from flows.publication.site.templating import row_pattern
from flows.publication.site_input import SiteInput
from models.rules.frames import rows_of

LAST, NOW = ("kết quả năm trước", "last year's results"), ("bản công bố này", "this publication")
BROKEN = (
    "Bộ tiêu chí khác năm liền trước trong bảng: không so sánh trực tiếp.",
    "Another framework than the year before in this table: not directly comparable.",
)


@dataclass(frozen=True)
class Told:
    """One year of a unit as published: texts, "" where not known. source: where it was published, both languages."""

    year: str
    index: str
    rank: str
    framework: str
    source: tuple[str, str]


class Histories:
    """The years of every unit, oldest first, this year's own last."""

    def __init__(self, given: SiteInput) -> None:
        self.year = given.year
        self.last_frameworks = given.last_frameworks
        self.earlier: dict[str, list[Told]] = {}
        columns = ("unit", "year", "index", "rank", "framework", "source")
        for unit, year, index, rank, framework, source in rows_of(given.history, *columns):
            if year.isdecimal() and int(year) < given.year:
                self.earlier.setdefault(unit, []).append(Told(year, index, rank, framework, (source, source)))
        self.safe, self.pattern = Escaped(), row_pattern("history_row", 6)

    def of(self, row: Mapping[str, object]) -> list[Told]:
        """Of a record of results."""
        unit, before = str(row["unit"]), str(self.year - 1)
        years = sorted(self.earlier.get(unit, []), key=lambda one: int(one.year))
        if row["comparable"] == "yes":  # last year's results.csv is taken before what history.csv says of that year
            years = [one for one in years if one.year != before]
            framework = self.last_frameworks.get(unit, "")
            years.append(Told(before, str(row["previous_index"]), str(row["previous_rank"]), framework, LAST))
        return [*years, Told(str(self.year), str(row["index"]), str(row["rank"]), str(row["framework"]), NOW)]

    def table(self, years: Sequence[Told]) -> str:
        """Rows as safe markup."""
        note, safe, made = str(both(*BROKEN)), self.safe, []
        for number, one in enumerate(years):
            source = safe[one.source[0]] if one.source[0] == one.source[1] else both(*one.source)
            broken = "broken" if breaks(years, number) else ""
            made.append(
                self.pattern
                % (broken, safe[one.year], safe[one.index] or "–", safe[one.rank] or "–",
                   f"{safe[one.framework] or '–'}{' · ' + note if broken else ''}", source)
            )  # fmt: skip
        return "\n".join(made)


def breaks(years: Sequence[Told], number: int) -> bool:
    """Whether this year stands on another framework than the one before it; not claimed where one is unknown."""
    if number == 0:
        return False
    before, now = years[number - 1].framework, years[number].framework
    return bool(before and now and before != now)


def chart(years: Sequence[Told], peers: int) -> str:
    """The ranks drawn, "" with fewer than two of them."""
    drawn = [
        Year(one.year, int(one.rank) if one.rank.isdecimal() else 0, breaks(years, number))
        for number, one in enumerate(years)
    ]
    if sum(one.rank > 0 for one in drawn) < 2:
        return ""
    return str(rank_chart(drawn, peers, "ranks ranks-text"))
