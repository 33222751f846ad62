"""The demonstration: a packaged cycle from forms to publication, with one form returned and corrected on the way."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer
from sqlmodel import select

from flows.commands.cycle import register
from flows.commands.run import report
from flows.commands.show import console, show_table
from flows.embedded_server import prepare_engine
from flows.workplace import engine, workplace
from models.actions.publish import latest_publication
from models.rules.errors import WrongCall
from models.storage.database import reading
from models.storage.inputs import read_settings
from models.storage.lower_results import feeding
from models.tables import PublicationFile

LATER = "-later"


def examples() -> Path:
    """Where the packaged cycles are: beside the packages in a checkout, inside them when installed."""
    here = Path(__file__).resolve().parents[1]
    inside = here.parent / "parindex_examples"
    return inside if inside.is_dir() else here.parent / "deploy" / "examples"


def packaged() -> dict[str, str]:
    """The packaged cycles by name, each with the title of its page, which is in both languages."""
    folders = sorted(path.parent for path in examples().glob("*/cycle.yaml"))
    return {folder.name: _title(folder / "README.md") for folder in folders}


def _title(page: Path) -> str:
    with page.open(encoding="utf-8") as lines:
        return next(lines).removeprefix("# ").strip()


def demo(
    name: Annotated[str, typer.Argument(metavar="[NAME]")] = "dien-bien-2020",
    list_: Annotated[bool, typer.Option("--list", help="các kỳ mẫu / packaged cycles")] = False,
) -> int:
    """Chạy một kỳ mẫu từ đầu đến cuối / Run a packaged cycle, start to finish."""
    if list_:
        width = max(map(len, packaged()))
        print("\n".join(f"{one:<{width}}  {title}" for one, title in packaged().items()))
        return 0
    if name not in packaged():
        raise WrongCall(f"Không có kỳ mẫu {name} / No packaged cycle: {', '.join(packaged())}")
    prepare_engine()
    cycle, status = play(name)
    out = console()
    if not status:
        ranking(cycle)
        commended(cycle, copied(name) / "commendation.yaml")
    if fed_by(cycle):
        out.print("Cả cây / the whole tree: parindex cycle list --tree")
    out.print(
        f"Xem tiếp / look next: parindex status {cycle} · parindex explain {cycle} UNIT · parindex history {cycle}\n"
        f"Xuất và kiểm tra / export and verify: parindex export {cycle} --to DIR && python3 DIR/verify.py\n"
        f"Trang kiểm tra dữ liệu / the auditor's pages: {Path(workplace().settings.home) / 'data_docs' / cycle}"
    )
    return status


def copied(name: str) -> Path:
    """The copy of a packaged cycle's folder that the demo works on."""
    return Path(workplace().settings.home) / "demo" / name


def play(name: str) -> tuple[str, int]:
    """A packaged cycle, after the packaged cycles that feed it; gives its id and the exit status."""
    out = console()
    folder = copied(name)
    fresh = not folder.exists()
    if fresh:
        shutil.copytree(examples() / name, folder)
        for path in [folder, *folder.rglob("*")]:
            path.chmod(0o755 if path.is_dir() else 0o644)
    out.print(f"Kỳ mẫu / packaged cycle: {name} → {folder}")
    cycle = register(str(folder))
    for below in fed_by(cycle):
        if below in packaged():
            out.print(f"\nKỳ cấp dưới trước / the lower cycle first: {below}")
            play(below)
    if any(folder.glob("inbox/*/midyear.*")):
        half_year(cycle)
    status = year(cycle, "Lượt 1: thu nhận đến công bố / First run: from forms to publication")
    later = examples() / (name + LATER)
    if fresh and later.is_dir():
        out.print("\n[bold]Đơn vị sửa biểu và nộp lại / The unit corrects its form and submits again[/bold]")
        shutil.copytree(later, folder, dirs_exist_ok=True)
        status = year(cycle, "Lượt 2 / Second run")
    return cycle, status


def fed_by(cycle: str) -> list[str]:
    """The cycles a registered cycle takes results from."""
    with reading(workplace().engine) as session:
        return feeding(session)[cycle]


def year(cycle: str, title: str) -> int:
    """Every step in turn, each reported as it ends."""
    from flows.collect_self_assessments import collect_self_assessments
    from flows.merge_survey_scores import merge_survey_scores
    from flows.publish_results import publish_results
    from flows.route_to_appraisal import route_to_appraisal
    from flows.validate_evidence import validate_evidence

    out = console()
    out.print(f"\n[bold]{title}[/bold]")
    steps: list[tuple[str, Callable[[], object]]] = [
        ("1/5 thu nhận / collect", lambda: collect_self_assessments(cycle)),
        ("2/5 kiểm tra minh chứng / validate", lambda: validate_evidence(cycle)),
        ("3/5 thẩm định / appraise", lambda: route_to_appraisal(cycle)),
        ("4/5 điều tra / survey", lambda: merge_survey_scores(cycle)),
        ("5/5 công bố / publish", lambda: publish_results(cycle, only_when_ready=True)),
    ]
    outcomes = []
    with engine():
        for words, run in steps:
            with out.status(words):
                outcomes.append(run())
            out.print(f"· {words}")
    return report(cycle, outcomes)  # type: ignore[arg-type]  # flows give Outcome


def half_year(cycle: str) -> None:
    """The half-year before the year: figures taken in, the report written."""
    from flows.commands.midyear import midyear

    console().print("\n[bold]Giữa năm / In the middle of the year[/bold]")
    midyear(cycle)


def ranking(cycle: str) -> None:
    """The ranking of the newest publication, bloc by bloc; nothing while people are waited for."""
    import csv
    import io

    work = workplace()
    with reading(work.engine) as session:
        newest = latest_publication(session, cycle)
        if newest is None:
            return
        file = session.exec(
            select(PublicationFile).where(
                PublicationFile.cycle == cycle,
                PublicationFile.version == newest.version,
                PublicationFile.path == "results.csv",
                PublicationFile.annex == False,  # noqa: E712  (an SQL comparison)
            )
        ).one()
        names = {bloc.key: bloc.name for bloc in read_settings(session, cycle).blocs}
    rows = list(csv.DictReader(io.StringIO(work.vault.get(file.sha256).decode())))
    for bloc in dict.fromkeys(row["bloc"] for row in rows):
        shown = [
            (
                row["rank"] or "–",
                row["name"],
                row["index"],
                row["classification"],
                row["previous_rank"],
                row["index_change"],
            )
            for row in rows
            if row["bloc"] == bloc
        ]
        show_table(
            f"Xếp hạng / Ranking · {names.get(bloc, bloc)} · v{newest.version}",
            ("hạng / rank", "đơn vị / unit", "chỉ số / index", "xếp loại / class", "hạng trước / before", "+/−"),
            shown,
        )


def commended(cycle: str, file: Path) -> None:
    """Results handed to commendation where the example has such a decision, once."""
    from flows.commendations import record_commendation, summary

    if not file.is_file():
        return
    if summary(workplace(), cycle).empty:
        record_commendation(workplace(), cycle, file)
    for _, decision, _, collectives, individuals in summary(workplace(), cycle).to_numpy().tolist():
        console().print(
            f"Khen thưởng / commendation: {decision}: {collectives} tập thể / collectives, {individuals} cá nhân / "
            f"individuals → parindex commend {cycle} --to DIR"
        )


COMMANDS = {"demo": demo}
