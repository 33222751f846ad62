"""Who appraises, and each mark in the file of an appraiser who may make it: never a unit's own people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from building.variety import one_in
from building.year import LeafYear, Mark
from models.rules.frames import RESPONSIBILITIES, frame
from models.rules.framework import Framework
from models.rules.permissions import Permissions

COLUMNS = (
    "unit", "code", "round", "agree", "met", "option", "numerator", "denominator", "value", "count", "points",
    "not_applicable", "reason", "explanation_required",
)  # fmt: skip


@dataclass(frozen=True)
class Appraiser:
    """One member of the appraisal team: the codes they answer for and the ranked unit they belong to."""

    code: str
    name: str
    codes: tuple[str, ...]
    unit: str = ""
    fallback: bool = False
    workbook: bool = False


def responsibilities(appraisers: Sequence[Appraiser]) -> pd.DataFrame:
    """Frame RESPONSIBILITIES: one row per appraiser and code."""
    return frame(
        [
            {
                "appraiser": one.code,
                "name": one.name,
                "code": code,
                "unit": one.unit,
                "fallback": "yes" if one.fallback else "",
            }
            for one in appraisers
            for code in one.codes
        ],
        RESPONSIBILITIES,
    )


def marks_by_appraiser(
    framework: Framework, years: Mapping[str, Iterable[LeafYear]], appraisers: Sequence[Appraiser]
) -> dict[str, list[dict[str, str]]]:
    """Rows of marks.csv by appraiser, of the units on one framework; a fallback marks where nobody else may."""
    permissions = Permissions(framework, responsibilities(appraisers))
    team = {one.code for one in appraisers if one.fallback}
    rows: dict[str, list[dict[str, str]]] = {}
    for unit, leaves in years.items():
        for leaf in leaves:
            able = permissions.who_may_mark(unit, leaf.code)
            answerable = [who for who in able if who not in team] or able
            # Where two answer for a leaf, one marks it; now and then both do, and say the same.
            both = len(answerable) > 1 and one_in(4, "both", unit)
            first = answerable[one_in(3, "who", unit)] if len(answerable) > 1 else answerable[0]
            for who in answerable if both else [first]:
                rows.setdefault(who, []).extend(_row(unit, leaf.code, mark) for mark in leaf.marks)
    return rows


def _row(unit: str, code: str, mark: Mark) -> dict[str, str]:
    return {
        **dict.fromkeys(COLUMNS, ""),
        **mark.figures,
        "unit": unit,
        "code": code,
        "round": mark.round,
        "agree": "yes" if mark.agree else "",
        "not_applicable": "yes" if mark.not_applicable else "",
        "reason": mark.reason,
        "explanation_required": "yes" if mark.explanation_required else "",
    }
