"""What to run again: steps that failed, were interrupted or refused data, or whose inputs changed; and what follows."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from flows.cascade import feeds
from flows.workplace import Outcome
from models.actions.publish import latest_publication
from models.rules.errors import WrongCall
from models.rules.states import Status
from models.rules.steps import DEPENDS, STEPS, dependents
from models.storage.cycle_folder import CycleFolder
from models.storage.database import reading
from models.storage.inputs import read_base, read_cycle, read_units
from models.storage.step_inputs import changed_files, inputs_digests
from models.storage.workspace import Workspace
from models.tables import StepRun

WHY = {
    "failed": "lần chạy trước hỏng / the last run failed",
    "interrupted": "lần chạy trước bị ngắt / the last run was interrupted",
    "refused": "có dữ liệu bị từ chối / data was refused",
    "running": "lần chạy trước chưa kết thúc / the last run never ended",
}
NEVER = "chưa chạy lần nào / it never ran"
FOLLOWS = "phụ thuộc bước trên / depends on a step above"


@dataclass(frozen=True)
class Plan:
    """Steps to run again with the reason why, in order; unit: the only one whose form is taken, "" for all."""

    steps: dict[str, str]
    unit: str = ""


def plan(workspace: Workspace, cycle: str, step: str = "", unit: str = "") -> Plan:
    """What a rerun would do. Raises WrongCall for an unknown step or unit.

    Without `step`: every step that has a reason, and those that follow from it. With it: that step alone.
    """
    if step and step not in STEPS:
        raise WrongCall(f"--step {step}: {', '.join(STEPS)}")
    reasons, ran, published = _reasons(workspace, cycle, unit)
    if step:
        return Plan({step: reasons.get(step, "theo yêu cầu / as asked")}, unit)
    # A first publication is everybody's: one unit's rerun does not bring it about.
    due = [name for name in dependents(reasons) if not unit or published or name != "publish"]
    never = {name for one in due for name in DEPENDS[one]} - ran - set(due)
    told = {name: FOLLOWS for name in due} | {name: NEVER for name in never} | reasons
    return Plan({name: told[name] for name in STEPS if name in told}, unit)


def _reasons(workspace: Workspace, cycle: str, unit: str) -> tuple[dict[str, str], set[str], bool]:
    """Why each step is due by itself, which steps ever ran, and whether the cycle is published."""
    by = StepRun.__table__.c  # type: ignore[attr-defined]  # set by SQLModel
    with reading(workspace.engine) as session:
        base, units = read_base(session, cycle), read_units(session, cycle)
        if unit and unit not in set(units["unit"]):
            raise WrongCall(f"Không có đơn vị / There is no unit {unit}: parindex status {cycle}")
        parties = {unit} if unit else {*units["unit"], *base.responsibilities["appraiser"]}
        folder = CycleFolder(read_cycle(session, cycle).folder, workspace.settings)
        lying = folder.list("inbox", parties) if unit else folder.list("")
        arrived = changed_files(session, cycle, folder, lying, parties)
        newer = [feed.said for feed in feeds(session, cycle, base.settings.lower) if feed.behind]
        published = latest_publication(session, cycle) is not None
        rows = session.execute(
            select(by.step, by.unit, by.state, by.input_digest).where(by.cycle == cycle).order_by(by.started_at)
        )
        # A unit's run judges no worksheet again by what the unit now claims, and leaves others' evidence unseen:
        # what everybody stands on is known from the last run of all.
        partly = {"appraise"} | ({"validate"} if (units["status"] == Status.SUBMITTED).any() else set())
        last: dict[str, tuple[str, str]] = {}
        for name, one, state, digest in rows:
            of_all = last.get(name, ("", "of nobody yet"))[1]
            last[name] = (state, of_all if one and name in partly else digest)
        now = inputs_digests(session, cycle, last)
        stale = {name for name, (_, digest) in last.items() if digest and digest != now[name]}
    if unit:
        status = Status(units.loc[(units["unit"] == unit).to_numpy(), "status"].item())
        reasons = {"collect": WHY["refused"]} if status == Status.RETURNED else {}
        if status == Status.SUBMITTED:
            reasons["validate"] = "đã nộp, chưa kiểm tra / submitted, not validated yet"
    else:
        reasons = {name: WHY[state] for name, (state, _) in last.items() if state in WHY}
        reasons |= {name: "đầu vào đã đổi / its inputs changed" for name in stale - set(reasons)}
        if newer:
            reasons["survey"] = (
                f"kỳ cấp dưới có bản mới / a lower cycle has a newer version: {'; '.join(dict.fromkeys(newer))}"
            )
    for name, paths in arrived.items():
        more = f" … +{len(paths) - 3}" if len(paths) > 3 else ""
        reasons[name] = f"tệp mới hoặc đã đổi / new or changed: {', '.join(paths[:3])}{more}"
    return reasons, set(last), published


def unchanged(workspace: Workspace, cycle: str, before: dict[str, str]) -> dict[str, str]:
    """Steps whose inputs are, by digest, what they were `before`."""
    return {name: digest for name, digest in digests(workspace, cycle).items() if before.get(name) == digest}


def digests(workspace: Workspace, cycle: str) -> dict[str, str]:
    """By step: the digest of what it stands on now; and of the latest publication's manifest."""
    with reading(workspace.engine) as session:
        found = inputs_digests(session, cycle, STEPS)
        last = latest_publication(session, cycle)
    return found | ({f"version {last.version}": last.manifest_sha256} if last else {})


def rerun_steps(cycle: str, planned: Plan, reason: str) -> list[Outcome]:
    """Run these steps again, in order, with all their work; what is unchanged is left as it stands."""
    from flows.collect_self_assessments import collect_self_assessments
    from flows.merge_survey_scores import merge_survey_scores
    from flows.publish_results import publish_results
    from flows.route_to_appraisal import route_to_appraisal
    from flows.steps import afresh, tagged
    from flows.validate_evidence import validate_evidence

    doing = {
        "collect": lambda: collect_self_assessments(cycle, reason, planned.unit),
        "validate": lambda: validate_evidence(cycle, reason, planned.unit),
        "appraise": lambda: route_to_appraisal(cycle, reason, planned.unit),
        "survey": lambda: merge_survey_scores(cycle, reason, again=bool(reason)),
        "publish": lambda: publish_results(cycle, reason, only_when_ready=True),
    }
    with afresh():
        return [tagged(cycle, name, doing[name]) for name in planned.steps]
