"""docs/performance.md from the results: every figure in it stands in the JSON, none is written by hand."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml
from figures import Results, by_step, of, parts, ratio
from targets import STEPS, TARGETS

CAUSES = Path(__file__).parent / "causes.yaml"
WHO = {
    "floor": "floor: bare pandas script",
    "engine": "**parindex run**",
    "dagster": "Dagster job, same rules",
    "naive": "naive: one Prefect task per unit",
}
HEAD = """\
# Performance

Made from [performance.json](performance.json), which holds every single run and is written by
`make bench SIZE=full INTO=docs/performance.json` (`ONLY=word,word` measures parts of it anew, `LIST=1` names them);
nothing here is written by hand. Figures are medians; what stands in brackets is the least and the most of the repeats, which
alternate between the variants. A ratio is taken within each repeat. In the same run every variant's answer is held to
an exact oracle that shares no code with what is measured (`tests/bench/oracle.py`): ours and those that call our rules
to the last fraction and rank, the floor to its floats' rounding; our publication also by its own `verify.py` (up to
10,000 units: it keeps every leaf in memory as a fraction).
"""
VARIANTS = """\
## What is compared

| variant | what it does | what it does not |
|---|---|---|
| floor | `tests/bench/variants/floor.py`: reads the same files (forms, evidence rows, every evidence file's bytes, marks, responses) with pandas, computes the same points, validity of answers, index and rank in floats, writes results.csv | no check of any input, no exactness, no record, no publication, no second look |
| parindex run | the whole cycle on a fresh installation: register, collect, validate, appraise, survey, publish; every byte kept, every row in the database, findings, audit chain, Great Expectations suites, results, scores, site, workbook, reports, inputs and verifier of the publication; Python, imports and the embedded Prefect server started and ended | – |
| Dagster job | the same five steps as assets over all units, calling the same readers, checks and rules (`tests/bench/variants/plain_steps.py`), on Dagster's default storage, in one process | no vault, database of ours, audit chain, findings for people, suites or publication: results.csv alone |
| naive | the same rules in one Prefect task per unit, on the same embedded server, nothing cached or passed but the unit's name | as the Dagster job |

Cycles are made up by `tests/bench/generate.py`, the same bytes every time: every rule kind, nine leaves in ten appraised
and one surveyed, two groups of respondents, one answer in 1,024 none of the options, one respondent in 128 answering
twice; nine marks in ten agree, one enters other figures. *Responses* are rows of responses.csv. Evidence files are PDFs of
one page. Prefect's own database is made beforehand, once per installation, and copied for each run.

*CPU* and *disk* include everything a command started and waited for; *peak* is the most memory resident in all its
processes at one moment, looked at every 50 ms (what two of them share counts twice); *disk* is what the kernel sent to the disk, databases' logs included;
*kept* is what lies in the installation afterwards. *SQL* counts statements that read or write rows of our own database
(no pragma, BEGIN or heartbeat; one executemany is one), *task runs* what stands on Prefect's record when the command has ended.
"""
MOMENTS = """\
## One warm process

Python started, everything imported, the Prefect server up and one tiny cycle done; then each command timed whole, from
its words to its exit status, on fresh installations; between commands the disk comes to rest. *Full*: `run DIR` to
publication. *Nothing new*: the same again. *One unit*: everything done but publishing (`run DIR --until survey`), then
one unit's form changed and `rerun CYCLE --unit U`: looking for what changed, collecting, validating and settling that
unit; the publication that follows is its own column, since it is made anew whole whatever changed.
"""


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table and an empty line."""
    lines = ["| " + " | ".join(columns) + " |", "|" + "---|" * len(columns)]
    return [*lines, *("| " + " | ".join(row) + " |" for row in rows), ""]


def markdown(results: Results) -> str:
    """The page."""
    lines = [HEAD]
    lines += targets(results)
    lines += ["![cost against size](performance.svg)", "", VARIANTS, *cases(results), *doublings(results)]
    lines += [*moments(results), *alone(results), *environments(results)]
    return "\n".join(lines).rstrip() + "\n"


def targets(results: Results) -> list[str]:
    """Every target, whether it is met, and the cause where it is not."""
    causes = yaml.safe_load(CAUSES.read_text(encoding="utf-8")) or {}
    rows, told = [], []
    for target in TARGETS:
        judged = target.judge(results)
        if judged is None:
            rows.append((target.text, "not measured", "–", "–"))
            continue
        verdict = ("met" if judged.met else "**missed**") if judged.fits else "not measured at its size"
        rows.append((target.text, judged.measured, verdict, f"`{judged.where}`"))
        if judged.fits and not judged.met:
            told.append(f"- *{target.text}*: {causes.get(target.id, 'the cause is not written down yet.')}")
    lines = ["## Targets", "", *table(("target", "measured", "", "at"), rows)]
    return lines + (["Missed, and why:", "", *told, ""] if told else [])


def cases(results: Results) -> list[str]:
    """Side by side, one row per cycle and variant; then where the engine's time goes."""
    rows, steps = [], []
    for name, part in parts(results, "case").items():
        for who in (one for one in WHO if one in part["runs"]):
            rows.append(_variant(name, part, who, part["runs"][who]))
        steps += _steps(name, part["runs"]["engine"])
    columns = ("cycle", "variant", "runs", "wall s", "× floor", "CPU s", "CPU × floor", "peak MiB", "disk MiB", "kept MiB", "task runs", "SQL", "against the oracle")  # fmt: skip
    lines = ["## Side by side", "", *table(columns, rows)] if rows else []
    if steps:
        lines += ["## Steps of the engine", "", *table(("cycle", "figure", *STEPS, "between"), steps)]
        lines += [
            "*between*: registering, what happens before and after the steps; for seconds also starting and ending.",
            "",
        ]
    return lines


def _variant(name: str, part: dict[str, Any], who: str, runs: Sequence[dict[str, Any]]) -> tuple[str, ...]:
    below, said = part["runs"]["floor"], part["checked"][who]
    exact = "exact" if said["exact"] else f"within {said['most_off']:.0e}, {said['ranks_off']} ranks off"
    tasks = sum(by_step(runs, "task_runs").values()) if "task_runs" in runs[0] else None
    if who == "naive" and tasks is not None:
        recorded = f"{tasks:.0f} on record of {part['holds']['units'] + 2}"
    else:
        recorded = "–" if tasks is None else f"{tasks:.0f}"
    return (
        f"`{name}`", WHO[who], str(len(runs)), of(runs, "wall_s").said(),
        "1" if who == "floor" else ratio(runs, below).said(1), of(runs, "cpu_s").said(),
        "1" if who == "floor" else ratio(runs, below, "cpu_s").said(1), of(runs, "peak_mib").said(0),
        of(runs, "disk_mib").said(0), of(runs, "kept_mib").said(1), recorded,
        f"{sum(by_step(runs, 'sql').values()):.0f}" if "sql" in runs[0] else "–", exact,
    )  # fmt: skip


def _steps(name: str, runs: Sequence[dict[str, Any]]) -> list[tuple[str, ...]]:
    seconds, sql, tasks = (by_step(runs, figure) for figure in ("steps_s", "sql", "task_runs"))
    rest = of(runs, "wall_s").median - sum(seconds.values())
    return [
        (f"`{name}`", "seconds", *(f"{seconds.get(step, 0):.2f}" for step in STEPS), f"{rest:.2f}"),
        ("", "SQL", *(f"{sql.get(step, 0):.0f}" for step in STEPS), f"{sql.get('between', 0):.0f}"),
        ("", "task runs", *(f"{tasks.get(step, 0):.0f}" for step in STEPS), "–"),
    ]


def doublings(results: Results) -> list[str]:
    """The engine on a cycle and on one of twice the units and responses."""
    rows = [
        (f"`{name}`", of(part["runs"]["once"], "wall_s").said(), of(part["runs"]["twice"], "wall_s").said(),
         ratio(part["runs"]["twice"], part["runs"]["once"]).said(), ratio(part["runs"]["twice"], part["runs"]["once"], "cpu_s").said(),
         ratio(part["runs"]["twice"], part["runs"]["once"], "peak_mib").said())
        for name, part in parts(results, "doubling").items()
    ]  # fmt: skip
    columns = ("cycle", "wall s", "wall s, twice the units", "wall ×", "CPU ×", "peak ×")
    return ["## Twice the units", "", *table(columns, rows)] if rows else []


def moments(results: Results) -> list[str]:
    """What a warm process takes."""
    rows = []
    for name, part in parts(results, "moments").items():
        runs = part["runs"]
        shares = [{key: 100 * run[key] / run["full_s"] for key in ("again_s", "one_unit_s")} for run in runs]
        rows.append(
            (f"`{name}`", str(len(runs)), f"{part['engine_start_s']:.2f}", of(runs, "full_s").said(),
             of(runs, "again_s").said(), of(shares, "again_s").said(1), of(runs, "one_unit_s").said(),
             of(shares, "one_unit_s").said(1), of(runs, "publish_s").said())
        )  # fmt: skip
    columns = ("cycle", "runs", "engine's own start s", "full s", "nothing new s", "% of full", "one unit s", "% of full", "its publication s")  # fmt: skip
    return [MOMENTS, *table(columns, rows)] if rows else []


def alone(results: Results) -> list[str]:
    """Scoring and reading workbooks, measured by themselves."""
    rows = []
    for name, part in parts(results, "scoring").items():
        runs = [{**run, "rate": run["leaves"] / run["score_s"] / 1e6} for run in part["runs"]]
        rows.append(("leaf points by the pure rules, inputs in memory", f"`{name}`", of(runs, "score_s").said(3, " s"),
                     f"{of(runs, 'rate').said()} million leaves/s"))  # fmt: skip
        rows.append(("totals, index and ranks on top", f"`{name}`", of(runs, "totals_s").said(3, " s"), "–"))
    for name, part in parts(results, "xlsx").items():
        holds, runs = part["holds"], part["runs"]
        for who, told in (("ours", "read_workbook, guard included"), ("openpyxl", "openpyxl, read_only and data_only")):
            rows.append((f"{holds['forms']} filled-in forms ({holds['bytes'] / 2**20:.1f} MiB): {told}", f"`{name}`",
                         of(runs[who], "wall_s").said(3, " s"),
                         f"openpyxl takes {ratio(runs['openpyxl'], runs['ours']).said(1)} ×" if who == "ours" else "–"))  # fmt: skip
    return ["## By themselves", "", *table(("what", "cycle", "time", "rate"), rows)] if rows else []


def environments(results: Results) -> list[str]:
    """Machine, versions, commit and day, and which parts were measured there."""
    lines = ["## Machine, versions and date", ""]
    for key, facts in sorted(results["environments"].items(), key=lambda pair: (pair[1]["date"], pair[0])):
        measured = sorted(name for name, part in results["parts"].items() if part["environment"] == key)
        if "note" in facts:
            lines += [f"> **Note**: {facts['note']}", ""]
        lines += table(("", f"`{key}`"), [(name, value) for name, value in facts.items() if name != "note"])
        lines += ["Measured there: " + ", ".join(f"`{name}`" for name in measured) + ".", ""]
    return lines


def line_of(name: str, part: dict[str, Any]) -> str:
    """One line for whoever waits."""
    runs = part["runs"]
    if part["kind"] == "case":
        told = [f"{who} {of(runs[who], 'wall_s').median:.2f} s" for who in WHO if who in runs]
        engine = runs["engine"]
        told += [
            f"engine/floor {ratio(engine, runs['floor']).said(1)}",
            f"peak {of(engine, 'peak_mib').median:.0f} MiB",
        ]
    elif part["kind"] == "doubling":
        told = [f"{ratio(runs['twice'], runs['once']).said()} ×"]
    elif part["kind"] == "moments":
        told = [f"{key[:-2]} {of(runs, key).median:.2f} s" for key in ("full_s", "again_s", "one_unit_s", "publish_s")]
        told.append(f"engine's start {part['engine_start_s']:.1f} s")
    elif part["kind"] == "scoring":
        told = [f"{runs[0]['leaves'] / of(runs, 'score_s').median / 1e6:.2f} million leaves/s"]
    else:
        told = [f"openpyxl takes {ratio(runs['openpyxl'], runs['ours']).said(1)} ×"]
    return f"{name} | " + " | ".join(told)
