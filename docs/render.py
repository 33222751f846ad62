"""Renders docs/checks.md, docs/states.md and docs/method.md from the code they describe; --check names stale ones."""

from __future__ import annotations

import sys
from pathlib import Path

import yaml

from checks.rule_book import rule_book
from models.rules.states import MOVES, TURNS
from models.storage.framework_folders import built_in, built_in_ids

HERE = Path(__file__).resolve().parent
SPEC = HERE.parent / "tests" / "spec"
NOTE = "<!-- rendered by docs/render.py; change the source, then `make docs` -->\n\n"


def checks() -> str:
    """The rule book."""
    lines = ["# Sổ quy tắc kiểm tra / The rule book", "", "| mã / id | mức / severity | điều kiểm tra / check | cách xử lý / what to do | căn cứ / why |", "|---|---|---|---|---|"]  # fmt: skip
    for check in rule_book().values():
        lines.append(
            f"| `{check.id}` | {check.severity} | {check.vi}<br>{check.en} | {check.do_vi}<br>{check.do_en} | {check.why} |"
        )
    return "\n".join(lines) + "\n"


def states() -> str:
    """The table of moves and its diagram."""
    lines = ["# Tình trạng của đơn vị / Statuses of a unit", "", "| tình trạng / status | mã | lượt của / whose turn |", "|---|---|---|"]  # fmt: skip
    lines += [f"| {turn.vi} / {turn.en} | `{status}` | {turn.owner} |" for status, turn in TURNS.items()]
    lines += ["", "```mermaid", "stateDiagram-v2"]
    lines += [f"    {move.origin} --> {move.target}: {move.action}" for move in sorted(MOVES)]
    lines += ["```", "", "| từ / from | việc / action | đến / to | ai / by |", "|---|---|---|---|"]
    lines += [f"| {move.origin} | {move.action} | {move.target} | {move.by} |" for move in sorted(MOVES)]
    return "\n".join(lines) + "\n"


def method() -> str:
    """Frameworks in brief and every spec case."""
    lines = ["# Phương pháp / Method", "", "## Bộ tiêu chí có sẵn / Built-in frameworks", "", "| mã / id | quyết định / decision | lĩnh vực và điểm / fields | tiêu chí chấm điểm / leaves | chưa đối chiếu / unchecked |", "|---|---|---|---|---|"]  # fmt: skip
    for identity in built_in_ids():
        framework, _ = built_in(identity)
        assert framework is not None
        fields = "; ".join(f"{part.code}. {part.name} ({part.maximum})" for part in framework.fields)
        lines.append(f"| `{identity}` | {framework.decision.number}, {framework.decision.issued_on} | {fields} | {len(framework.leaves)} | {len(framework.unchecked)} |")  # fmt: skip
    lines += ["", "## Từng cách chấm, qua ví dụ / Every rule kind, by example", "", "| trường hợp / case | tối đa | cách chấm / rule | số liệu / inputs | điểm / points |", "|---|---|---|---|---|"]  # fmt: skip
    for name in ("leaf_rules.yaml", "survey.yaml"):
        for case in yaml.safe_load((SPEC / name).read_text(encoding="utf-8")):
            given = case.get("given") or case.get("answers")
            result = case.get("points", "không áp dụng / not applicable")
            lines.append(
                f"| {case['case']} | {case['maximum']} | `{case['rule']}` | `{given}` | {result} |".replace("\n", " ")
            )
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the pages, or with --check tell which are stale."""
    stale = []
    for name, render in (("checks", checks), ("states", states), ("method", method)):
        path, text = HERE / f"{name}.md", NOTE + render()
        if "--check" in sys.argv:
            if not path.exists() or path.read_text(encoding="utf-8") != text:
                stale.append(path.name)
        else:
            path.write_text(text, encoding="utf-8")
    if stale:
        print(f"Stale: {', '.join(stale)}: make docs", file=sys.stderr)
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
