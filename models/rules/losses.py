"""Where points were lost: what every appraisal letter and every explanation answers."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from models.rules.framework import Leaf
from models.rules.marks import POINTS
from models.rules.scoring import Sheet


@dataclass(frozen=True)
class Loss:
    """A leaf that did not reach its maximum; reason: that of the mark that counts, "" for none."""

    leaf: Leaf
    points: Fraction
    reason: str

    @property
    def lost(self) -> Fraction:
        """Points missing to the maximum."""
        return Fraction(self.leaf.maximum) - self.points


def losses(sheet: Sheet, row: int) -> dict[str, Loss]:
    """By code: leaves of one unit (by its row in the sheet) that apply and lost points, in the framework's order.

    They sum to maximum − points before bonus and penalty, exactly.
    """
    scale = 10**sheet.framework.leaf_decimals
    found = {}
    for column, leaf in enumerate(sheet.framework.leaves):
        if sheet.final.state[row, column] == POINTS:
            points = Fraction(int(sheet.final.values[row, column]), scale)
            if points != Fraction(leaf.maximum):
                found[leaf.code] = Loss(leaf, points, str(sheet.final.reason[row, column]))
    return found
