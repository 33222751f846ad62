"""Everything a publication consists of, as bytes by path; a pure function of inputs, findings and what was received."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib import resources
from itertools import chain

import pandas as pd

from checks.rule_book import FINDINGS, ordered
from flows.publication.analysis import analysis_files
from flows.publication.changes import TABLES, changes, changes_file
from flows.publication.csv_text import csv_bytes
from flows.publication.inputs_folder import settings_files, table_files
from flows.publication.readable import readable_files
from models.rules.comparable_core import CORE, comparable_core
from models.rules.cycle import CycleInputs
from models.rules.hiding import Hidden, annexes
from models.rules.results import RESULTS, SCORES, results_frame, scores_frame
from models.rules.scoring import Sheet
from models.rules.series import SERIES, series
from models.rules.totals import Standing

RESULT_TEXT = ("unit", "name", "bloc", "classification", "framework")
# Findings about other inputs than those published: files of other cycles, and what came after a lock.
NOT_OF_THESE_INPUTS = ("evidence-same-as-last-year", "stage-locked", "lower-awaited", "lower-newer")
CORE_NOTE = (
    "Bộ tiêu chí đổi: core.csv so hai năm trên các mục cùng nghĩa ở cả hai bộ; đơn vị hình thành từ sáp nhập không so "
    "được / The framework changed: core.csv compares the two years over the leaves of the same meaning alone; a merged "
    "unit is compared with nothing"
)
SCORE_TEXT = ("unit", "code", "reason")


@dataclass(frozen=True)
class Rendered:
    """A publication's files (without manifest and audit) and its annex, to be gone through once: a page is made when
    it is asked for, and what was given is held no longer. units: how many are published.
    """

    main: Iterator[tuple[str, bytes]]
    annex: Iterator[tuple[str, bytes]]
    units: int
    inputs_digest: str


def render(
    inputs: CycleInputs,
    units: pd.DataFrame,
    sheets: Mapping[str, Sheet],
    lines: list[Standing],
    findings: pd.DataFrame,
    version: int,
    before: Mapping[str, bytes] | None = None,
    published: str = "",
) -> Rendered | None:
    """Render everything. units: frame REGISTERED, every unit. findings: frame FINDINGS, those that stand.

    before: results.csv and scores.csv of the version before, by path, those of its annex below annex/; None for
    the first. published: the digest of that version's inputs; None is given where these are the same, and no page made.
    """
    hidden = Hidden.among(units)
    shown = [line for line in lines if line.total.unit not in hidden.units]
    closed = [line for line in lines if line.total.unit in hidden.units]
    results, scores = _frames(inputs, sheets, shown, hidden)
    main = settings_files(inputs) | _figures(inputs, results, scores, hidden)
    main |= _series(inputs, shown, hidden) | _core(inputs, shown, sheets)
    main["findings.csv"] = _findings(findings[~findings["unit"].isin(hidden.units).to_numpy()], hidden)
    annex = _closed(inputs, units, sheets, closed, findings)
    digest = _digest(main, annex)
    if digest == published:
        return None
    notes: list[str] = []
    found = None
    if before is not None:
        found = changes(before, main)
        main["changes.csv"] = changes_file(found)
        notes = [
            f"Bản {version} thay bản {version - 1}: {len(found)} ô khác, nêu đủ trong changes.csv / "
            f"Version {version} replaces version {version - 1}: {len(found)} cells differ, all listed in changes.csv"
        ]
    if "core.csv" in main:
        notes = [*notes, CORE_NOTE]
    main["verify.py"] = resources.files("flows.publication").joinpath("verify.py").read_bytes()
    told = replace(inputs, corrections=hidden.sentences(inputs.corrections, ("decision", "decided_by", "reason")))
    readable = readable_files(told, results, scores, version, main, notes, found)
    annex |= _changed(before, annex)
    return Rendered(
        chain(_one_by_one(main), readable),
        _and_analyses(annex, inputs, sheets, lines, version),
        len(results),
        digest,
    )


def _one_by_one(files: dict[str, bytes]) -> Iterator[tuple[str, bytes]]:
    while files:
        yield files.popitem()


def _and_analyses(
    annex: dict[str, bytes], inputs: CycleInputs, sheets: Mapping[str, Sheet], lines: list[Standing], version: int
) -> Iterator[tuple[str, bytes]]:
    """The annexes' files and the analyses, which follow from the inputs and so are not in the digest."""
    yield from _one_by_one(annex)
    yield from analysis_files(inputs, sheets, lines, version).items()


def _digest(*parts: Mapping[str, bytes]) -> str:
    """One digest of the figures and what they stand on: pages, changes and analyses follow from these."""
    digest = hashlib.sha256()
    for files in parts:
        for path in sorted(files):
            digest.update(path.encode() + b"\0" + hashlib.sha256(files[path]).digest())
    return digest.hexdigest()


def _closed(
    inputs: CycleInputs,
    units: pd.DataFrame,
    sheets: Mapping[str, Sheet],
    lines: list[Standing],
    findings: pd.DataFrame,
) -> dict[str, bytes]:
    """The closed annexes, paths relative to annex/. One that stands beside others names no unit of theirs."""
    made: dict[str, bytes] = {}
    parts = annexes(units)
    for name, members in parts.items():
        mine = [line for line in lines if line.total.unit in members]
        if not mine:
            continue
        hidden = Hidden.from_annex(units, members) if any(parts) else Hidden(frozenset(), frozenset())
        files = (
            _figures(inputs, *_frames(inputs, sheets, mine, hidden), hidden)
            | _series(inputs, mine, hidden)
            | _core(inputs, mine, sheets)
        )
        files["findings.csv"] = _findings(findings[findings["unit"].isin(members).to_numpy()], hidden)
        made |= {f"{name}/{path}" if name else path: data for path, data in files.items()}
    return made


def _changed(before: Mapping[str, bytes] | None, annex: Mapping[str, bytes]) -> dict[str, bytes]:
    """changes.csv of every annex that stood in the version before, too."""
    made = {}
    for place in [path.removesuffix("results.csv") for path in annex if path.endswith("results.csv")]:
        start = f"annex/{place}"
        if before is not None and f"{start}results.csv" in before:
            earlier, now = (
                {f"{table}.csv": files[f"{prefix}{table}.csv"] for table in TABLES}
                for prefix, files in ((start, before), (place, annex))
            )
            made[f"{place}changes.csv"] = changes_file(changes(earlier, now))
    return made


def _frames(
    inputs: CycleInputs, sheets: Mapping[str, Sheet], lines: list[Standing], hidden: Hidden
) -> tuple[pd.DataFrame, pd.DataFrame]:
    scores = scores_frame(sheets, [line.total.unit for line in lines])
    return results_frame(inputs, lines), hidden.sentences(scores, ("reason",))


def _figures(inputs: CycleInputs, results: pd.DataFrame, scores: pd.DataFrame, hidden: Hidden) -> dict[str, bytes]:
    """results.csv, scores.csv and inputs/ tables of the units that have results."""
    return {
        "results.csv": csv_bytes(results, RESULTS, [name for name in RESULTS if name not in RESULT_TEXT]),
        "scores.csv": csv_bytes(scores, SCORES, [name for name in SCORES if name not in SCORE_TEXT]),
    } | table_files(inputs, results["unit"].tolist(), hidden)


def _series(inputs: CycleInputs, lines: list[Standing], hidden: Hidden) -> dict[str, bytes]:
    """series.csv where earlier years of one of these units are known."""
    told = inputs.history["unit"].isin([line.total.unit for line in lines])
    if not told.any():
        return {}
    found = series(inputs, lines, hidden.lists(inputs.units, "predecessors"))
    found = hidden.columns(found, ("source",))
    return {"series.csv": csv_bytes(found, SERIES, ["year", "index", "rank"])}


def _core(inputs: CycleInputs, lines: list[Standing], sheets: Mapping[str, Sheet]) -> dict[str, bytes]:
    """core.csv where a crosswalk and last year's scores of its leaves were received."""
    told = inputs.previous_scores["unit"].isin([line.total.unit for line in lines])
    if not len(inputs.crosswalk) or not told.any():
        return {}
    found = comparable_core(inputs, lines, sheets)
    text = ("unit", "comparable", "old_framework", "framework")
    return {"core.csv": csv_bytes(found, CORE, [name for name in CORE if name not in text])} if len(found) else {}


def _findings(found: pd.DataFrame, hidden: Hidden) -> bytes:
    told = ordered(found[~found["check"].isin(NOT_OF_THESE_INPUTS).to_numpy()].drop_duplicates())
    if hidden.units and len(told):
        told = told.assign(
            location=[hidden.sentence(text) for text in told["location"].tolist()],
            found=[hidden.sentence(text) for text in told["found"].tolist()],
            expected=[hidden.sentence(text) for text in told["expected"].tolist()],
        )
    return csv_bytes(told, FINDINGS)
