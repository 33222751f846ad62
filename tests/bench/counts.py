"""How many SQL statements and Prefect task runs each step of a finished run took, read from what it left behind."""

from __future__ import annotations

import datetime as dt
import json
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

STEP_OF = {
    "collect-self-assessments": "collect", "validate-evidence": "validate", "route-to-appraisal": "appraise",
    "merge-survey-scores": "survey", "publish-results": "publish", "run-year": "year", "naive-year": "year",
}  # fmt: skip
BETWEEN = "between"  # registering, and what happens before and after steps


def rows(database: Path, statement: str) -> list[tuple[str, ...]]:
    """Rows of a SQLite file nobody writes any more."""
    with closing(sqlite3.connect(database)) as connection:
        return connection.execute(statement).fetchall()


def spans(home: Path) -> list[tuple[str, float, float]]:
    """Each step that ran: its name, and when it began and ended."""
    found = rows(home / "parindex.sqlite", "SELECT step, started_at, ended_at FROM step_run ORDER BY started_at")
    return [(step, _moment(began), _moment(ended)) for step, began, ended in found]


def _moment(text: str) -> float:
    return dt.datetime.fromisoformat(text).replace(tzinfo=dt.UTC).timestamp()


def step_seconds(home: Path) -> dict[str, float]:
    """By step: how long it took, by our own record."""
    return {step: ended - began for step, began, ended in spans(home)}


def statements(home: Path, report: Path) -> dict[str, int]:
    """By step: statements whose moment lies within it. report: of variants/counted.py."""
    steps, found = spans(home), Counter[str]()
    for moment in json.loads(report.read_text(encoding="utf-8")):
        found[next((step for step, began, ended in steps if began <= moment <= ended), BETWEEN)] += 1
    return dict(found)


def task_runs(prefect: Path) -> dict[str, int]:
    """By step: task runs on Prefect's record; "year" holds the five steps themselves. prefect: home of one run."""
    found = rows(
        prefect / "prefect.db",
        "SELECT flow.name, count(*) FROM task_run JOIN flow_run ON task_run.flow_run_id = flow_run.id "
        "JOIN flow ON flow.id = flow_run.flow_id GROUP BY flow.name",
    )
    return {STEP_OF.get(name, name): int(number) for name, number in found}
