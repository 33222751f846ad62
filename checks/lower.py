"""Checks the links to lower cycles: unit and leaf fit, no leaf has two sources, what a link gives can be computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from checks.columns import each
from models.rules.cycle import CycleSettings
from models.rules.findings import Fault
from models.rules.frames import rows_of
from models.rules.framework import Framework
from models.rules.lower import Lower

WHERE = "cycle.yaml"


def check_links(settings: CycleSettings, units: pd.DataFrame, frameworks: Mapping[str, Framework]) -> list[Fault]:
    """Every link names a scored unit and a statistics leaf of its framework. units: frame UNITS, every unit."""
    known = {unit: (bloc, scored) for unit, bloc, scored in rows_of(units, "unit", "bloc", "scored")}
    blocs = {bloc.key: bloc.framework for bloc in settings.blocs}
    faults = []
    for link in settings.lower:
        bloc, scored = known.get(link.unit, ("", ""))
        framework = frameworks.get(blocs.get(bloc, ""))
        if link.unit not in known:
            faults.append(Fault("unit-unknown", link.unit, link.code, WHERE, link.unit))
        elif scored != "yes":
            faults.append(Fault("unit-not-scored", link.unit, link.code, WHERE, link.unit))
        elif framework is not None and not fits(link, framework):
            faults.append(unfit(link, framework))
    return faults


def fits(link: Lower, framework: Framework) -> bool:
    """Whether the link's leaf is a statistics leaf of this framework."""
    leaf = framework.leaf.get(link.code)
    return leaf is not None and leaf.source == "statistics"


def unfit(link: Lower, framework: Framework) -> Fault:
    """A link to a leaf that takes no statistics; said with the leaves that do."""
    leaves = [leaf.code for leaf in framework.leaves if leaf.source == "statistics"]
    return Fault("lower-leaf-unfit", link.unit, link.code, WHERE, f"{framework.id}: {link.code}", ", ".join(leaves))


def also_from_below(rows: pd.DataFrame, links: Sequence[Lower]) -> list[Fault]:
    """Rows of statistics.csv on a leaf a lower cycle gives: the contract knows one source for a leaf."""
    cycle = {(link.unit, link.code): link.cycle for link in links}
    both = rows[np.array([key in cycle for key in rows_of(rows, "unit", "code")], dtype=np.bool_)]
    return each(both, "lower-and-statistics", [cycle[key] for key in rows_of(both, "unit", "code")])
