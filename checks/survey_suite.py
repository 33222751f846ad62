"""Holds survey counts to a suite before they are stored: whole, positive, one row per answer option."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from checks.run import Expectation, Suite, run_suite
from models.rules.findings import Fault
from models.rules.frames import rows_of

COUNTS = Suite(
    "survey",
    (
        Expectation("table-figure-odd", "expect_compound_columns_to_be_unique", {"column_list": ["unit", "code", "group", "question", "option"]}),
        Expectation("table-figure-odd", "expect_column_values_to_match_regex", {"column": "count", "regex": "^[1-9][0-9]*$"}),
        Expectation("table-figure-odd", "expect_column_values_to_be_in_set", {"column": "balanced", "value_set": ["yes"]}),
    ),
)  # fmt: skip


def check_counts(counts: pd.DataFrame, valid: pd.DataFrame, docs: Path | None = None) -> list[Fault]:
    """Each question of a leaf was answered by exactly the valid respondents. Frames SURVEY_COUNTS, SURVEY_VALID."""
    if not len(counts):
        return []
    number = {(row["unit"], row["code"], row["group"]): int(row["valid"]) for row in valid.to_dict("records")}
    answered = counts.assign(n=counts["count"].astype(int)).groupby(["unit", "code", "group", "question"])["n"].sum()
    keys = list(rows_of(counts, "unit", "code", "group", "question"))
    balanced = ["yes" if int(answered[key]) == number.get(key[:3], 0) else "no" for key in keys]
    held = counts.assign(balanced=balanced)
    return [
        Fault(
            failure.expectation.check,
            held.iloc[row]["unit"],
            held.iloc[row]["code"],
            "survey/responses.csv",
            found,
        )
        for failure in run_suite(COUNTS, held, docs)
        for row, found in zip(failure.rows, failure.found, strict=True)
    ]
