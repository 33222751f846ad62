"""Commands that make the cycle move: the five steps, the year, locking, correcting, running again what failed."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from flows.commands.cycle import register
from flows.commands.show import console, show_findings
from flows.embedded_server import prepare_engine
from flows.workplace import Outcome, engine, permitted, workplace
from models.rules.errors import PersonError, StepFailed, WrongCall
from models.rules.roles import Doing
from models.rules.steps import STEPS
from models.storage.database import reading
from models.storage.inputs import read_cycle
from models.storage.standing_findings import read_findings

if TYPE_CHECKING:
    from flows.parameters import Until

ON_UNITS = ("collect", "validate", "appraise")  # steps after which units may have something to do
CycleArgument = Annotated[str, typer.Argument(metavar="CYCLE", help="mã kỳ / id of the cycle")]
Reason = Annotated[str, typer.Option(help="lý do / why")]


def known(cycle: str) -> str:
    """The id, if it is registered. Raises WrongCall."""
    with reading(workplace().engine) as session:
        return read_cycle(session, cycle).id


def report(cycle: str, outcomes: list[Outcome]) -> int:
    """Say how steps ended, write findings.csv, and give the exit status."""
    from flows.publication.csv_text import csv_bytes

    out = console()
    for outcome in outcomes:
        done = ", ".join(f"{name} {number}" for name, number in outcome.done.items())
        mark = "✗" if outcome.refusals else ("…" if outcome.waiting else "✓")
        out.print(f"{mark} {outcome.step}: {done or '–'}{' · ' + '; '.join(outcome.notes) if outcome.notes else ''}")
        for text in outcome.waiting[:12]:
            out.print(f"    · {text}")
        if len(outcome.waiting) > 12:
            out.print(f"    · … +{len(outcome.waiting) - 12}")
    every = [outcome.exit_status for outcome in outcomes]
    # What came after a lock is told; the other steps of a year have done their work all the same.
    status = max((one for one in every if one != 6 or len(every) == 1), default=0)
    for outcome in outcomes:
        if outcome.barred:
            out.print(f"    · {outcome.barred} biểu gửi sau khi khoá, không nhận / came after the lock, not taken")
    with reading(workplace().engine) as session:
        found = read_findings(session, cycle)
    path = Path(workplace().settings.home) / "cycles" / cycle / "findings.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(csv_bytes(found, list(found.columns)))
    refused = found[(found["severity"] == "refuse").to_numpy()]
    if status and len(refused):
        show_findings(refused)
    if any(outcome.done.get("new") for outcome in outcomes):
        _keep_checkpoint(cycle)
    if len(found):
        out.print(f"Phát hiện / findings: {path}")
    if any(outcome.step in ON_UNITS for outcome in outcomes):
        _keep_findings(cycle)
    return status


def _keep_findings(cycle: str) -> None:
    """Pages for the units that have something to do, and where they are."""
    from flows.findings_out import keep_findings

    if place := keep_findings(workplace(), cycle):
        console().print(f"Trang gửi từng đơn vị / pages for units: {place}")


def _keep_checkpoint(cycle: str) -> None:
    """Say where the chain stood at the publication, and keep it beside the findings: it belongs into the minutes."""
    from models.actions.publish import latest_publication
    from models.storage.audit_chain import Head
    from models.storage.checkpoints import checkpoint_text

    work = workplace()
    with reading(work.engine) as session:
        last = latest_publication(session, cycle)
    if last is None:
        return
    text = checkpoint_text(cycle, Head(last.audit_events, last.audit_head), work.settings.signing_key)
    path = Path(work.settings.home) / "cycles" / cycle / f"checkpoint-v{last.version}.txt"
    path.write_text(text, encoding="utf-8")
    out = console()
    out.print(f"Điểm kiểm tra để ghi vào biên bản / checkpoint for the minutes: {path}")
    out.print(f"  {last.audit_events}:{last.audit_head}")


def perform(cycle: str, steps: Callable[[], list[Outcome]]) -> int:
    """Run flows; what a person can mend goes through, what broke off can be rerun (exit 4)."""
    with in_words(f"parindex rerun {cycle}"):
        with engine():
            outcomes = steps()
        return report(cycle, outcomes)


@contextmanager
def in_words(again: str) -> Iterator[None]:
    """A server, disk or network that failed becomes StepFailed, which says how to go on."""
    from httpx import HTTPError  # what Prefect's client raises when its server is gone or overloaded
    from prefect.deployments.runner import DeploymentApplyError

    try:
        yield
    except PersonError:
        raise
    except (HTTPError, DeploymentApplyError, RuntimeError) as error:
        if not (isinstance(error, HTTPError | DeploymentApplyError) or "Failed to reach API" in str(error)):
            raise
        said = str(error).partition(" - ")[0] or type(error).__name__
        raise StepFailed(
            f"Máy chủ Prefect không đáp ứng. Chạy lại: / The Prefect server does not answer as it should: {said}. "
            f"Again: {again}"
        ) from error
    except (OSError, TimeoutError, ConnectionError) as error:
        raise StepFailed(f"Bước bị đứt: {error}. Chạy lại: / The step broke off: {error}. Again: {again}") from error


def collect(cycle: CycleArgument, reason: Reason = "") -> int:
    """1 · Thu nhận bản tự chấm / Take in self-assessments."""
    prepare_engine()
    from flows.collect_self_assessments import collect_self_assessments

    return perform(cycle, lambda: [collect_self_assessments(known(cycle), reason)])


def validate(cycle: CycleArgument, reason: Reason = "") -> int:
    """2 · Kiểm tra tài liệu kiểm chứng / Validate evidence."""
    prepare_engine()
    from flows.validate_evidence import validate_evidence

    return perform(cycle, lambda: [validate_evidence(known(cycle), reason)])


def appraise(cycle: CycleArgument, reason: Reason = "") -> int:
    """3 · Thẩm định / Take in marks and settle."""
    prepare_engine()
    from flows.route_to_appraisal import route_to_appraisal

    return perform(cycle, lambda: [route_to_appraisal(known(cycle), reason)])


def survey(cycle: CycleArgument, reason: Reason = "") -> int:
    """4 · Điều tra xã hội học và thống kê / Merge survey and statistics."""
    prepare_engine()
    from flows.merge_survey_scores import merge_survey_scores

    return perform(cycle, lambda: [merge_survey_scores(known(cycle), reason)])


def publish(cycle: CycleArgument, reason: Reason = "") -> int:
    """5 · Công bố / Publish, or say what is missing (exit 3)."""
    prepare_engine()
    from flows.publish_results import publish_results

    return perform(cycle, lambda: [publish_results(known(cycle), reason)])


def run(
    where: Annotated[str, typer.Argument(metavar="CYCLE|DIR", help="mã kỳ hoặc thư mục kỳ / cycle or its folder")],
    until: Annotated[str, typer.Option(help="collect, validate, appraise, survey, publish")] = "publish",
    reason: Reason = "",
    remote: Annotated[bool, typer.Option("--remote", help="trên máy chạy của Prefect / on a Prefect worker")] = False,
) -> int:
    """Chạy những gì đến hạn, theo thứ tự / Run what is due, in order."""
    if until not in STEPS:
        raise WrongCall(f"--until {until}: {', '.join(STEPS)}")
    if remote:
        need_server()
    prepare_engine()
    from flows.remote import run_remote
    from flows.run_year import run_year

    cycle = register(where, reason) if where.startswith("s3://") or Path(where).is_dir() else known(where)
    if remote:
        return perform(cycle, lambda: run_remote(cycle, until, reason, console().print))
    return perform(cycle, lambda: run_year(cycle, cast("Until", until), reason))


def lock(cycle: CycleArgument, stage: Annotated[str, typer.Argument(metavar="STAGE")], reason: Reason = "") -> int:
    """Khoá một giai đoạn / Lock a stage: self_assessment, appraisal_1, explanation, appraisal_2."""
    from models.actions.lock_stage import lock_stage

    number = lock_stage(workplace(), cycle, stage, reason)
    console().print(
        f"Đã khoá / locked: {stage}" + (f" · {number} đơn vị chưa nộp / units never came" if number else "")
    )
    return 0


def correct(
    cycle: CycleArgument,
    file: Annotated[Path, typer.Argument(metavar="FILE", help="quyết định đính chính (YAML)")],
) -> int:
    """Ghi một đính chính đã quyết định / Record a decided correction; the next publish makes a new version."""
    from flows.corrections import record_correction

    number = record_correction(workplace(), known(cycle), file)
    console().print(f"Đính chính / correction {number}: parindex publish {cycle}")
    return 0


def rerun(
    cycle: CycleArgument,
    step: Annotated[str, typer.Option(help="chỉ bước này / this step only")] = "",
    unit: Annotated[str, typer.Option(help="chỉ đơn vị này / this unit only")] = "",
    reason: Reason = "",
    yes: Annotated[bool, typer.Option("--yes", help="không hỏi lại / do not ask")] = False,
) -> int:
    """Chạy lại đúng những gì hỏng / Run again what failed or whose inputs changed, nothing else."""
    prepare_engine()
    from flows.rerun import digests, plan, rerun_steps

    work = workplace()
    planned, out = plan(work, known(cycle), step, unit), console()
    if not planned.steps:
        out.print("Không có gì phải chạy lại / Nothing to run again")
        return 0
    for name, why in planned.steps.items():
        out.print(f"· {name}: {why}")
    if not yes:
        reason = _asked(reason)
    before = digests(work, cycle)
    status = perform(cycle, lambda: rerun_steps(cycle, planned, reason))
    for name, digest in digests(work, cycle).items():
        if before.get(name) == digest:
            out.print(f"= {name}: giữ nguyên / unchanged, {digest[:16]}…")
    return status


def _asked(reason: str) -> str:
    """Why, as the person at the terminal says and confirms. Raises WrongCall where nobody sits at one."""
    if not sys.stdin.isatty():
        raise WrongCall("Không có ai để hỏi lại, thêm --yes / Nobody is there to be asked: add --yes")
    reason = reason or typer.prompt("Lý do / reason")
    typer.confirm("Chạy lại? / Run again?", abort=True)
    return reason


def need_server() -> None:
    """Raises WrongCall where no Prefect server is named."""
    if not os.environ.get("PREFECT_API_URL"):
        raise WrongCall("Chưa có máy chủ Prefect / No Prefect server: PREFECT_API_URL=http://host:4200/api")


def deploy() -> int:
    """Đăng ký với máy chủ Prefect / Register steps, year, schedules, automations with the server at PREFECT_API_URL."""
    need_server()
    work = permitted(Doing.MANAGE)
    prepare_engine()
    from flows.deployments import register_deployments

    with in_words("parindex deploy"), engine():
        for name in register_deployments(work):
            console().print(f"✓ {name}")
    console().print("Máy chạy / a worker: prefect worker start --pool parindex")
    return 0


COMMANDS = {
    "collect": collect,
    "validate": validate,
    "appraise": appraise,
    "survey": survey,
    "publish": publish,
    "run": run,
    "lock": lock,
    "correct": correct,
    "rerun": rerun,
    "deploy": deploy,
}
