"""The year: the five steps in order, as far as what has arrived allows."""

from __future__ import annotations

from collections.abc import Callable

from prefect import flow

from flows.collect_self_assessments import collect_self_assessments
from flows.merge_survey_scores import merge_survey_scores
from flows.parameters import CycleId, RequestId, Until, Why
from flows.publish_results import publish_results
from flows.route_to_appraisal import route_to_appraisal
from flows.steps import tag_run, tagged
from flows.validate_evidence import validate_evidence
from flows.workplace import Outcome, acting_for, workplace
from models.actions.request_run import who_asked
from models.rules.steps import STEPS


@flow(name="run-year", flow_run_name="chu trình năm · year · {cycle}")
def run_year(cycle: CycleId, until: Until = "publish", reason: Why = "", request: RequestId = "") -> list[Outcome]:
    """Every step that is due, up to and including `until`; each is safe to run again.

    Publication happens only when nothing is missing; otherwise its outcome says what is waited for. request: the
    run acts for whoever made it. Raises WrongCall for a request nobody made.
    """
    doing: dict[str, Callable[[], Outcome]] = {
        "collect": lambda: collect_self_assessments(cycle, reason),
        "validate": lambda: validate_evidence(cycle, reason),
        "appraise": lambda: route_to_appraisal(cycle, reason),
        "survey": lambda: merge_survey_scores(cycle, reason),
        "publish": lambda: publish_results(cycle, reason, only_when_ready=True),
    }
    tag_run(cycle)
    with acting_for(who_asked(workplace(), cycle, request)):
        return [tagged(cycle, name, doing[name]) for name in STEPS[: STEPS.index(until) + 1]]
