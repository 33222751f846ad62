"""A published version of a random cycle, as the site, the workbook, the report and the documents take it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from random_cycle import random_cycle

from flows.publication.site_input import SiteInput, site_input
from flows.reports.version import Version
from models.rules.cycle import CycleInputs
from models.rules.results import results_frame, scores_frame
from models.rules.scoring import score
from models.rules.totals import standings, totals
from models.storage.audit_chain import Head


def published(seed: int, least: int = 2) -> SiteInput:
    """Figures of the published units, computed by the engine from random inputs; at least so many units."""
    return _figures(_inputs(seed, least))


def published_version(seed: int, least: int = 2) -> Version:
    """The same as a version read out of the vault; digests and day are made up."""
    inputs = _inputs(seed, least)
    return Version(_figures(inputs), inputs, "ab" * 32, Head(194, "cd" * 32), "2021-06-30")


def nothing_published() -> SiteInput:
    """A version in which no unit is published."""
    given = published(0)
    return replace(given, results=given.results.iloc[:0], scores=given.scores.iloc[:0])


def _inputs(seed: int, least: int) -> CycleInputs:
    for attempt in range(1000):
        inputs = random_cycle(Random(seed * 1000 + attempt))
        if len(_shown(inputs)) >= least:
            break
    return inputs


def _shown(inputs: CycleInputs) -> set[str]:
    return set(inputs.units.loc[(inputs.units["published"] == "yes").to_numpy(), "unit"])


def _figures(inputs: CycleInputs) -> SiteInput:
    sheets = score(inputs)
    lines = [line for line in standings(inputs, totals(inputs, sheets)) if line.total.unit in _shown(inputs)]
    order = [line.total.unit for line in lines]
    return site_input(inputs, results_frame(inputs, lines), scores_frame(sheets, order), 1)
