"""Holds survey counts to a suite before they are stored: whole, positive, one row per answer option."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from checks.run import Expectation, Suite, run_suite
from models.rules.findings import Fault

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
    by = ["unit", "code", "group"]
    answered = counts["count"].astype("int64").groupby([counts[name] for name in (*by, "question")]).transform("sum")
    people = counts[by].merge(valid[[*by, "valid"]], on=by, how="left")["valid"].fillna("0").astype("int64")
    balanced = pd.Series(answered.to_numpy() == people.to_numpy()).map({True: "yes", False: "no"})
    held = counts.assign(balanced=balanced.astype("str").to_numpy())
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
