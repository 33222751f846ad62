"""Frames of text: their cells come out as Python's own, however they are stored."""

from __future__ import annotations

import pandas as pd
import pytest

from models.rules.frames import SAMPLE, chosen, rows_of


@pytest.mark.parametrize("many", [0, 1, 5, 20 * SAMPLE])
def test_rows_are_told_cell_by_cell_whether_texts_repeat_or_not(many: int) -> None:
    table = pd.DataFrame(
        {
            "few": pd.Series([f"mã {n % 7}" for n in range(many)], dtype="str"),
            "all": pd.Series([f"văn bản {n}" for n in range(many)], dtype="str"),
            "late": pd.Series(["" if n < 2 * SAMPLE else str(n) for n in range(many)], dtype="str"),
            "count": range(many),
        }
    )
    rows = [(f"mã {n % 7}", f"văn bản {n}", "" if n < 2 * SAMPLE else str(n), n) for n in range(many)]
    assert list(rows_of(table, "few", "all", "late", "count")) == rows


def test_a_chosen_column_is_text_like_any_other() -> None:
    column = chosen(["a", "b"], pd.Series([1, 0, 1]).to_numpy())
    pd.testing.assert_series_equal(column, pd.Series(["b", "a", "b"], dtype="str"))
