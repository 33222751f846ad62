"""The engine against verify.py, which was written apart from it and computes with exact fractions."""

from __future__ import annotations

import csv
import io
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from random_cycle import random_cycle

from checks.rule_book import findings
from flows.publication import verify
from flows.publication.bundle import render
from models.rules.scoring import score
from models.rules.totals import standings, totals


def rows(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode())))[1:]


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**62))
def test_the_engine_and_the_verifier_compute_the_same_figures(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    inputs = random_cycle(Random(seed))
    sheets = score(inputs)
    problems = [fault for sheet in sheets.values() for fault in sheet.problems]
    if problems:  # an agreeing mark where nothing is claimed, or nothing applies: not publishable
        assert {fault.check for fault in problems} <= {"mark-missing", "no-leaf-applies", "marks-disagree"}
        return
    lines = standings(inputs, totals(inputs, sheets))
    rendered = render(inputs, inputs.units, sheets, lines, findings([], "publish"), 1)
    folder = tmp_path_factory.mktemp("bundle")
    main, annex = dict(rendered.main), dict(rendered.annex)
    for path, data in [*main.items(), *((f"annex/{path}", data) for path, data in annex.items())]:
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    recomputed = verify.recompute(folder)
    for prefix, files in (("", main), ("annex/", annex)):
        for part in ("results.csv", "scores.csv", "series.csv", "core.csv"):
            assert recomputed.get(prefix + part.removesuffix(".csv"), []) == rows(files.get(part, b""))
