"""Checks the "of which" beside a figure: the parts must sum to that figure, not to the whole it is a part of."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

import pandas as pd

from checks.columns import read_measure
from models.rules.findings import Fault
from models.rules.frames import rows_of
from models.rules.numbers import plain

FIGURES = ("numerator", "count", "value")  # what parts can sum to: the first of these that a row gives
ROW = ("unit", "code", "location", "breakdown", "denominator", *FIGURES)


def check_breakdowns(rows: pd.DataFrame) -> list[Fault]:
    """Warnings, for a breakdown never enters a computation.

    rows: ROW (str, canonical). A breakdown is parts between ";", each a number, or words, ":" and a number.
    Source: Báo Nghệ An, 26/10/2020: 282 of 375 procedures, "of which" 36 and 339, which sum to the 375.
    """
    told = []
    for unit, code, location, text, whole, *figures in rows_of(rows[(rows["breakdown"] != "").to_numpy()], *ROW):
        figure = next((one for one in figures if one), "")
        parts = read_parts(text)
        if not parts or not figure:
            told.append(Fault("breakdown-unreadable", unit, code, location, text))
        elif (total := sum(map(Fraction, parts), Fraction(0))) != Fraction(figure):
            of_whole = whole != "" and total == Fraction(whole)
            check = "breakdown-of-the-whole" if of_whole else "breakdown-sum-differs"
            given = f"{figure}/{whole}" if whole else figure
            told.append(Fault(check, unit, code, location, f"{' + '.join(parts)} = {plain(total)}; {given}", figure))
    return told


def read_parts(text: str) -> Sequence[str]:
    """The parts' numbers as canonical text; empty when one of them is none."""
    try:
        return [read_measure(part.rpartition(":")[2]) for part in text.split(";") if part.strip()]
    except ValueError:
        return []
