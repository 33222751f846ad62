"""What site, workbook and report are rendered from: the published figures and the law they rest on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

from flows.publication.changes import COLUMNS as CHANGES
from models.rules.cycle import CycleInputs
from models.rules.frames import CORRECTIONS, HISTORY, SURVEY_SAMPLE, SURVEY_VALID, empty, rows_of
from models.rules.framework import Framework

SYNTHETIC = "minh hoạ"  # rows whose own titles say so are made up, and the pages say it too
Bands = Sequence[tuple[str, str]]  # (class, floor in percent), highest first


@dataclass(frozen=True)
class Listed:
    """A file of the export: its digest, its size in bytes; both "" and 0 where the file is made after the pages."""

    path: str
    sha256: str = ""
    size: int = 0


@dataclass(frozen=True)
class SiteInput:
    """One published version; holds no moment in time, so the same figures give the same bytes.

    results, scores: frames of text with the contract's columns, published units only, in published order.
    blocs: (key, name). last_frameworks: last year's framework id by unit ("" unknown). bands: by bloc key.
    history: earlier years of published units, by unit and year, as told in previous/history.csv. notes: sentences for
    readers. synthetic: the figures are made up. files: the export's files to list.
    survey_sample, survey_valid, history, corrections, changes: frames of text, published units only.
    publishes: the calendar's date, "" where it has none.
    """

    cycle: str
    name: str
    year: int
    version: int
    decimals: int
    results: pd.DataFrame
    scores: pd.DataFrame
    frameworks: Mapping[str, Framework]
    blocs: Sequence[tuple[str, str]]
    notes: Sequence[str] = ()
    last_frameworks: Mapping[str, str] = field(default_factory=dict)
    bands: Mapping[str, Bands] = field(default_factory=dict)
    synthetic: bool = False
    files: Sequence[Listed] = ()
    survey_sample: pd.DataFrame = field(default_factory=lambda: empty(SURVEY_SAMPLE))
    survey_valid: pd.DataFrame = field(default_factory=lambda: empty(SURVEY_VALID))
    history: pd.DataFrame = field(default_factory=lambda: empty(HISTORY))
    corrections: pd.DataFrame = field(default_factory=lambda: empty(CORRECTIONS))
    changes: pd.DataFrame = field(default_factory=lambda: empty(CHANGES))
    publishes: str = ""

    def of_bloc(self, bloc: str) -> pd.DataFrame:
        """The rows of results of one bloc, in published order."""
        return self.results[(self.results["bloc"] == bloc).to_numpy()]

    @property
    def shown_blocs(self) -> list[tuple[str, str]]:
        """Blocs with at least one published unit."""
        there = set(self.results["bloc"])
        return [(key, name) for key, name in self.blocs if key in there]

    @property
    def used(self) -> list[Framework]:
        """The frameworks of the published units, in the order of their blocs."""
        return [self.frameworks[key] for key in dict.fromkeys(self.results["framework"])]

    @property
    def changed(self) -> list[tuple[str, str, str]]:
        """(bloc name, last year's framework, this year's) wherever compared units changed framework."""
        names = dict(self.blocs)
        found = [
            (names.get(bloc, bloc), self.last_frameworks.get(unit, ""), framework)
            for unit, bloc, framework, comparable in rows_of(self.results, "unit", "bloc", "framework", "comparable")
            if comparable == "yes"
        ]
        return [one for one in dict.fromkeys(found) if one[1] not in ("", one[2])]


def wording(framework: Framework) -> dict[str, str]:
    """The name of every field, criterion and leaf by code."""
    names = {}
    for part in framework.fields:
        names[part.code] = part.name
        for criterion in part.criteria:
            names[criterion.code] = criterion.name
            names |= {leaf.code: leaf.name for leaf in criterion.leaves}
    return names


def site_input(
    inputs: CycleInputs,
    results: pd.DataFrame,
    scores: pd.DataFrame,
    version: int,
    *,
    notes: Sequence[str] = (),
    files: Sequence[Listed] = (),
    changes: pd.DataFrame | None = None,
) -> SiteInput:
    """The input of a publication of `inputs`; results and scores as in results.csv and scores.csv.

    changes: frame of changes.csv; None for the first version.
    """
    settings = inputs.settings

    def of_published(frame: pd.DataFrame) -> pd.DataFrame:
        return frame[frame["unit"].isin(results["unit"]).to_numpy()].reset_index(drop=True)

    before = dict(rows_of(inputs.previous, "unit", "framework"))
    return SiteInput(
        cycle=settings.id,
        name=settings.name,
        year=settings.year,
        version=version,
        decimals=settings.decimals,
        results=results,
        scores=scores,
        frameworks=inputs.frameworks,
        blocs=[(bloc.key, bloc.name) for bloc in settings.blocs],
        notes=notes,
        last_frameworks={unit: before.get(unit, "") for unit in results["unit"].tolist()},
        bands={bloc.key: [(band.name, band.floor) for band in bloc.bands] for bloc in settings.blocs},
        synthetic=bool(inputs.evidence["title"].str.lower().str.contains(SYNTHETIC, regex=False).any()),
        files=files,
        history=_history_of(inputs, results["unit"].tolist()),
        survey_sample=of_published(inputs.survey_sample),
        survey_valid=of_published(inputs.survey_valid),
        corrections=of_published(inputs.corrections),
        changes=empty(CHANGES) if changes is None else changes,
        publishes=settings.calendar.get("publishes", ""),
    )


def _history_of(inputs: CycleInputs, units: Sequence[str]) -> pd.DataFrame:
    """Frame HISTORY of these units, by unit and year."""
    told = inputs.history[inputs.history["unit"].isin(units).to_numpy()]
    return told.sort_values(["unit", "year"], ignore_index=True)
