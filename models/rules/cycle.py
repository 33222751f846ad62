"""A cycle's settings and the whole of its inputs: everything a publication is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from typing import Literal

import pandas as pd

from models.rules import frames
from models.rules.errors import WrongCall
from models.rules.framework import Framework
from models.rules.lower import Lower

STAGES = ("self_assessment", "appraisal_1", "explanation", "appraisal_2")
CALENDAR = (
    "opens",
    "self_assessment_closes",
    "appraisal_1_closes",
    "explanation_closes",
    "appraisal_2_closes",
    "publishes",
)
# Optional dates on which a stage is shut by itself, at the end of that day; a closing date alone shuts nothing.
LOCKS = {stage: f"{stage}_locks" for stage in STAGES}


@dataclass(frozen=True)
class Band:
    """A class and its inclusive floor, in percent (canonical text)."""

    name: str
    floor: str

    @cached_property
    def least(self) -> Fraction:
        """The floor as a number."""
        return Fraction(self.floor)


@dataclass(frozen=True)
class Bloc:
    """Units ranked together, on one framework; `bands` are its own or the cycle's, highest floor first."""

    key: str
    name: str
    framework: str
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class CycleSettings:
    """cycle.yaml, read and checked. lower: leaves that are taken from other cycles."""

    id: str
    name: str
    year: int
    blocs: tuple[Bloc, ...]
    decimals: int = 2
    missing_evidence: Literal["explain", "zero"] = "explain"
    classify_on: Literal["exact", "shown"] = "exact"
    calendar: Mapping[str, str] = field(default_factory=dict)
    lower: tuple[Lower, ...] = ()

    def bloc(self, key: str) -> Bloc:
        """The bloc with this key; KeyError when there is none."""
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> Mapping[str, Bloc]:
        return {bloc.key: bloc for bloc in self.blocs}

    def on_framework(self, key: str, framework: str) -> CycleSettings:
        """The same settings with this bloc on another framework. Raises WrongCall when there is no such bloc."""
        keys = [bloc.key for bloc in self.blocs]
        if key not in keys:
            raise WrongCall(f"Không có khối {key} / There is no bloc {key}: {', '.join(keys)}")
        moved = (replace(bloc, framework=framework) if bloc.key == key else bloc for bloc in self.blocs)
        return replace(self, blocs=tuple(moved))


@dataclass(frozen=True)
class CycleInputs:
    """All that is needed to compute a publication; frames as in models/rules/frames.py.

    units: only units that are scored. survey_present: responses were received (responses.csv exists). What is told
    of earlier years changes no figure; survey_sample and corrections are for readers, too.
    """

    settings: CycleSettings
    frameworks: Mapping[str, Framework]
    units: pd.DataFrame
    previous: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.PREVIOUS))
    history: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.HISTORY))
    crosswalk: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.CROSSWALK))
    previous_scores: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.PREVIOUS_SCORES))
    exemptions: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.EXEMPTIONS))
    responsibilities: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.RESPONSIBILITIES))
    claims: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.CLAIMS))
    marks: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.MARKS))
    evidence: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.EVIDENCE))
    survey_counts: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.SURVEY_COUNTS))
    survey_valid: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.SURVEY_VALID))
    survey_sample: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.SURVEY_SAMPLE))
    statistics: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.STATISTICS))
    adjustments: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.ADJUSTMENTS))
    corrections: pd.DataFrame = field(default_factory=lambda: frames.empty(frames.CORRECTIONS))
    survey_present: bool = False

    def framework_of(self, unit_bloc: str) -> Framework:
        """The framework a bloc's units are scored on."""
        return self.frameworks[self.settings.bloc(unit_bloc).framework]


def class_of(index: Fraction, bands: tuple[Band, ...]) -> str:
    """The highest class whose floor the index reaches; "" below every floor.

    Source: contract, cycle.yaml bands (floor inclusive).
    """
    return next((band.name for band in bands if index >= band.least), "")
