"""The closed analyses as frames of text: gaps, robustness, survey error, who stands apart."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from models.rules.cycle import CycleInputs
from models.rules.frames import frame, rows_of
from models.rules.insight.gaps import Gap, appraiser_gaps, field_gaps, names_of, pooled, unit_gaps
from models.rules.insight.jumps import Apart, jumps, outliers
from models.rules.insight.robustness import Robustness, floors, robustness
from models.rules.insight.survey_error import FEWEST, LeafAnswers, Z, survey_answers, unit_errors
from models.rules.numbers import show, show_scaled
from models.rules.scoring import Sheet
from models.rules.totals import Standing

GAP = ("self_points", "appraised_points", "gap", "gap_percent", "leaves", "lowered", "raised")
TABLES: Mapping[str, tuple[str, ...]] = {
    "gaps_by_unit": ("unit", "name", "bloc", "framework", *GAP),
    "gaps_by_field": ("framework", "code", "name", *GAP),
    "gaps_by_unit_and_field": ("unit", "code", *GAP),
    "gaps_by_appraiser": ("appraiser", "name", "framework", *GAP),
    "robustness": (
        "unit", "name", "bloc", "index", "rank", "index_low", "index_high", "rank_best", "rank_worst", "tie_band",
        "looks_equal", "rank_if_best_leaf_full", "best_leaf", "rank_if_worst_leaf_zero", "worst_leaf",
    ),
    "floors": ("unit", "name", "bloc", "index", "classification", "above_own_floor", "next_class", "to_next_floor"),
    "survey": ("unit", "code", "group", "valid", "percent", "points_error"),
    "stands_apart": ("unit", "name", "bloc", "what", "value", "median", "warning"),
}  # fmt: skip
WORDS = (  # columns that are no numbers
    "unit", "name", "bloc", "framework", "code", "appraiser", "best_leaf", "worst_leaf", "looks_equal",
    "classification", "next_class", "group", "what", "warning",
)  # fmt: skip
FINE = 2  # decimals of percents that are no index
FEWER = f"<{FEWEST}"


@dataclass(frozen=True)
class Analysed:
    """What the tables are made from."""

    inputs: CycleInputs
    lines: Sequence[Standing]
    by_unit: Mapping[str, Gap]
    by_field: Mapping[tuple[str, str], Gap]
    by_appraiser: Mapping[tuple[str, str], Gap]
    answers: Sequence[LeafAnswers]
    firmness: Sequence[Robustness]
    apart: Sequence[Apart]


def analysed(inputs: CycleInputs, sheets: Mapping[str, Sheet], lines: Sequence[Standing]) -> Analysed:
    """Every analysis of figures that are complete; all scored units, those not published too."""
    answers = survey_answers(inputs, sheets)
    return Analysed(
        inputs,
        lines,
        unit_gaps(sheets),
        field_gaps(sheets),
        appraiser_gaps(inputs, sheets),
        answers,
        robustness(inputs.settings, sheets, lines, unit_errors(answers)),
        [*outliers(inputs, sheets, lines), *jumps(inputs, lines)],
    )


def analysis_tables(found: Analysed) -> dict[str, pd.DataFrame]:
    """The frames by name; columns as in TABLES, rows in published order."""
    return {name: frame(list(make(found)), TABLES[name]) for name, make in MAKERS.items()}


def _named(found: Analysed) -> dict[str, str]:
    return dict(rows_of(found.inputs.units, "unit", "name"))


def _gap(found: Analysed, gap: Gap) -> dict[str, str]:
    own = found.inputs.frameworks[gap.framework].leaf_decimals
    scale = 10 ** (gap.decimals - own)  # points are whole 10**-leaf_decimals, so nothing is lost
    return {
        "self_points": show_scaled(gap.own // scale, own),
        "appraised_points": show_scaled(gap.appraised // scale, own),
        "gap": show_scaled(gap.gap // scale, own),
        "gap_percent": show_scaled(gap.share(FINE), FINE),
        "leaves": str(gap.leaves),
        "lowered": str(gap.lowered),
        "raised": str(gap.raised),
        "framework": gap.framework,
    }


def _gaps_by_unit(found: Analysed) -> Iterator[dict[str, str]]:
    names = _named(found)
    for line in found.lines:
        unit = line.total.unit
        yield {"unit": unit, "name": names[unit], "bloc": line.total.bloc} | _gap(found, found.by_unit[unit])


def _gaps_by_field(found: Analysed) -> Iterator[dict[str, str]]:
    together = pooled(found.by_field)
    for key in dict.fromkeys(bloc.framework for bloc in found.inputs.settings.blocs):
        for part in found.inputs.frameworks[key].fields:
            if (key, part.code) in together:
                yield {"code": part.code, "name": part.name} | _gap(found, together[key, part.code])


def _gaps_by_unit_and_field(found: Analysed) -> Iterator[dict[str, str]]:
    for line in found.lines:
        for part in found.inputs.frameworks[line.total.framework].fields:
            if (line.total.unit, part.code) in found.by_field:
                gap = found.by_field[line.total.unit, part.code]
                yield {"unit": line.total.unit, "code": part.code} | _gap(found, gap)


def _gaps_by_appraiser(found: Analysed) -> Iterator[dict[str, str]]:
    names = names_of(found.inputs)
    for (appraiser, _), gap in found.by_appraiser.items():
        yield {"appraiser": appraiser, "name": names.get(appraiser, appraiser)} | _gap(found, gap)


def _robustness(found: Analysed) -> Iterator[dict[str, str]]:
    names, decimals = _named(found), found.inputs.settings.decimals
    for one in found.firmness:
        total = one.line.total
        yield {
            "unit": total.unit,
            "name": names[total.unit],
            "bloc": total.bloc,
            "index": show(total.index or Fraction(0), decimals),
            "rank": str(one.line.rank),
            "index_low": show(one.low, decimals),
            "index_high": show(one.high, decimals),
            "rank_best": str(one.best),
            "rank_worst": str(one.worst),
            "tie_band": str(one.band),
            "looks_equal": "yes" if one.looks_equal else "no",
            "rank_if_best_leaf_full": str(one.up.rank),
            "best_leaf": one.up.code,
            "rank_if_worst_leaf_zero": str(one.down.rank),
            "worst_leaf": one.down.code,
        }


def _floors(found: Analysed) -> Iterator[dict[str, str]]:
    names, decimals = _named(found), found.inputs.settings.decimals
    for line in found.lines:
        if line.total.index is None:
            continue
        near = floors(found.inputs.settings, line)
        yield {
            "unit": line.total.unit,
            "name": names[line.total.unit],
            "bloc": line.total.bloc,
            "index": show(line.total.index, decimals),
            "classification": line.classification,
            "above_own_floor": "" if near.above_own is None else show(near.above_own, decimals),
            "next_class": near.next_class,
            "to_next_floor": "" if near.to_next is None else show(near.to_next, decimals),
        }


def _survey(found: Analysed) -> Iterator[dict[str, str]]:
    """Per group where every group of the leaf is large enough, else the leaf as a whole, else only that there is one.

    One small group hides the others of its leaf: with the leaf's points, all but one would tell the one.
    """
    own = {line.total.unit: found.inputs.frameworks[line.total.framework].leaf_decimals for line in found.lines}
    for one in found.answers:
        row = {"unit": one.unit, "code": one.code}
        if one.valid < FEWEST:
            yield row | {"valid": FEWER}
            continue
        yield row | {
            "valid": str(one.valid),
            "percent": show(one.mean, FINE),
            "points_error": show(Z * one.error, own[one.unit]),
        }
        if len(one.groups) > 1 and all(group.valid >= FEWEST for group in one.groups):
            for group in one.groups:
                yield row | {"group": group.group, "valid": str(group.valid), "percent": show(group.mean, FINE)}


def _stands_apart(found: Analysed) -> Iterator[dict[str, str]]:
    names, decimals = _named(found), found.inputs.settings.decimals
    for one in found.apart:
        places = 0 if one.what == "rank_change" else (decimals if one.what.startswith("index") else FINE)
        yield {
            "unit": one.unit,
            "name": names[one.unit],
            "bloc": one.bloc,
            "what": one.what,
            "value": show(one.value, places),
            "median": show(one.median, max(places, 1) if one.what == "rank_change" else places),
            "warning": one.warning,
        }


MAKERS: Mapping[str, Callable[[Analysed], Iterator[dict[str, str]]]] = {
    "gaps_by_unit": _gaps_by_unit,
    "gaps_by_field": _gaps_by_field,
    "gaps_by_unit_and_field": _gaps_by_unit_and_field,
    "gaps_by_appraiser": _gaps_by_appraiser,
    "robustness": _robustness,
    "floors": _floors,
    "survey": _survey,
    "stands_apart": _stands_apart,
}
