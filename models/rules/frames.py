"""The columns of every frame that carries a cycle's inputs; all cells are text, "" means not given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

TEXT = pd.StringDtype("pyarrow", na_value=np.nan)  # what pandas calls "str"
SAMPLE = 1000  # rows that tell whether a column's texts repeat
INPUTS = ("met", "option", "numerator", "denominator", "value", "count", "points")

UNITS = ("unit", "name", "bloc", "scored", "ranked", "published", "valid_from", "valid_to", "predecessors")
REGISTERED = (*UNITS, "annex")  # units.csv: the closed annex an unpublished unit's figures go to
PREVIOUS = ("unit", "bloc", "index", "rank", "framework")
HISTORY = ("unit", "year", "index", "rank", "framework", "source")
PREVIOUS_SCORES = ("unit", "code", "applicable", "final")
CROSSWALK = ("framework", "code", "old_framework", "old_codes", "same_meaning", "reference")
EXEMPTIONS = ("unit", "code", "reason", "approved_by")
RESPONSIBILITIES = ("appraiser", "name", "code", "unit", "fallback")
CLAIMS = ("unit", "code", *INPUTS, "not_applicable", "explanation")
MARKS = (
    "unit", "code", "round", "appraiser", "agree", *INPUTS,
    "not_applicable", "reason", "explanation_required", "correction",
)  # fmt: skip
EVIDENCE = (
    "unit", "code", "kind", "document_number", "issuer", "issued_on", "title", "file", "pages", "sha256", "size",
)  # fmt: skip
SURVEY_COUNTS = ("unit", "code", "group", "question", "option", "count")
SURVEY_VALID = ("unit", "code", "group", "valid")
SURVEY_SAMPLE = ("unit", "group", "sent", "returned")
STATISTICS = ("unit", "code", "points", "source")
ADJUSTMENTS = ("unit", "kind", "points", "reason", "decided_by")
# kind: mark, exempt, bonus or penalty; stated: the inputs or points decided, as name=value parted by "; "
CORRECTIONS = ("number", "unit", "code", "kind", "stated", "decision", "decided_by", "reason")


def text_column(cells: pa.Array) -> pd.Series:
    """A text column over an Arrow array of large strings without nulls, as it is: no cell is looked at again."""
    return pd.Series(pd.array(cells, dtype=TEXT))


def arrow_texts(cells: pd.Series | Sequence[str]) -> pa.Array:
    """As one Arrow array of large strings. Raises ValueError where a cell holds no text."""
    if isinstance(cells, pd.Series) and cells.dtype == TEXT:  # as it lies there; pa.array would ask cell by cell
        array = pa.chunked_array(cells).cast(pa.large_string()).combine_chunks()
    else:
        array = pa.array(cells, type=pa.large_string())
    if array.null_count:
        raise ValueError("a cell without text")
    return array


def chosen(words: Sequence[str], places: npt.NDArray[Any]) -> pd.Series:
    """A text column with the word at each place."""
    return text_column(pa.array(words, type=pa.large_string()).take(pa.array(places)))


def empty(columns: Sequence[str]) -> pd.DataFrame:
    """A frame of these text columns with no rows."""
    return pd.DataFrame({column: pd.Series([], dtype="str") for column in columns})


def frame(records: Sequence[Mapping[str, str]], columns: Sequence[str]) -> pd.DataFrame:
    """A frame of these text columns, one row per record; what a record does not name is "" ."""
    return pd.DataFrame(
        {column: pd.Series([record.get(column, "") for record in records], dtype="str") for column in columns}
    )


def rows_of(given: pd.DataFrame, *columns: str) -> Iterator[tuple[Any, ...]]:
    """These columns' values row by row, as Python's own; a text column iterated itself costs 12 times more."""
    return zip(*(_own(given[column]) for column in columns), strict=True)


def _own(column: pd.Series) -> list[Any]:
    """The values as Python's own; where texts repeat, each is made once."""
    if column.dtype != TEXT or column.hasnans or len(column) < 10 * SAMPLE or column[:SAMPLE].nunique() * 2 > SAMPLE:
        return list(column.tolist())
    coded = arrow_texts(column).dictionary_encode()
    words = np.array(coded.dictionary.to_pylist(), dtype=object)
    return list(words[np.asarray(coded.indices)].tolist())


def code_key(code: str) -> tuple[tuple[int, int, str], ...]:
    """Codes order number by number: 1.2 before 1.10; a part that is no number comes after the numbers."""
    return tuple((0, int(part), part) if part.isdecimal() else (1, 0, part) for part in code.split("."))
