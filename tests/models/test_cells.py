"""Cells as people fill them in: one canonical reading, or a ValueError that says what is expected."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.rules.cells import read_code, read_date, read_flag, read_key


@pytest.mark.parametrize(
    ("read", "text", "canonical"),
    [
        (read_flag, " CÓ ", "yes"),
        (read_flag, "Không", "no"),
        (read_flag, "YES", "yes"),
        (read_date, " 2020-02-29 ", "2020-02-29"),
        (read_date, "5/1/2021", "2021-01-05"),
        (read_date, "31/12/2020", "2020-12-31"),
        (read_code, " 1.10 ", "1.10"),
        (read_code, "I.2a", "I.2a"),
        (read_key, " so-tu-phap\u00a0", "so-tu-phap"),
        (read_key, "Sở Tư pháp", "Sở Tư pháp"),
        (read_key, "đ" * 80, "đ" * 80),
    ],
)
def test_a_cell_has_one_reading(read: Callable[[str], str], text: str, canonical: str) -> None:
    assert read(text) == canonical


@pytest.mark.parametrize(
    ("read", "text"),
    [
        *[(read_flag, text) for text in ("", "co", "true", "1", "x", "yes no")],
        *[
            (read_date, text)
            for text in ("", "2021-02-29", "31/02/2021", "2021/01/15", "15-01-2021", "15/01/21", "1/2021")
        ],
        *[(read_date, text) for text in ("0000-01-01", "٢٠٢١-٠١-١٥", "2021-01-15 10:00", "15.01.2021")],
        *[
            (read_code, text)
            for text in ("", "1.", ".1", "1..2", "1,10", "1 10", "Đ.1", "1.10;2", "1/2", "١", "1\u200b")
        ],
        *[(read_key, text) for text in ("", ".", "..", ".git", "a/b", "a\\b", "a;b", ",a", "a\nb", "a\0", "đ" * 81)],
    ],
)
def test_anything_else_is_refused_with_what_is_expected(read: Callable[[str], str], text: str) -> None:
    with pytest.raises(ValueError, match=r"^(có hoặc|ngày|mã) .+ ‖ (yes or no|a date|a code|a short code)"):
        read(text)


@given(st.sampled_from([read_flag, read_date, read_code, read_key]), st.text(max_size=90))
def test_a_canonical_cell_is_read_as_itself(read: Callable[[str], str], text: str) -> None:
    try:
        canonical = read(text)
    except ValueError:
        return
    assert read(canonical) == canonical


@given(st.text(max_size=90))
def test_a_key_makes_a_file_name(text: str) -> None:
    try:
        key = read_key(text)
    except ValueError:
        return
    assert not {"/", "\\", "\0", "\n"} & set(key)
    assert not key.startswith(".")
