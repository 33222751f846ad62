"""Renders checks.md, states.md, method.md and performance.md from what they describe; --check names stale ones."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from checks.rule_book import rule_book
from flows.publication.form_columns import SCORES
from flows.publication.rule_words import rule_in_words
from models.rules.framework import Framework, Leaf
from models.rules.framework_json import read_rule
from models.rules.states import MOVES, TURNS, Move, Status
from models.storage.framework_folders import built_in, built_in_ids

HERE = Path(__file__).resolve().parent
SPEC = HERE.parent / "tests" / "spec"
BENCH = HERE.parent / "tests" / "bench"
MEASURED = HERE / "performance.json"
NOTE = "<!-- rendered by docs/render.py; change the source, then `make docs` -->\n\n"

# Words the sources keep in English only. A new owner, action, severity or source without words here is a KeyError.
SEVERITY = {"refuse": "từ chối", "warn": "nhắc", "info": "báo tin"}
WHO = {
    "unit": "đơn vị",
    "system": "hệ thống",
    "appraisers": "người thẩm định",
    "council": "hội đồng",
    "secretariat": "cơ quan thường trực",
    "public": "công chúng",
}
ACTIONS = {
    "submit": "nộp",
    "return": "trả lại",
    "validate": "kiểm tra xong",
    "settle": "thẩm định xong",
    "reopen": "mở lại",
    "lock": "khoá",
    "publish": "công bố",
}
SOURCES = {"appraisal": "thẩm định", "survey": "điều tra", "statistics": "thống kê"}
INPUTS = {column.carries: column.name for column in SCORES}
YES_NO = {"yes": "có / yes", "no": "không / no"}


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table; a bar inside a cell does not end the cell."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]


def checks() -> str:
    """The rule book, in its own order."""
    book = rule_book().values()
    counts = {level: sum(check.severity == level for check in book) for level in SEVERITY}
    said_vi = ", ".join(f"{number} {SEVERITY[level]}" for level, number in counts.items())
    said_en = ", ".join(f"{number} {level}" for level, number in counts.items())
    lines = [
        "# Sổ quy tắc kiểm tra / The rule book",
        "",
        f"Có {len(book)} điều kiểm tra: {said_vi}. Từ chối: biểu, tệp hoặc lần công bố không đi tiếp cho đến khi sửa. "
        "Nhắc: không chặn gì, người phụ trách nên xem lại. Báo tin: để biết. Mã kiểm tra đứng ở cột `check` của "
        "findings.csv và không đổi.",
        "",
        f"{len(book)} checks: {said_en}. Refuse: the form, file or publication goes no further until it is mended. "
        "Warn: stops nothing, and worth a look. Info: to be known. The id stands in the column `check` of findings.csv and "
        "never changes.",
        "",
        "Căn cứ ghi “contract · …” là mục trong giao ước dữ liệu của nền tảng (tệp vào, cách tính, tệp ra); cách hiểu những "
        "chỗ giao ước chưa rõ: [decisions/0005](decisions/0005-contract-readings.md). / A reason “contract · …” is a "
        "section of the platform's data contract: inputs, computation, outputs.",
        "",
    ]
    rows = [
        (
            f"`{check.id}`",
            f"{SEVERITY[check.severity]}<br>{check.severity}",
            f"{check.vi}<br>{check.en}",
            f"{check.do_vi}<br>{check.do_en}",
            check.why,
        )
        for check in book
    ]
    columns = ("mã / id", "mức / severity", "điều kiểm tra / check", "cách xử lý / what to do", "căn cứ / why")
    return "\n".join(lines + table(columns, rows)) + "\n"


def states() -> str:
    """The statuses, the diagram and the table of moves."""
    order = list(Status)

    def place(move: Move) -> tuple[int, int, str]:
        return order.index(move.origin), order.index(move.target), move.action

    moves = sorted(MOVES, key=place)
    lines = [
        "# Tình trạng của đơn vị / Statuses of a unit",
        "",
        "Tình trạng cho biết đến lượt ai. Chỉ những bước chuyển trong bảng này mới được phép.",
        "",
        "The status says whose turn it is. Only the moves in this table exist.",
        "",
        *table(
            ("tình trạng / status", "mã / id", "đến lượt / whose turn"),
            [
                (f"{turn.vi} / {turn.en}", f"`{status}`", f"{WHO[turn.owner]} / {turn.owner}")
                for status, turn in TURNS.items()
            ],
        ),
        "",
        "```mermaid",
        "stateDiagram-v2",
        f"    [*] --> {order[0]}",
        *(f'    state "{turn.vi} / {turn.en}" as {status}' for status, turn in TURNS.items()),
        *(f"    {move.origin} --> {move.target}: {ACTIONS[move.action]} / {move.action}" for move in moves),
        "```",
        "",
        *table(
            ("từ / from", "việc / action", "đến / to", "ai làm / by"),
            [
                (
                    f"{TURNS[move.origin].vi} / {move.origin}",
                    f"{ACTIONS[move.action]} / {move.action}",
                    f"{TURNS[move.target].vi} / {move.target}",
                    f"{WHO[move.by]} / {move.by}",
                )
                for move in moves
            ],
        ),
    ]
    return "\n".join(lines) + "\n"


def method() -> str:
    """The built-in frameworks in brief, and every rule kind by example."""
    frameworks = [built_in(identity)[0] for identity in built_in_ids()]
    known = [framework for framework in frameworks if framework is not None]
    assert len(known) == len(frameworks)
    lines = ["# Phương pháp / Method", "", "## Bộ tiêu chí có sẵn / Built-in frameworks", ""]
    lines += table(
        (
            "mã / id",
            "quyết định / decision",
            "điểm tối đa / maximum",
            "mục chấm điểm / leaves",
            "chưa đối chiếu phụ lục / unchecked",
        ),
        [
            (
                f"`{one.id}`",
                f"{one.decision.number}, {one.decision.issued_on}, {one.decision.issuer}",
                one.maximum,
                f"{len(one.leaves)} ({by_source(one)})",
                f"{len(one.unchecked)} / {len(one.leaves)}",
            )
            for one in known
        ],
    )
    lines += [
        "",
        "Chưa đối chiếu: chưa ai so lời văn, điểm và các mức của mục đó với phụ lục của quyết định; công bố nào dùng bộ "
        "tiêu chí ấy cũng nói rõ điều này.",
        "",
        "Unchecked: nobody compared the leaf's wording, points and tiers with the decision's annex; every publication "
        "made with that framework says so.",
    ]
    for one in known:
        lines += ["", f"### {one.title} · `{one.id}`", ""]
        rows = [
            (part.code, part.name, part.maximum, str(sum(len(criterion.leaves) for criterion in part.criteria)))
            for part in one.fields
        ]
        lines += table(("mã / code", "lĩnh vực / field", "điểm tối đa / maximum", "mục chấm điểm / leaves"), rows)
    lines += ["", "## Từng cách chấm, qua ví dụ / Every rule kind, by example", ""]
    lines += [
        "Bộ kiểm thử chạy chính các ví dụ này (tests/spec). The tests run these very cases (tests/spec).",
    ]
    for name, title, told in (
        ("leaf_rules.yaml", "Tự chấm và thẩm định / Self-assessed and appraised", given_inputs),
        ("survey.yaml", "Điều tra xã hội học / Survey", given_answers),
    ):
        lines += ["", f"### {title}", ""]
        cases = yaml.safe_load((SPEC / name).read_text(encoding="utf-8"))
        columns = ("trường hợp / case", "cách chấm / rule", "số liệu / inputs", "điểm / points")
        lines += table(columns, [(case["case"], rule_of(case), told(case), outcome(case)) for case in cases])
    return "\n".join(lines) + "\n"


def by_source(framework: Framework) -> str:
    """How many leaves come from where."""
    counts = {source: sum(leaf.source == source for leaf in framework.leaves) for source in SOURCES}
    return ", ".join(f"{SOURCES[source]} / {source} {number}" for source, number in counts.items() if number)


def rule_of(case: Mapping[str, Any]) -> str:
    """The case's rule in words, with its kind."""
    kind = case["rule"]["kind"]
    source: Any = "survey" if kind == "survey" else "appraisal"
    leaf = Leaf("1", case["case"], case["maximum"], source, "none", read_rule(case["rule"]))
    return f"`{kind}`<br>{rule_in_words(leaf)}<br>{rule_in_words(leaf, 'en')}"


def given_inputs(case: Mapping[str, Any]) -> str:
    """Inputs under the names of the form."""
    return "<br>".join(f"{INPUTS[name]} / {name}: {YES_NO.get(text, text)}" for name, text in case["given"].items())


def given_answers(case: Mapping[str, Any]) -> str:
    """Answers by group, one respondent after the other."""
    groups = [f"{group}: {'; '.join('+'.join(one) for one in people)}" for group, people in case["answers"].items()]
    return "<br>".join(groups) or "không có phiếu / no answers"


def outcome(case: Mapping[str, Any]) -> str:
    """Points, or that the leaf does not apply."""
    return "không áp dụng / not applicable" if case.get("out") else str(case["points"])


def performance() -> str:
    """What `make bench` wrote into performance.json; its drawing is made where it is measured."""
    sys.path.append(str(BENCH))  # programs of their own, in no package
    try:
        from report import markdown
    finally:
        sys.path.remove(str(BENCH))
    return str(markdown(json.loads(MEASURED.read_text(encoding="utf-8"))))


PAGES: Mapping[str, Callable[[], str]] = {
    "checks.md": checks, "states.md": states, "method.md": method, "performance.md": performance,
}  # fmt: skip


def main(words: Sequence[str]) -> int:
    """Write the pages; with --check only tell which are stale, and give 1 if any is."""
    if set(words) - {"--check"}:
        print("python docs/render.py [--check]", file=sys.stderr)
        return 2
    stale = []
    for name, render in PAGES.items():
        path, text = HERE / name, NOTE + render()
        if "--check" not in words:
            path.write_text(text, encoding="utf-8")
        elif not path.exists() or path.read_text(encoding="utf-8") != text:
            stale.append(f"docs/{name}")
    if stale:
        print(f"Cũ, chạy make docs / stale, run make docs: {', '.join(stale)}", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
