"""Checks half-year figures like self-assessments, and at the year's end that figures have only grown since."""

from __future__ import annotations

import pandas as pd

from checks.inputs import at_most
from models.rules.findings import Fault
from models.rules.frames import rows_of

GROWING = ("numerator", "denominator", "count")  # a value may be a percentage, points are a judgement: both may fall


def below_half_year(claims: pd.DataFrame, half: pd.DataFrame) -> list[Fault]:
    """A warning for each figure of the year that is below what the unit itself reported for its first half.

    claims, half: unit, code, GROWING (canonical), and `location` in claims. A figure either side lacks is not compared.
    """
    before = {(unit, code): said for unit, code, *said in rows_of(half, "unit", "code", *GROWING)}
    faults = []
    for unit, code, location, *said in rows_of(claims, "unit", "code", "location", *GROWING):
        for name, now, then in zip(GROWING, said, before.get((unit, code), ()), strict=False):
            if now and then and not at_most(then, now):
                found = f"{name} = {now}, 6 tháng / half-year {then}"
                faults.append(Fault("year-below-half-year", unit, code, location, found, f"≥ {then}"))
    return faults
