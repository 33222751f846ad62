"""CSV files of a publication: quotes only where needed, text that cannot run, whatever a cell holds."""

from __future__ import annotations

import csv
import io

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.publication.csv_text import csv_bytes, safe_text

CELLS = st.lists(st.sampled_from(["a", "Đ", ",", '"', "\n", "=", "-", "@", "1.5", " ", "'"]), max_size=4).map("".join)


def plainly(rows: list[tuple[str, ...]]) -> bytes:
    """The same by the csv module."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue().encode()


def frame(rows: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(cells, dtype="str") for name, cells in zip("abc", zip(*rows, strict=True), strict=True)}
    )


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=6))
def test_cells_are_quoted_as_the_csv_module_quotes_them(rows: list[tuple[str, str, str]]) -> None:
    guarded = [tuple(f"'{cell}" if cell.startswith(("=", "-", "@")) else cell for cell in row) for row in rows]
    assert csv_bytes(frame(rows), list("abc")) == plainly([("a", "b", "c"), *guarded])
    assert csv_bytes(frame(rows), list("abc"), list("abc")) == plainly([("a", "b", "c"), *rows])


def test_rows_put_together_from_several_frames_are_written_in_their_order() -> None:
    rows = [("1", "x,y", ""), ("2", '"', "=1")]
    both = pd.concat([frame(rows), frame(rows[:1])])
    written = plainly([("a", "b", "c"), rows[0], ("2", '"', "'=1"), rows[0]])
    assert csv_bytes(both, list("abc")) == written


def test_no_rows_are_a_header_alone() -> None:
    assert csv_bytes(pd.DataFrame({name: pd.Series([], dtype="str") for name in "abc"}), list("abc")) == b"a,b,c\n"


def test_a_plain_negative_number_is_no_formula() -> None:
    assert [safe_text(text) for text in ("-1.5", "-1,5", "-x", "=1")] == ["-1.5", "'-1,5", "'-x", "'=1"]
