"""A unit's fields: its share of the points against the bloc's, and self points against appraised and final ones."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from flows.publication.site.bloc_figures import FINE, BlocFigures, percents_of
from flows.publication.site.charts import length
from flows.publication.site.rows import Escaped, field_href, signed, trimmed
from flows.publication.site.templating import row_pattern
from models.rules.numbers import show_scaled

length_of = cache(length)  # thousands of units share a few thousand percents
NONE = "–"


class FieldPart:
    """What the pages of a bloc's units say of fields; everything that is the same for all is made once."""

    def __init__(self, bloc: BlocFigures, decimals: int, share: str, pair: str) -> None:
        self.bloc, self.share, self.pair = bloc, share, pair
        safe = Escaped()
        self.names = [
            (safe[field_href(bloc.key, part.code, "../")], safe[f"{part.code}. {part.name}"])
            for part in bloc.framework.fields
        ]
        self.percents = bloc.percents(bloc.field_places, decimals)
        self.own = bloc.own_percents(bloc.field_places, decimals)
        self.against = bloc.against_bloc[:, bloc.field_places].tolist()
        self.grids = [grid[:, bloc.field_places].tolist() for grid in (bloc.final, bloc.applicable)]
        self.parts = [grid.tolist() for grid in bloc.appraisal_parts]
        most, own, final = bloc.appraisal_parts
        self.part_percents = [percents_of(grid, most, most > 0, 1) for grid in (own, final)]
        self.row, self.pair_row = row_pattern("unit_field", 9), row_pattern("unit_pair", 7)

    def of(self, unit: str, row: Mapping[str, object]) -> dict[str, str]:
        """Both tables and both charts of one unit, as safe markup."""
        number, shown = self.bloc.row[unit], self.bloc.shown
        final, whole = (grid[number] for grid in self.grids)
        most, own, appraised = (grid[number] for grid in self.parts)
        shares, pairs, bars, twins = [], [], [], []
        for place, (to, name) in enumerate(self.names):
            percent, mean = self.percents[number][place], self.own[place]
            points = (shown(final[place]), shown(whole[place])) if percent else (NONE, "0")
            against = signed(show_scaled(self.against[number][place], FINE)) if percent else NONE
            shares.append(self.row % (to, name, to, name, *points, percent or NONE, mean or NONE, against))
            bars += [length_of(percent), length_of(mean), f"{percent}%" if percent else NONE]
            told = [shown(one) for one in (most[place], own[place], appraised[place])]
            gap = signed(shown(appraised[place] - own[place]))
            other = shown(final[place] - appraised[place]) if percent else "0"
            pairs.append(self.pair_row % (name, *told, gap, other, points[0]))
            both = [texts[number][place] for texts in self.part_percents]
            twins += [length_of(both[0]), length_of(both[1]), told[1], told[2]]
        return {
            "fields": "\n".join(shares),
            "fields_chart": self.share % tuple(bars),
            "pairs": "\n".join(pairs),
            "pairs_chart": self.pair % tuple(twins),
            "gap": signed(trimmed(_less(row))),
        }


def _less(row: Mapping[str, object]) -> str:
    """appraised_points − self_points, exactly; both have the same decimals."""
    own, final = str(row["self_points"]), str(row["appraised_points"])
    decimals = len(own.partition(".")[2])
    return show_scaled(int(final.replace(".", "")) - int(own.replace(".", "")), decimals)
