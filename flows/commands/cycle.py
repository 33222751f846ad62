"""Commands on cycles as a whole: open, list, template, export."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.commands.show import console, show_faults, show_table
from flows.cycle_tree import KNOWN_COLUMNS, as_tree, known_row, read_known
from flows.workplace import permitted, workplace
from models.actions.open_cycle import open_cycle
from models.rules.errors import Refused, WrongCall
from models.rules.numbers import show
from models.rules.roles import Doing
from models.storage.database import reading

if TYPE_CHECKING:
    from flows.migration import Impact

app = typer.Typer(help="Kỳ đánh giá / Cycles", no_args_is_help=True)


def register(folder: str, reason: str = "") -> str:
    """Register a folder and give the cycle's id; warnings go to stderr. Raises Refused with every fault."""
    from checks.rule_book import refusing
    from flows.registration import read_registration

    place = folder if folder.startswith("s3://") else str(Path(folder).resolve())
    registration, faults = read_registration(workplace(), place)
    if registration is None or refusing(faults):
        raise Refused(f"Không đăng ký được / Nothing is registered: {folder}", refusing(faults))
    outcome = open_cycle(workplace(), registration, reason)
    if outcome != "unchanged":
        show_faults([fault for fault in faults if fault.check != "leaf-unchecked"])
        said = {"new": "Đã đăng ký / Registered", "changed": "Đã cập nhật đăng ký / Registration changed"}[outcome]
        console().print(f"{said}: {registration.settings.id} · {registration.settings.name}")
    return registration.settings.id


@app.command("open")
def open_(
    folder: Annotated[str, typer.Argument(metavar="DIR")], reason: Annotated[str, typer.Option(help="lý do / why")] = ""
) -> int:
    """Đăng ký một kỳ / Register a cycle."""
    cycle = register(folder, reason)
    console().print(f"{cycle}: parindex template {cycle} --to DIR · parindex run {cycle}")
    return 0


@app.command("list")
def list_(
    tree: Annotated[bool, typer.Option("--tree", help="kỳ nào lấy số của kỳ nào / which feeds which")] = False,
) -> int:
    """Các kỳ đã đăng ký / Registered cycles, where each stands and which feeds which."""
    with reading(permitted(Doing.LOOK).engine) as session:
        known = read_known(session)
    rows = [known_row(one, depth) for one, depth in (as_tree(known) if tree else ((one, 0) for one in known.values()))]
    show_table("Các kỳ / Cycles", KNOWN_COLUMNS, rows)
    return 0


@app.command("next")
def next_(
    cycle: Annotated[str, typer.Argument(metavar="CYCLE")],
    to: Annotated[Path, typer.Option(metavar="DIR", help="thư mục trống / an empty folder")],
    identity: Annotated[str, typer.Option("--id", help="mã kỳ mới / id of the new cycle")] = "",
) -> int:
    """Lập thư mục kỳ năm sau / Write next year's folder from a published cycle."""
    from flows.next_year import write_next_year

    for path in write_next_year(permitted(Doing.READ), cycle, to, identity):
        console().print(f"✓ {path}")
    console().print(f"Xem lại rồi / look it over, then: parindex cycle open {to}")
    return 0


@app.command("migrate")
def migrate_(
    cycle: Annotated[str, typer.Argument(metavar="CYCLE")],
    framework: Annotated[str, typer.Argument(metavar="FRAMEWORK", help="tệp, thư mục hoặc mã / file, folder or id")],
    bloc: Annotated[str, typer.Option(help="khối chuyển sang / the bloc that goes on it")],
    reason: Annotated[str, typer.Option(help="lý do / why")] = "",
    approved_by: Annotated[str, typer.Option(help="người phê duyệt / who approved")] = "",
    yes: Annotated[bool, typer.Option("--yes", help="không hỏi lại / do not ask")] = False,
) -> int:
    """Chuyển một khối sang bộ tiêu chí thay thế / Put a bloc on a superseding framework: the impact first."""
    from flows.migration import impact, migrate, read_new

    work = permitted(Doing.OPEN)
    show_impact(impact(work, cycle, bloc, read_new(framework)))
    if yes and not (reason and approved_by):
        raise WrongCall("--yes: --reason, --approved-by")
    if not yes:
        reason = reason or typer.prompt("Lý do / reason")
        approved_by = approved_by or typer.prompt("Người phê duyệt / approved by")
        typer.confirm("Chuyển? / Migrate?", abort=True)
    waiting = migrate(work, cycle, bloc, framework, reason, approved_by)
    console().print(
        f"Đã chuyển / migrated: {waiting} bản nộp chờ xét lại / forms wait to be judged again: parindex run {cycle}"
    )
    return 0


def show_impact(found: Impact) -> None:
    """What differs between the frameworks, and every unit under both."""
    show_table(
        f"{found.old.id} → {found.new.id}",
        ("thay đổi / change", "mã / code", "trước / before", "sau / after"),
        [(row.vi, row.code, row.before, row.after) for row in found.differences],
    )
    show_table(
        "Trên những gì đã có / On what is present",
        ("đơn vị / unit", "trước / before", "sau / after", "hạng / rank", "phải làm lại / to be given again"),
        [
            (one.unit, percent(one.before), percent(one.after), f"{one.rank_before or '–'} → {one.rank_after or '–'}",
             ", ".join(one.unfit))
            for one in found.units
        ],
    )  # fmt: skip


def percent(value: Fraction | None) -> str:
    """A provisional index with two decimals."""
    return "–" if value is None else show(value, 2)


def template(
    cycle: Annotated[str, typer.Argument(metavar="CYCLE")],
    to: Annotated[Path, typer.Option(metavar="DIR", help="thư mục ghi ra / where to")],
    unit: Annotated[str, typer.Option(help="chỉ đơn vị này / this unit only")] = "",
    midyear: Annotated[bool, typer.Option("--midyear", help="mẫu số liệu 6 tháng / half-year forms")] = False,
) -> int:
    """Mẫu trống cho các đơn vị / Blank forms."""
    from flows.templates_out import write_templates

    written = write_templates(permitted(Doing.LOOK), cycle, to, unit, midyear)
    console().print(f"{len(written)} mẫu / forms: {to}")
    return 0


def export(
    cycle: Annotated[str, typer.Argument(metavar="CYCLE")],
    to: Annotated[Path, typer.Option(metavar="DIR", help="thư mục ghi ra / where to")],
    version: Annotated[int, typer.Option(help="bản / version; mới nhất / newest by default")] = 0,
    annex: Annotated[bool, typer.Option("--annex", help="kèm phụ lục kín / with the closed annex")] = False,
    only: Annotated[str, typer.Option("--annex-of", metavar="NAME", help="chỉ phụ lục này / this annex alone")] = "",
) -> int:
    """Xuất một bản đã công bố / Export a published version."""
    from flows.export import export_version

    closed = annex or bool(only)
    work = permitted(Doing.CLOSED if closed else Doing.READ)
    number, count = export_version(work, cycle, to, version, annex, only)
    console().print(f"{cycle} v{number}: {count} tệp / files → {to} · python3 {to / 'verify.py'}")
    return 0


COMMANDS = {"template": template, "export": export}
