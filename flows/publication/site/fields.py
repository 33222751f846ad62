"""The heat map of fields × units, and one page per field and bloc."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import groupby

import numpy as np

from flows.publication.reader_notes import SOURCES, unit_warnings
from flows.publication.site.bloc_figures import FINE, BlocFigures
from flows.publication.site.charts import bars, distribution
from flows.publication.site.rows import Escaped, field_href, href, signed
from flows.publication.site.templating import row_pattern
from flows.publication.site_input import SiteInput
from models.rules.frames import rows_of
from models.rules.framework import ReformField
from models.rules.numbers import show_scaled

# The steps of the heat map, from their floor in percent on; the last takes what is below.
STEPS: Sequence[tuple[int | None, str]] = ((90, "h4"), (80, "h3"), (65, "h2"), (50, "h1"), (None, "h0"))


def heat(percent: str) -> str:
    """The step a shown percentage belongs to; "" where there is none."""
    if not percent:
        return ""
    whole = -1 if percent.startswith("-") else int(percent.partition(".")[0])
    return next(kind for floor, kind in STEPS if floor is None or whole >= floor)


def heat_map(given: SiteInput, blocs: Sequence[BlocFigures]) -> dict[str, object]:
    """What fields.html is rendered from."""
    return {"blocs": [_map(given, bloc) for bloc in blocs], "steps": STEPS}


def _map(given: SiteInput, bloc: BlocFigures) -> dict[str, object]:
    safe, row, cell = Escaped(), row_pattern("heat_row", 6), row_pattern("heat_cell", 2)
    percents = bloc.percents(bloc.field_places, given.decimals)
    told = []
    cells = {text: cell % (heat(text), text or "–") for texts in percents for text in texts}
    for (unit, name, index), texts in zip(
        rows_of(given.of_bloc(bloc.key), "unit", "name", "index"), percents, strict=True
    ):
        to, called = safe[href(unit)], safe[name]
        told.append(row % (to, called, to, called, "".join([cells[text] for text in texts]), index or "–"))
    return {
        "name": bloc.name,
        "fields": [(part, field_href(bloc.key, part.code)) for part in bloc.framework.fields],
        "rows": "\n".join(told),
        "own": [(heat(text), text or "–") for text in bloc.own_percents(bloc.field_places, given.decimals)],
    }


def field_pages(given: SiteInput, blocs: Sequence[BlocFigures]) -> Iterator[tuple[str, Mapping[str, object]]]:
    """(path, what field.html is rendered from) of every field of every bloc."""
    for bloc in blocs:
        percents = bloc.percents(bloc.field_places, given.decimals)
        own = bloc.own_percents(bloc.field_places, given.decimals)
        people = list(rows_of(given.of_bloc(bloc.key), "unit", "name", "rank"))
        for number, part in enumerate(bloc.framework.fields):
            mine = [texts[number] for texts in percents]
            yield (
                f"field/{bloc.key}-{part.code}.html",
                {
                    "bloc": bloc.name,
                    "warnings": list(unit_warnings(given, "", bloc.framework, "no")),
                    "field": part,
                    "others": [(one, field_href(bloc.key, one.code, "../")) for one in bloc.framework.fields],
                    "own": own[number],
                    "chart": bars(distribution([text for text in mine if text]), "chart chart-text"),
                    "rows": "\n".join(_unit_rows(bloc, bloc.field_places[number], people, mine)),
                    "leaves": list(_leaves(bloc, part, given.decimals)),
                },
            )


def _unit_rows(
    bloc: BlocFigures, place: int, people: Sequence[tuple[str, str, str]], percents: Sequence[str]
) -> list[str]:
    """Units by their share of the field's points, most first; equal ones share a place and the next is skipped.

    Units that are not ranked take no place.
    """
    safe, pattern = Escaped(), row_pattern("field_row", 9)
    final, whole = bloc.final[:, place].tolist(), bloc.applicable[:, place].tolist()
    counted, gap = bloc.counted[:, place].tolist(), bloc.against_bloc[:, place].tolist()

    def share(number: int) -> Fraction | None:
        return Fraction(final[number], whole[number]) if counted[number] else None

    shares = [share(number) for number in range(len(people))]
    there = sorted((one for one in range(len(people)) if counted[one]), key=lambda one: (-(shares[one] or 0), one))
    told, ahead = [], 0
    for _, group in groupby(there, key=lambda one: shares[one]):
        equal = list(group)
        for number in equal:
            told.append((number, str(ahead + 1) if people[number][2] else "–"))
        ahead += sum(bool(people[number][2]) for number in equal)
    told += [(number, "–") for number in range(len(people)) if not counted[number]]
    rows = []
    for number, order in told:
        to, name = safe[href(people[number][0], "../")], safe[people[number][1]]
        shown = (bloc.shown(final[number]), bloc.shown(whole[number])) if counted[number] else ("–", "0")
        against = signed(show_scaled(gap[number], FINE)) if counted[number] else "–"
        rows.append(pattern % (order, to, name, to, name, percents[number] or "–", *shown, against))
    return rows


def _leaves(bloc: BlocFigures, part: ReformField, decimals: int) -> Iterator[dict[str, object]]:
    """How the bloc did on every leaf of the field."""
    leaves = [leaf for criterion in part.criteria for leaf in criterion.leaves]
    places = [bloc.place[leaf.code] for leaf in leaves]
    own = bloc.own_percents(places, decimals)
    for leaf, place, percent in zip(leaves, places, own, strict=True):
        counted = bloc.counted[:, place]
        final, whole = bloc.final[counted, place], bloc.applicable[counted, place]
        yield {
            "leaf": leaf,
            "source": SOURCES[leaf.source],
            "percent": percent or "–",
            "heat": heat(percent),
            "full": int(np.count_nonzero(final == whole)),
            "none": int(np.count_nonzero(final <= 0)),
            "out": int(np.count_nonzero(~counted)),
        }


def field_labels(bloc: BlocFigures) -> list[str]:
    """The fields as charts name them."""
    return [f"{part.code}. {part.name}" for part in bloc.framework.fields]
