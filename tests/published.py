"""A published version of a random cycle, as the site, the workbook and the report take it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from random_cycle import random_cycle

from flows.publication.site_input import SiteInput, site_input
from models.rules.results import results_frame, scores_frame
from models.rules.scoring import score
from models.rules.totals import standings, totals


def published(seed: int, least: int = 2) -> SiteInput:
    """Figures of the published units, computed by the engine from random inputs; at least so many units."""
    for attempt in range(1000):
        inputs = random_cycle(Random(seed * 1000 + attempt))
        shown = set(inputs.units.loc[(inputs.units["published"] == "yes").to_numpy(), "unit"])
        if len(shown) >= least:
            break
    sheets = score(inputs)
    lines = [line for line in standings(inputs, totals(inputs, sheets)) if line.total.unit in shown]
    order = [line.total.unit for line in lines]
    return site_input(inputs, results_frame(inputs, lines), scores_frame(sheets, order), 1)


def nothing_published() -> SiteInput:
    """A version in which no unit is published."""
    given = published(0)
    return replace(given, results=given.results.iloc[:0], scores=given.scores.iloc[:0])
