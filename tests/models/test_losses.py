"""What is explained as lost is all that was lost: to the last fraction, for every unit."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st
from random_cycle import random_cycle

from models.rules.losses import losses
from models.rules.scoring import score
from models.rules.totals import totals


@settings(max_examples=60)
@given(st.integers(0, 2**62))
def test_losses_sum_to_maximum_minus_points(seed: int) -> None:
    inputs = random_cycle(Random(seed))
    sheets = score(inputs)
    if any(sheet.problems for sheet in sheets.values()):
        return
    for total in totals(inputs, sheets).values():
        sheet = sheets[total.framework]
        found = losses(sheet, sheet.units.tolist().index(total.unit))
        earned = total.points - total.bonus + total.penalty
        assert sum((one.lost for one in found.values()), Fraction(0)) == total.maximum - earned
        assert all(one.lost for one in found.values())
