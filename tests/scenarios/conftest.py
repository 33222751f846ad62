"""What the scenarios share: the packaged cycle a file names in CYCLE, run by `parindex demo` and exported with annex."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

from flows import cli, workplace

Row = dict[str, str]


@dataclass(frozen=True)
class Told:
    """What the demonstration said, and what it published, by path."""

    said: str
    files: Mapping[str, bytes]
    command: Callable[..., int]
    export: Path

    def rows(self, path: str) -> list[Row]:
        """A table of the export."""
        return _table(self.files[path])

    def results(self) -> dict[str, Row]:
        """results.csv by unit."""
        return {row["unit"]: row for row in self.rows("results.csv")}

    def scores(self, unit: str, level: str) -> dict[str, Row]:
        """The rows of scores.csv of one unit and level, by code."""
        return {row["code"]: row for row in self.rows("scores.csv") if (row["unit"], row["level"]) == (unit, level)}

    def findings(self, check: str) -> list[Row]:
        """The findings of one check."""
        return [row for row in self.rows("findings.csv") if row["check"] == check]

    def commendations(self, cycle: str) -> list[Row]:
        """The list handed over to emulation and commendation."""
        to = self.export.parent / "commendations"
        if not to.exists():
            assert self.command(["commend", cycle, "--to", str(to)]) == 0
        return _table((to / "commendations.csv").read_bytes())


@cache
def _table(data: bytes) -> list[Row]:
    return list(csv.DictReader(io.StringIO(data.decode())))


@pytest.fixture(scope="module")
def told(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The packaged cycle of this file, from forms to publication, once for all its tests."""
    cycle, place = request.module.CYCLE, tmp_path_factory.mktemp(request.module.CYCLE)
    with pytest.MonkeyPatch.context() as patch:
        for name in ("DATABASE_URL", "STORE_URL", "S3_ENDPOINT_URL", "SIGNING_KEY"):
            patch.delenv(f"PARINDEX_{name}", raising=False)
        patch.setenv("PARINDEX_HOME", str(place / "home"))
        workplace.opened.cache_clear()
        said = io.StringIO()
        with contextlib.redirect_stdout(said), contextlib.redirect_stderr(said):
            done = [cli.call(["demo", cycle]), cli.call(["export", cycle, "--to", str(place / "export"), "--annex"])]
        assert done == [0, 0], said.getvalue()
        export = place / "export"
        files = {path.relative_to(export).as_posix(): path.read_bytes() for path in export.rglob("*") if path.is_file()}
        yield Told(said.getvalue(), files, cli.call, export)
        workplace.opened.cache_clear()
