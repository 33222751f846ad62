"""The leaves of a unit's year in Điện Biên: those that are out, and the ordinary ones."""

from __future__ import annotations

from collections.abc import Mapping

from building.figures import Figures, figures
from building.year import LeafYear, Mark, ordinary

from dien_bien import circumstances
from dien_bien.amounts import amount_of
from dien_bien.province import YEAR, Unit
from dien_bien.tuning import TUNED
from models.rules.framework import Framework, Leaf


def leaf_years(unit: Unit, framework: Framework, final: Mapping[str, Figures]) -> list[LeafYear]:
    """Every appraisal leaf of a unit, by code; the last mark of each makes the figures of `final`."""
    return [
        _special(unit, framework, leaf, final)
        or ordinary(unit.code, framework, leaf, final[leaf.code], TUNED[unit.bloc], YEAR)
        for leaf in framework.leaves
        if leaf.source == "appraisal"
    ]


def _special(unit: Unit, framework: Framework, leaf: Leaf, final: Mapping[str, Figures]) -> LeafYear | None:
    """Leaves that are out, and the claim to be out that was not accepted."""
    key = (unit.code, leaf.code)
    if key in circumstances.CLAIMED_OUT:
        return LeafYear(leaf.code, {}, (Mark("1", agree=True),), claimed_out=circumstances.CLAIMED_OUT[key])
    if key in circumstances.CLAIMED_OUT_IN_VAIN:
        said, answer = circumstances.CLAIMED_OUT_IN_VAIN[key]
        return LeafYear(leaf.code, {}, (Mark("1", final[leaf.code], reason=answer),), claimed_out=said)
    own = figures(leaf, 500, amount_of(framework.id, leaf.code, unit.code))
    if key in circumstances.MARKED_OUT:
        said = circumstances.MARKED_OUT[key]
        return LeafYear(leaf.code, own, (Mark("1", not_applicable=True, reason=said),))
    if leaf.code not in final:  # exempt: claimed and marked all the same, and without effect
        empty = {"numerator": "0", "denominator": "0"} if "numerator" in own else own
        return LeafYear(leaf.code, empty, (Mark("1", agree=True),))
    return None
