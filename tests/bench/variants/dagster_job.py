"""The same five steps as a Dagster job: one asset each, over all units at once, calling the same rules.

    python dagster_job.py FOLDER RESULTS.csv      DAGSTER_HOME: an empty folder of its own
In this process, on Dagster's default storage (SQLite and pickled assets below DAGSTER_HOME), so its runs and assets
are kept as Dagster keeps them. It has no vault, audit log, findings for people, or publication beyond results.csv.
"""

# No `from __future__ import annotations`: Dagster reads the annotations of what it is given.
import sys
from dataclasses import replace
from pathlib import Path

import pandas as pd
import plain_steps
from dagster import AssetExecutionContext, DagsterInstance, asset, materialize

FOLDER, OUT = Path(sys.argv[1]), Path(sys.argv[2])


@asset
def self_assessments() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Step 1: claims and evidence rows."""
    base = plain_steps.register(FOLDER)
    return plain_steps.collect(base, FOLDER, base.units["unit"].tolist())


@asset
def validated_evidence(self_assessments: tuple) -> int:
    """Step 2: documents opened."""
    return plain_steps.validate(FOLDER, self_assessments[1])


@asset
def marks(self_assessments: tuple, validated_evidence: int) -> pd.DataFrame:
    """Step 3: marks, checked."""
    base = plain_steps.register(FOLDER)
    inputs = replace(base, claims=self_assessments[0], evidence=self_assessments[1])
    return plain_steps.appraise(inputs, plain_steps.read_table(FOLDER, "appraisal/a/marks.csv"))


@asset
def survey_counts() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Step 4: counts and valid respondents."""
    return plain_steps.survey(plain_steps.register(FOLDER), FOLDER)


@asset
def results(context: AssetExecutionContext, self_assessments: tuple, marks: pd.DataFrame, survey_counts: tuple) -> None:
    """Step 5: results.csv."""
    inputs = plain_steps.with_parts(plain_steps.register(FOLDER), self_assessments, marks, survey_counts)
    plain_steps.publish(inputs, plain_steps.totals_of(inputs), OUT)
    context.log.info("%s units", len(inputs.units))


if __name__ == "__main__":
    assets = [self_assessments, validated_evidence, marks, survey_counts, results]
    with DagsterInstance.get() as instance:
        assert materialize(assets, instance=instance).success
