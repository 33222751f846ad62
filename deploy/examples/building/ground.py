"""What of an example cycle is written by hand: cycle.yaml, units.csv, appraisers.csv and its frameworks."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from building.appraisers import Appraiser
from models.rules.cycle import CycleSettings
from models.rules.cycle_text import read_settings
from models.rules.framework import Framework
from models.storage.framework_folders import find_framework


@dataclass(frozen=True)
class Ground:
    """The hand-written part of a cycle folder; `bloc` by unit, `frameworks` by bloc."""

    settings: CycleSettings
    names: Mapping[str, str]
    bloc: Mapping[str, str]
    appraisers: tuple[Appraiser, ...]
    frameworks: Mapping[str, Framework]

    def framework_of(self, unit: str) -> Framework:
        """The framework a unit is scored on."""
        return self.frameworks[self.bloc[unit]]

    def units_of(self, bloc: str) -> list[str]:
        """The units of a bloc, as units.csv lists them."""
        return [unit for unit in self.bloc if self.bloc[unit] == bloc]


def read_ground(folder: Path) -> Ground:
    """Read it with the engine's own readers; a fault is an assertion, for only builders read it so."""
    settings, faults = read_settings((folder / "cycle.yaml").read_text(encoding="utf-8"))
    assert settings is not None, faults
    assert not faults, faults
    units = _rows(folder / "units.csv")
    return Ground(
        settings=settings,
        names={row["unit"]: row["name"] for row in units},
        bloc={row["unit"]: row["bloc"] for row in units},
        appraisers=tuple(map(_appraiser, _rows(folder / "appraisers.csv"))),
        frameworks={bloc.key: _framework(folder, bloc.framework) for bloc in settings.blocs},
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _appraiser(row: Mapping[str, str]) -> Appraiser:
    codes = tuple(row["codes"].split(";"))
    return Appraiser(row["appraiser"], row["name"], codes, row.get("unit", ""), row.get("fallback") == "yes")


def _framework(folder: Path, identity: str) -> Framework:
    own = folder / "frameworks" / identity
    framework, faults = find_framework(str(own) if own.is_dir() else identity)
    assert framework is not None, faults
    return framework
