"""A unit's leaves: where it stands furthest above and below its bloc, where most points were lost and why."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from flows.publication.site.bloc_figures import BlocFigures
from flows.publication.site.rows import Escaped, both
from flows.publication.site.score_rows import ScoreRows
from flows.publication.site.templating import row_pattern

MOST, MOST_LOSSES = 3, 8
WHY = {
    "survey": both("kết quả điều tra xã hội học", "result of the survey"),
    "statistics": both("số liệu thống kê", "statistics"),
    "own": both("theo số liệu đơn vị tự chấm", "by the unit's own figures"),
    "appraisal": both("theo kết quả thẩm định", "by the appraisal"),
}
NOTHING = both("Không có.", "None.")


class LeafPart:
    """What the pages of a bloc's units say of single leaves; what is the same for all is made once."""

    def __init__(self, bloc: BlocFigures, scores: ScoreRows) -> None:
        self.bloc, self.scores, self.safe = bloc, scores, Escaped()
        self.leaves, places = bloc.framework.leaves, bloc.leaf_places
        self.names = [(self.safe[leaf.code], self.safe[leaf.name]) for leaf in self.leaves]
        self.means = [text or "–" for text in bloc.own_percents(places, 1)]
        self.extremes = bloc.extremes(MOST)
        counted = bloc.counted[:, places]
        lost = np.where(counted, bloc.applicable[:, places] - bloc.final[:, places], 0)
        order = np.argsort(-lost, axis=1, kind="stable")[:, :MOST_LOSSES]
        self.lost, self.order = lost.tolist(), order.tolist()
        self.grids = [grid[:, places].tolist() for grid in (bloc.final, bloc.applicable, bloc.own)]
        self.compared, self.loss = row_pattern("compared", 5), row_pattern("loss", 5)

    def of(self, unit: str) -> dict[str, str]:
        """Strengths, weaknesses and losses of one unit as safe list items."""
        number = self.bloc.row[unit]
        high, low = self.extremes[number]
        lost = [place for place in self.order[number] if self.lost[number][place] > 0]
        return {
            "strengths": self._listed(number, high),
            "weaknesses": self._listed(number, low),
            "losses": "\n".join([self._loss(unit, number, place) for place in lost]) or f"<li>{NOTHING}</li>",
        }

    def _listed(self, number: int, places: Sequence[int]) -> str:
        final, whole, _ = (grid[number] for grid in self.grids)
        shown = self.bloc.shown
        told = [
            self.compared % (*self.names[place], shown(final[place]), shown(whole[place]), self.means[place])
            for place in places
        ]
        return "\n".join(told) or f"<li>{NOTHING}</li>"

    def _loss(self, unit: str, number: int, place: int) -> str:
        final, whole, own = (grid[number][place] for grid in self.grids)
        source = self.leaves[place].source
        reason = self.scores.reasons[self.scores.start[unit] + self.bloc.leaf_places[place]]
        why = self.safe[reason] if reason else WHY["own" if source == "appraisal" and own == final else source]
        shown = self.bloc.shown
        return self.loss % (*self.names[place], shown(self.lost[number][place]), shown(whole), why)
