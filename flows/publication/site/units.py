"""One page per unit: its page is rendered once per bloc with holes, and every unit's figures are put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from flows.publication.form_guide import decision_line
from flows.publication.reader_notes import unit_warnings
from flows.publication.site.bloc_figures import BlocFigures
from flows.publication.site.charts import pair_pattern, share_pattern
from flows.publication.site.fields import field_labels
from flows.publication.site.history import Histories, chart
from flows.publication.site.rows import Escaped, both, signed, trimmed, units
from flows.publication.site.score_rows import ScoreRows
from flows.publication.site.survey_sheet import SurveySheet
from flows.publication.site.templating import Holes, as_pattern, environment, row_pattern
from flows.publication.site.unit_fields import FieldPart
from flows.publication.site.unit_leaves import LeafPart
from flows.publication.site_input import Bands, SiteInput
from models.rules.framework import Framework
from models.rules.numbers import show

Record = Mapping[str, object]
Shared = dict[str, object]
SCORE_CELLS = 12
PLAIN = ("self_points", "appraised_points", "survey_points", "statistics_points", "bonus", "penalty")


@dataclass(frozen=True)
class Sheets:
    """What the units of all blocs share."""

    scores: ScoreRows
    survey: SurveySheet
    histories: Histories
    safe: Escaped


def unit_pages(given: SiteInput, blocs: Sequence[BlocFigures], common: Shared) -> Iterator[tuple[str, str]]:
    """(path, page) of every published unit."""
    scores = ScoreRows(given, row_pattern("score", SCORE_CELLS))
    sheets = Sheets(scores, SurveySheet(given), Histories(given), Escaped())
    everyone = {str(row["unit"]): row for row in units(given, "../")}
    for bloc in blocs:
        pages = BlocPages(given, bloc, sheets, common)
        rows = [everyone[unit] for unit in bloc.units]
        peers = sum(bool(row["rank"]) for row in rows)
        yield from ((f"unit/{row['unit']}.html", pages.of(row, peers)) for row in rows)


class BlocPages:
    """The pages of one bloc's units: all that is the same for them is made once."""

    def __init__(self, given: SiteInput, bloc: BlocFigures, sheets: Sheets, common: Shared) -> None:
        self.given, self.framework, self.sheets = given, bloc.framework, sheets
        self.page = _blank(bloc, common)
        labels = field_labels(bloc)
        share, pair = share_pattern(labels, "fields fields-text"), pair_pattern(labels, "pairs pairs-text")
        self.fields, self.leaves = FieldPart(bloc, given.decimals, share, pair), LeafPart(bloc, sheets.scores)
        self.bands = given.bands.get(bloc.key, ())
        self.banners: dict[tuple[str, str], str] = {}

    def of(self, row: Record, peers: int) -> str:
        """The page of one unit; row: its record of results, peers: how many units are ranked."""
        unit = str(row["unit"])
        return self.page % (
            _head(row, peers, self.sheets.safe)
            | {"banners": self._warned(unit, str(row["comparable"]))}
            | {"distance": distance(row, self.bands, self.framework)}
            | self.fields.of(unit, row)
            | self.leaves.of(unit)
            | _survey(self.sheets.survey, unit)
            | _years(self.sheets.histories, row, peers)
            | {"scores": self.sheets.scores.of(unit)}
        )

    def _warned(self, unit: str, comparable: str) -> str:
        """The unit's warnings; they hang on nothing but these two, so few are rendered."""
        told = comparable, self.given.last_frameworks.get(unit, "")
        if told not in self.banners:
            macros = environment().get_template("macros.html").module
            lines = list(unit_warnings(self.given, unit, self.framework, comparable))
            self.banners[told] = str(macros.banners(lines))  # type: ignore[attr-defined]  # a macro
        return self.banners[told]


def _blank(bloc: BlocFigures, common: Shared) -> str:
    """The page with holes where its units differ, as a pattern."""
    framework = bloc.framework
    told = {"bloc": bloc.name, "decision": decision_line(framework), "leaf_decimals": framework.leaf_decimals}
    template = environment().get_template("unit.html")
    return as_pattern(template.render(**common | told, root="../", page="", holes=Holes()))


def _head(row: Record, peers: int, safe: Escaped) -> dict[str, str]:
    """Name and figures in words."""
    compared = row["comparable"] == "yes"
    last, change = both("không so sánh", "not comparable"), "–"
    if compared:
        rank = str(row["previous_rank"])
        last = f"{row['previous_index']}" + (f", {both('hạng', 'rank')} {rank}" if rank else "")  # type: ignore[assignment]
        moved = row["move"]
        change = signed(str(row["index_change"])) + (f"; {both(*moved)}" if moved else "")  # type: ignore[misc]
    return {
        "name": safe[str(row["name"])],
        "unit": safe[str(row["unit"])],
        "index": str(row["index"]) or "–",
        "rank": f"{row['rank']} / {peers}" if row["rank"] else both("không xếp hạng", "not ranked"),
        "classification": safe[str(row["classification"])] or "–",
        "points": trimmed(str(row["points"])),
        "maximum": trimmed(str(row["maximum"])),
        "last_year": last,
        "change": change,
    } | {name: trimmed(str(row[name])) for name in PLAIN}


def distance(row: Record, bands: Bands, framework: Framework) -> str:
    """How much index and how many points the unit lacks to the next class, as safe markup."""
    floors = {name: (Fraction(floor), floor) for name, floor in bands}
    if not floors or not row["index"]:
        return ""
    own = floors.get(str(row["classification"]))
    above = [(floor, name) for name, floor in floors.items() if own is None or floor[0] > own[0]]
    if not above:
        return both("Đã ở xếp loại cao nhất.", "In the highest class already.")
    (floor, text), name = min(above)
    points, maximum = Fraction(str(row["points"])), Fraction(str(row["maximum"]))
    lacks = floor - min(points * 100 / maximum, Fraction(100))
    needed = trimmed(show(lacks * maximum / 100, framework.leaf_decimals))
    gap = trimmed(show(lacks, max(2, len(str(row["index"]).partition(".")[2]))))
    return both(
        f"Còn thiếu {gap} điểm phần trăm chỉ số, tức {needed} điểm, để đạt xếp loại {name} (từ {text}).",
        f"{gap} percentage points of the index, that is {needed} points, short of class {name} (from {text}).",
    )


def _survey(sheet: SurveySheet, unit: str) -> dict[str, str]:
    rows = sheet.unit_rows(unit)
    none = both("Không có mục điều tra xã hội học.", "No leaf of this unit comes from a survey.")
    return {"survey": row_pattern("survey_table", 1) % rows if rows else f"<p>{none}</p>"}


def _years(histories: Histories, row: Record, peers: int) -> dict[str, str]:
    years = histories.of(row)
    drawn = chart(years, peers)
    told = both(
        "Hạng 1 ở trên cùng; nét đứt đứng là nơi đổi bộ tiêu chí. Cùng số liệu với bảng trên.",
        "Rank 1 is on top; a dashed upright line is where the framework changed. The same figures as the table.",
    )
    figure = f'<p class="about" id="ranks-text">{told}</p>\n{drawn}' if drawn else ""
    return {"history": histories.table(years), "history_chart": figure}
