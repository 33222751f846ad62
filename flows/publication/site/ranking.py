"""The first page: every bloc's ranking with class and change, its classes counted, its indices drawn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from flows.publication.form_guide import decision_line
from flows.publication.site.charts import MOST_BARS, bars, distribution, index_bars
from flows.publication.site.rows import Escaped, both, signed, trimmed, units
from flows.publication.site.templating import row_pattern
from flows.publication.site_input import SiteInput

CELLS = 11
Record = Mapping[str, object]


def ranking(given: SiteInput) -> dict[str, object]:
    """What index.html is rendered from."""
    return {
        "blocs": list(_blocs(given)),
        "decisions": [(one, decision_line(one)) for one in given.used],
    }


def _blocs(given: SiteInput) -> Iterator[dict[str, object]]:
    everyone = units(given)
    for number, (key, name) in enumerate(given.shown_blocs, start=1):
        rows = [row for row in everyone if row["bloc"] == key]
        told = [(str(row["name"]), str(row["index"]), str(row["classification"])) for row in rows]
        order = {label: place for place, (label, _) in enumerate(given.bands.get(key, ()))}
        classes = Counter(kind for _, _, kind in told if kind)
        many, ids = len(rows) > MOST_BARS, f"chart-{number} chart-{number}-text"
        drawn = distribution([index for _, index, _ in told if index]) if many else index_bars(told)
        yield {
            "name": name,
            "count": len(rows),
            "classes": sorted(classes.items(), key=lambda one: (order.get(one[0], 99), one[0])),
            "many": many,
            "chart": bars(drawn, ids),
            "rows": "\n".join(ranking_rows(rows)),
        }


def ranking_rows(rows: Sequence[Record]) -> Iterator[str]:
    """The rows of a bloc as safe markup, in published order."""
    safe, pattern = Escaped(), row_pattern("ranking", CELLS)
    unranked, incomparable = both("không xếp hạng", "not ranked"), both("không so sánh", "not comparable")
    moves = {row["move"]: both(*row["move"]) if row["move"] else "–" for row in rows}  # type: ignore[misc]
    for row in rows:
        cell = {name: safe[str(value)] for name, value in row.items()}
        compared = row["comparable"] == "yes"
        yield pattern % (
            cell["rank"] or unranked, cell["href"], cell["name"], cell["href"], cell["name"], cell["index"] or "–",
            cell["classification"] or "–", trimmed(cell["points"]), trimmed(cell["maximum"]),
            signed(cell["index_change"]) if compared else incomparable,
            moves[row["move"]] if compared else "–",
        )  # fmt: skip
