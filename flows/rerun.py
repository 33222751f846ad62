"""What to run again: steps whose last run failed, was interrupted or refused something, and what depends on them."""

from __future__ import annotations

from sqlalchemy import select

from flows.workplace import Outcome
from models.rules.errors import WrongCall
from models.storage.database import reading
from models.storage.workspace import Workspace
from models.tables import StepRun

STEPS = ("collect", "validate", "appraise", "survey", "publish")
DEPENDS = {
    "collect": (),
    "validate": ("collect",),
    "appraise": ("validate",),
    "survey": (),
    "publish": STEPS[:4],
}
WHY = {
    "failed": "lần chạy trước hỏng / the last run failed",
    "interrupted": "lần chạy trước bị ngắt / the last run was interrupted",
    "refused": "có dữ liệu bị từ chối / data was refused",
    "running": "lần chạy trước chưa kết thúc / the last run never ended",
    "waiting": "đang chờ người / it was waiting on people",
}


def plan(workspace: Workspace, cycle: str, step: str = "", unit: str = "") -> dict[str, str]:
    """Steps to run again, in order, each with the reason why. Raises WrongCall for an unknown step."""
    if step and step not in STEPS:
        raise WrongCall(f"--step {step}: {', '.join(STEPS)}")
    by = StepRun.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    with reading(workspace.engine) as session:
        rows = session.execute(select(by.step, by.state).where(by.cycle == cycle).order_by(by.started_at))
        last = {name: state for name, state in rows}
    planned: dict[str, str] = {}
    for name in STEPS:
        if step and name != step:
            continue
        if last.get(name, "done") in WHY:
            planned[name] = WHY[last[name]]
        elif any(before in planned for before in DEPENDS[name]):
            planned[name] = "phụ thuộc bước trước / depends on a step above"
    if step and not planned:
        planned[step] = "theo yêu cầu / as asked"
    return planned


def rerun_steps(cycle: str, steps: list[str], reason: str) -> list[Outcome]:
    """Run these steps again, in order; what is unchanged is left as it stands."""
    from flows.collect_self_assessments import collect_self_assessments
    from flows.merge_survey_scores import merge_survey_scores
    from flows.publish_results import publish_results
    from flows.route_to_appraisal import route_to_appraisal
    from flows.validate_evidence import validate_evidence

    doing = {
        "collect": collect_self_assessments,
        "validate": validate_evidence,
        "appraise": route_to_appraisal,
        "survey": merge_survey_scores,
    }
    return [
        publish_results(cycle, reason, only_when_ready=True) if name == "publish" else doing[name](cycle, reason)
        for name in steps
    ]
