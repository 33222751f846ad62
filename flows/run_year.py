"""The year: the five steps in order, as far as what has arrived allows."""

from __future__ import annotations

from collections.abc import Callable

from prefect import flow

from flows.collect_self_assessments import collect_self_assessments
from flows.merge_survey_scores import merge_survey_scores
from flows.publish_results import publish_results
from flows.route_to_appraisal import route_to_appraisal
from flows.steps import tag_run
from flows.validate_evidence import validate_evidence
from flows.workplace import Outcome
from models.rules.steps import STEPS


@flow(name="run-year", flow_run_name="chu trình năm · year · {cycle}")
def run_year(cycle: str, until: str = "publish", reason: str = "") -> list[Outcome]:
    """Every step that is due, up to and including `until`; each is safe to run again.

    Publication happens only when nothing is missing; otherwise its outcome says what is waited for.
    """
    doing: dict[str, Callable[[], Outcome]] = {
        "collect": lambda: collect_self_assessments(cycle, reason),
        "validate": lambda: validate_evidence(cycle, reason),
        "appraise": lambda: route_to_appraisal(cycle, reason),
        "survey": lambda: merge_survey_scores(cycle, reason),
        "publish": lambda: publish_results(cycle, reason, only_when_ready=True),
    }
    tag_run(cycle)
    return [doing[name]() for name in STEPS[: STEPS.index(until) + 1]]
