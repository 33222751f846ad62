"""A published version of a random cycle, as the site, the workbook, the report and the documents take it."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pandas as pd
from random_cycle import random_cycle

from flows.publication.changes import COLUMNS as CHANGES
from flows.publication.site import site_pages
from flows.publication.site_input import Listed, SiteInput, site_input
from flows.reports.version import Version
from models.rules.cycle import CycleInputs
from models.rules.frames import CORRECTIONS, HISTORY, SURVEY_SAMPLE, frame, rows_of
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


FILES = ("results.csv", "scores.csv", "inputs/marks.csv", "verify.py", "changes.csv")


def published_whole(seed: int) -> SiteInput:
    """The same as a second version with earlier years, a sample sheet, a correction and files to download."""
    given = published(seed)
    first, last = given.results.iloc[0], given.results.iloc[-1]
    years = [
        {"unit": first["unit"], "year": "2018", "index": "61.5", "rank": "4", "framework": "cu", "source": "QĐ 12"},
        {"unit": first["unit"], "year": "2017", "index": "60", "rank": "2", "framework": "cu", "source": "QĐ 7"},
    ]
    sample = [
        {"unit": unit, "group": group, "sent": str(int(valid) + 4), "returned": str(int(valid) + 1)}
        for unit, group, valid in rows_of(_largest(given.survey_valid), "unit", "group", "valid")
    ]
    decided = {"number": "1", "decision": "15/QĐ", "decided_by": "Hội đồng", "reason": "Cộng nhầm"}
    corrections = [
        decided | {"unit": first["unit"], "kind": "bonus", "stated": "points=0.5"},
        decided | {"unit": last["unit"], "code": "1", "kind": "exempt"},
    ]
    changed = {"table": "results", "unit": first["unit"], "column": "points", "before": "1", "after": first["points"]}
    return replace(
        given,
        version=2,
        notes=["Bản 2 thay bản 1"],
        history=frame(years, HISTORY),
        survey_sample=frame(sample, SURVEY_SAMPLE),
        corrections=frame(corrections, CORRECTIONS),
        changes=frame([changed], CHANGES),
        files=[*(Listed(path, "ab" * 32, 2048) for path in FILES), Listed("manifest.json")],
        publishes="2021-06-30",
    )


def _largest(valid: pd.DataFrame) -> pd.DataFrame:
    """The most valid respondents of any leaf, by unit and group."""
    numbers = valid.assign(valid=valid["valid"].astype(int))
    return numbers.groupby(["unit", "group"], as_index=False)["valid"].max()


def whole_site(given: SiteInput) -> dict[str, bytes]:
    """Every file of the site as bytes by relative path."""
    return dict(site_pages(given))
