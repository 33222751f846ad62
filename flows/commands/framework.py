"""Commands on frameworks: check one, compare two."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.commands.show import console, show_faults, show_table
from models.rules.errors import Refused
from models.rules.framework import Framework

app = typer.Typer(help="Bộ tiêu chí / Frameworks", no_args_is_help=True)


@app.command("check")
def check(
    path: Annotated[str, typer.Argument(metavar="PATH", help="tệp, thư mục hoặc mã có sẵn / file, folder or id")],
) -> int:
    """Kiểm tra một bộ tiêu chí / Check a framework: every fault with file and line."""
    from checks.rule_book import refusing
    from models.storage.framework_folders import find_framework

    framework, faults = find_framework(path)
    if framework is None or refusing(faults):
        raise Refused(f"Bộ tiêu chí có lỗi / The framework has faults: {path}", faults)
    sources = {
        source: sum(leaf.source == source for leaf in framework.leaves)
        for source in ("appraisal", "survey", "statistics")
    }
    console().print(
        f"✓ {framework.id}: {framework.title}\n  {framework.decision.number}, {framework.decision.issued_on}, "
        f"{framework.decision.issuer}\n  {len(framework.fields)} lĩnh vực / fields, {len(framework.leaves)} tiêu chí "
        f"chấm điểm / leaves, {framework.maximum} điểm / points; "
        + ", ".join(f"{name} {number}" for name, number in sources.items())
    )
    if framework.unchecked:
        console().print(
            f"  ! {len(framework.unchecked)} tiêu chí chưa đối chiếu phụ lục / leaves never compared with the annex"
        )
    show_faults([fault for fault in faults if fault.check != "leaf-unchecked"])
    check_crosswalks(path, framework)
    return 0


def check_crosswalks(path: str, framework: Framework) -> None:
    """The crosswalks below the framework's folder. Raises Refused with every fault of one that refuses."""
    from checks.rule_book import refusing
    from models.rules.crosswalk_text import old_framework_of, read_crosswalk
    from models.storage.crosswalks import crosswalks_beside, framework_at_hand

    form = crosswalks_beside(path)
    faults = list(form.faults)
    for name, text in form.texts.items():
        old = framework_at_hand(old_framework_of(text, name), Path(path).resolve())
        lines, found = read_crosswalk(text, name, framework, old)
        faults += found
        same = int((lines["same_meaning"] == "yes").sum())
        if not refusing(found):
            console().print(f"  ↔ {name}: {len(lines)} mục / leaves, {same} cùng nghĩa / of the same meaning")
    if refusing(faults):
        raise Refused(f"Bảng đối chiếu có lỗi / The crosswalk has faults: {path}", faults)
    show_faults(faults)


@app.command("diff")
def diff(left: Annotated[str, typer.Argument(metavar="A")], right: Annotated[str, typer.Argument(metavar="B")]) -> int:
    """So sánh hai bộ tiêu chí / Compare two frameworks."""
    from checks.rule_book import refusing
    from flows.publication.rule_words import rule_in_words
    from models.rules.framework_diff import compare, counted
    from models.storage.framework_folders import find_framework

    sides = []
    for path in (left, right):
        framework, faults = find_framework(path)
        if framework is None or refusing(faults):
            raise Refused(f"Bộ tiêu chí có lỗi / The framework has faults: {path}", faults)
        sides.append(framework)
    rows = compare(sides[0], sides[1], rule_in_words)
    if not rows:
        console().print("Không khác nhau / No difference")
        return 0
    shown = [(row.vi, row.code, row.before, row.after) for row in rows]
    show_table(
        f"{sides[0].id} → {sides[1].id}",
        ("thay đổi / change", "mã / code", "trước / before", "sau / after"),
        shown,
    )
    console().print(counted(rows))
    return 0
