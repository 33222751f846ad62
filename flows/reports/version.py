"""A published version read back out of the vault: all that documents are made from, and nothing else."""

from __future__ import annotations

import datetime as dt
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import numpy.typing as npt
import pandas as pd

from flows.publication.csv_text import as_it_was
from flows.publication.site_input import SiteInput, site_input
from models.actions.publish import published_files
from models.rules.calendar import HERE
from models.rules.cycle import CycleInputs
from models.rules.cycle_json import settings_from_json
from models.rules.framework_json import load
from models.storage.audit_chain import Head
from models.storage.database import reading
from models.storage.workspace import Workspace

TABLES = ("units", "previous", "exemptions", "responsibilities", "marks", "evidence", "adjustments")
ANALYSES = "annex/analysis/"


@dataclass(frozen=True)
class Whole:
    """A version as documents take it: what is published, the units of every closed annex, and the tables of the closed
    analyses by name."""

    main: Version
    closed: Sequence[Version]
    analyses: Mapping[str, pd.DataFrame]


@dataclass(frozen=True)
class Version:
    """One part of a version: its published units, or those of one closed annex.

    given: figures and law. inputs: frames that documents tell of. manifest: SHA-256 of manifest.json. head: where the
    audit chain stood. day: of publication, ISO, where the cycle is.
    """

    given: SiteInput
    inputs: CycleInputs
    manifest: str
    head: Head
    day: str

    @cached_property
    def _places(self) -> Mapping[str, npt.NDArray[np.intp]]:
        return self.given.scores.groupby("unit", sort=False, observed=True).indices  # type: ignore[return-value]

    def scores_of(self, unit: str) -> pd.DataFrame:
        """One unit's rows of scores.csv; thousands of letters each ask for theirs."""
        return self.given.scores.iloc[self._places[unit]]

    @property
    def checkpoint(self) -> str:
        """As verify.py takes it."""
        return f"{self.head.count}:{self.head.digest}"


def read_version(workspace: Workspace, cycle: str, number: int = 0) -> Whole:
    """A published version; 0 is the newest.

    Raises NotAllowedNow before the first publication, WrongCall for a version that is not there.
    """
    with reading(workspace.engine) as session:
        number, rows = published_files(session, cycle, number)
        files = {f"annex/{row.path}" if row.annex else row.path: row.sha256 for row in rows}
    manifest = json.loads(workspace.vault.get(files["manifest.json"]))
    head = Head(manifest["audit"]["events"], manifest["audit"]["head"])
    day = dt.datetime.fromisoformat(manifest["published_at"]).astimezone(HERE).date().isoformat()

    def part(prefix: str) -> Version:
        inputs = _inputs(workspace, files, prefix)
        results, scores = (_frame(workspace, files, f"{prefix}{name}.csv") for name in ("results", "scores"))
        return Version(
            site_input(inputs, results, scores, number), inputs, files["manifest.json"], head, day
        )  # fmt: skip

    analyses = {
        path.removeprefix(ANALYSES).removesuffix(".csv"): _frame(workspace, files, path)
        for path in sorted(files)
        if path.startswith(ANALYSES) and path.endswith(".csv")
    }
    main = part("")
    figures = [path for path in sorted(files) if path.startswith("annex/") and path.endswith("/results.csv")]
    closed = [part(path.removesuffix("results.csv")) for path in figures]
    if main.given.synthetic:  # made up is the whole cycle, whoever's evidence says so
        closed = [replace(one, given=replace(one.given, synthetic=True)) for one in closed]
    return Whole(main, closed, analyses)


def _inputs(workspace: Workspace, files: Mapping[str, str], prefix: str) -> CycleInputs:
    """Settings and frameworks of the version, and some of its tables; prefix: "" or an annex's."""
    settings = json.loads(workspace.vault.get(files["inputs/cycle.json"]))
    present = settings.pop("survey_present")
    laws = [path for path in files if path.startswith("inputs/frameworks/")]
    frameworks = [load(workspace.vault.get(files[path]).decode()) for path in sorted(laws)]
    tables = {name: _frame(workspace, files, f"{prefix}inputs/{name}.csv") for name in TABLES}
    return CycleInputs(
        settings_from_json(settings), {one.id: one for one in frameworks}, survey_present=present, **tables
    )


def _frame(workspace: Workspace, files: Mapping[str, str], path: str) -> pd.DataFrame:
    data = io.BytesIO(workspace.vault.get(files[path]))
    return pd.read_csv(data, dtype="str", keep_default_na=False).map(as_it_was)
