"""Coded columns: whole columns of texts give what each text gives by itself."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.coded import Coded, Placed, Texts, by_number
from models.rules.formulas import leaf_points
from models.rules.framework import Choice, Deduction, Leaf, Option, PassFail, Ratio, Tier, Tiers
from models.rules.numbers import most_places, read_number, round_half_up, scaled_one

NUMBERS = st.from_regex(r"-?[0-9]{1,15}(\.[0-9]{1,10})?", fullmatch=True).map(read_number)
POSITIVE = NUMBERS.map(lambda text: text.removeprefix("-")).filter(lambda text: text != "0")


@given(st.lists(st.one_of(st.just(""), NUMBERS)), st.integers(0, 15))
def test_a_column_of_numbers_is_its_numbers_one_by_one(texts: list[str], more: int) -> None:
    column = Texts.of(texts)
    assert column.most_places() == most_places(texts)
    decimals = column.most_places() + more
    assert column.scaled(decimals).tolist() == [scaled_one(text, decimals) if text else 0 for text in texts]


@pytest.mark.parametrize("text", ["x", "0x10", "1.2.3", "1e3", "--1", "1.25"])
def test_what_is_no_such_number_is_an_error_only_where_it_is_used(text: str) -> None:
    column = Texts.of(["7", text])
    assert column.take(np.array([0])).scaled(1).tolist() == [70]
    with pytest.raises(ValueError, match="numbers"):
        column.scaled(1)


def test_a_cell_without_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="without text"):
        Texts.of(pd.Series(["a", None], dtype=object))


def test_a_column_tells_its_texts_their_places_and_their_worth() -> None:
    column = Texts.of(["b", "", "a", "b"])
    assert column.given.tolist() == [True, False, True, True]
    assert column.objects().tolist() == ["b", "", "a", "b"]
    assert column.places(["a", "b"]).tolist() == [1, -1, 0, 1]
    assert column.ordered().tolist() == [2, 0, 1, 2]
    assert column.worth({"a": 1, "b": 10**30, "": 0}).tolist() == [10**30, 0, 1, 10**30]
    with pytest.raises(KeyError, match="b"):
        column.worth({"a": 1, "": 0})


def test_only_rows_that_stand_in_the_grid_are_placed() -> None:
    rows = Coded(pd.DataFrame({"unit": ["u1", "u2", "u9"], "code": ["1", "2", "1"]}, dtype="str"))
    placed = Placed.of(rows, ["u2", "u1"], ["1", "2"])
    assert [axis.tolist() for axis in placed.at] == [[1, 0], [0, 1]]
    assert placed["unit"].objects().tolist() == ["u1", "u2"]


def test_a_part_of_a_frame_is_coded_by_itself() -> None:
    rows = Coded(pd.DataFrame({"met": ["yes", "", "no", ""], "option": ["", "", "a", "b"]}, dtype="str"))
    assert rows.filled(["met", "option"]).tolist() == [True, False, True, True]
    assert rows.says("met", "yes").tolist() == [True, False, False, False]
    part = rows.only(np.array([3, 2, 0])).only(np.array([0, 1]))
    assert part["option"].objects().tolist() == ["b", "a"]
    assert part["option"].words.texts.tolist() == ["b", "a"]


@given(st.lists(st.integers(0, 300)))
def test_places_of_each_number_are_told_in_order(numbers: list[int]) -> None:
    found = by_number(np.array(numbers, dtype=np.intp), 301)
    assert [places.tolist() for places in found] == [
        [place for place, one in enumerate(numbers) if one == number] for number in range(301)
    ]


@given(POSITIVE, POSITIVE, st.integers(0, 10), st.lists(st.tuples(POSITIVE, POSITIVE), min_size=1, max_size=4))
def test_rules_stay_exact_where_machine_integers_are_too_small(
    maximum: str, per_unit: str, decimals: int, pairs: list[tuple[str, str]]
) -> None:
    full, each = Fraction(maximum), Fraction(per_unit)
    shares = [min(Fraction(a) / Fraction(b), Fraction(1)) for a, b in pairs]
    counts = [str(int(Fraction(a))) for a, _ in pairs]
    fractions = {"numerator": [a for a, _ in pairs], "denominator": [b for _, b in pairs]}
    tiers = Tiers((Tier("0", maximum, "0"), Tier("100", maximum)), "ratio")
    cases = [
        (Ratio(), fractions, [full * share for share in shares]),
        (tiers, fractions, [full * share for share in shares]),
        (Deduction(per_unit), {"count": counts}, [max(full - each * int(count), Fraction(0)) for count in counts]),
        (PassFail(), {"met": ["yes", "no"]}, [full, Fraction(0)]),
        (Choice((Option("a", maximum), Option("b", "0"))), {"option": ["b", "a"]}, [Fraction(0), full]),
    ]
    for rule, inputs, exact in cases:
        points = leaf_points(Leaf("1", "", maximum, "appraisal", "none", rule), inputs, decimals)
        assert points.values.tolist() == [round_half_up(value, decimals) for value in exact]
