"""Exact numbers: how a number may be written, how it is rounded and how it is shown. No float anywhere."""

from __future__ import annotations

import re
from collections.abc import Iterable
from fractions import Fraction
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from models.rules.findings import in_both

Integers = npt.NDArray[Any]  # int64, or Python integers in an object array where int64 is too small

NUMBER = re.compile(r"(-?)([0-9]{1,})(?:[.,]([0-9]+))?")
MOST_BEFORE, MOST_AFTER = 15, 10
SURE = 18  # digits that always fit int64
SAFE = 2**62  # results of int64 arithmetic are kept below this; above it Python integers take over


def read_number(text: str) -> str:
    """The canonical decimal text of a number as people write it.

    Source: contract, Reading: optional '-', ASCII digits, at most one '.' or ',' followed by digits, at most
    15 digits before and 10 after. Raises ValueError with the reason.
    """
    found = NUMBER.fullmatch(text.strip(" \t\u00a0"))
    if found is None:
        raise ValueError(in_both("số như 12, -3,5 hoặc 0.25", "a number such as 12, -3,5 or 0.25"))
    sign, whole, part = found.group(1), found.group(2), found.group(3) or ""
    if len(whole) > MOST_BEFORE or len(part) > MOST_AFTER:
        raise ValueError(
            in_both(
                f"nhiều nhất {MOST_BEFORE} chữ số trước và {MOST_AFTER} sau dấu",
                f"at most {MOST_BEFORE} digits before and {MOST_AFTER} after the mark",
            )
        )
    return canonical(sign, whole, part)


def canonical(sign: str, whole: str, part: str) -> str:
    """Decimal text without leading or trailing zeros; zero has no sign."""
    whole, part = whole.lstrip("0") or "0", part.rstrip("0")
    text = f"{whole}.{part}" if part else whole
    return text if text == "0" else sign + text


def read_count(text: str) -> str:
    """A whole number >= 0 as canonical text; raises ValueError."""
    number = read_number(text)
    if "." in number or number.startswith("-"):
        raise ValueError(in_both("số nguyên từ 0 trở lên", "a whole number, 0 or more"))
    return number


def places(text: str) -> int:
    """Decimals of a canonical number."""
    return len(text.partition(".")[2])


def most_places(texts: Iterable[str]) -> int:
    """The largest number of decimals among canonical numbers; 0 of none."""
    return max((len(text) - text.index(".") - 1 for text in texts if "." in text), default=0)


def scaled_one(text: str, decimals: int) -> int:
    """A canonical number as an integer of 10**-decimals; `decimals` must cover all its decimals."""
    whole, _, part = text.partition(".")
    if len(part) > decimals:
        raise ValueError(f"{text} has more than {decimals} decimals")
    return int(whole + part.ljust(decimals, "0"))


def parsed(texts: pa.Array) -> tuple[Integers, Integers]:
    """Canonical numbers ("" counts as 0) as integers without their point, and the decimals of each; -1: no number."""
    length, point = (
        np.asarray(found, dtype=np.int64) for found in (pc.binary_length(texts), pc.find_substring(texts, "."))
    )
    places = np.where(point < 0, 0, length - point - 1)
    digits = pc.if_else(pc.equal(texts, ""), "0", pc.replace_substring(texts, ".", "", max_replacements=1))
    short = pc.match_substring_regex(digits, f"^-?[0-9]{{1,{SURE}}}$")
    values: Integers = np.asarray(pc.cast(pc.if_else(short, digits, "0"), pa.int64()))
    rest = np.flatnonzero(~np.asarray(short, dtype=np.bool_)).tolist()
    if rest:
        values = values.astype(object)
        for place in rest:
            try:
                values[place] = scaled_one(texts[place].as_py(), int(places[place]))
            except ValueError:
                places[place] = -1
    return (compact(values.tolist()) if rest else values), places


def compact(values: list[int]) -> Integers:
    """Python integers as an int64 array where all are small, else as an object array of the same integers."""
    if all(-SAFE < value < SAFE for value in values):
        return np.array(values, dtype=np.int64)
    return np.array(values, dtype=object)


def magnitude(values: Integers | int) -> int:
    """The largest absolute value, as a Python integer; 0 of none."""
    if isinstance(values, int):
        return abs(values)
    return max(abs(int(values.max())), abs(int(values.min()))) if values.size else 0


def roomy(values: Integers, bound: int) -> Integers:
    """The same integers, as Python integers when `bound` (largest intermediate result) leaves int64."""
    return values if bound < SAFE else values.astype(object)


def half_up(numerator: Integers, denominator: Integers | int) -> Integers:
    """numerator / denominator rounded to a whole number, ties away from zero; denominators are positive.

    Source: contract, Computation (half-up means ties away from zero).
    """
    bound = 2 * magnitude(numerator) + magnitude(denominator)
    numerator = roomy(numerator, bound)
    if not isinstance(denominator, int):
        denominator = roomy(denominator, bound)
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return np.where(numerator < 0, -size, size)


def row_sums(values: Integers) -> Integers:
    """The sum of each row."""
    return np.asarray(roomy(values, magnitude(values) * values.shape[1]).sum(axis=1))


def weighed_sums(where: npt.NDArray[np.bool_], weights: Integers) -> Integers:
    """For each row the sum of the weights (one per column) where it says so."""
    weights = roomy(weights, magnitude(weights) * len(weights))
    return np.asarray(where.astype(weights.dtype) @ weights)


def round_half_up(value: Fraction, decimals: int) -> int:
    """One exact value as a whole number of 10**-decimals, ties away from zero."""
    scale: int = 10**decimals
    numerator, denominator = int(value.numerator) * scale, int(value.denominator)
    size = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -size if numerator < 0 else size


def sortable(value: Fraction) -> tuple[int, Fraction]:
    """Orders as the value does; its whole part in 10**-18 settles nearly every comparison."""
    return int(value.numerator) * 10**18 // int(value.denominator), value


def show_scaled(value: int, decimals: int) -> str:
    """An integer of 10**-decimals as text with exactly that many decimals."""
    digits = str(abs(value)).rjust(decimals + 1, "0")
    text = f"{digits[:-decimals]}.{digits[-decimals:]}" if decimals else digits
    return f"-{text}" if value < 0 else text


def show(value: Fraction, decimals: int) -> str:
    """An exact value as people read it: half-up, fixed decimals, no sign on what rounds to zero."""
    return show_scaled(round_half_up(value, decimals), decimals)


def plain(value: Fraction) -> str:
    """An exact decimal value as canonical text; raises ValueError where it has no finite decimals."""
    for decimals in range(0, 40):
        if (value * 10**decimals).denominator == 1:
            text = show(value, decimals)
            return text
    raise ValueError(f"{value} has no finite decimals")
