"""Nghệ An, Tân Kỳ, 22 communes: what the communes got from their district counts for the district in the province.

Three levels of units in two cycles of one installation. Every figure is made up; Tân Kỳ's communes are those of the
example tan-ky.
"""

from __future__ import annotations

import csv
import hashlib
import io
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import pytest

CYCLE, BELOW = "nghe-an", "tan-ky"
DISTRICT = "huyen-tan-ky"


@pytest.fixture(scope="module", name="communes")
def what_the_communes_got(told, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[dict[str, str]]]:
    """The export of the lower cycle's first version, and the communes in its results.csv."""
    place = tmp_path_factory.mktemp(BELOW) / "export"
    assert told.command(["export", BELOW, "--version", "1", "--to", str(place)]) == 0
    rows = list(csv.DictReader(io.StringIO((place / "results.csv").read_text(encoding="utf-8"))))
    return place, [row for row in rows if row["bloc"] == "xa"]


def rounded(value: Fraction) -> str:
    """Five decimals, ties away from zero, computed apart from the engine."""
    exact = Decimal(value.numerator) / Decimal(value.denominator)
    return str(exact.quantize(Decimal("0.00001"), ROUND_HALF_UP))


def test_the_lower_cycle_is_published_first_and_then_the_province(told) -> None:
    assert told.said.index("publish: version 1, new 1, units 23") < told.said.index(
        "publish: version 1, new 1, units 8"
    )


def test_departments_and_districts_are_ranked_apart_in_one_cycle(told) -> None:
    ranks = {bloc: [row["rank"] for row in told.rows("results.csv") if row["bloc"] == bloc] for bloc in ("so", "huyen")}
    assert ranks == {"so": ["1", "2", "3"], "huyen": ["1", "2", "3", "4", "5"]}


def test_tan_ky_gets_the_exact_mean_of_its_22_communes(told, communes) -> None:
    _, rows = communes
    assert len(rows) == 22
    mean = sum(Fraction(row["points"]) / Fraction(row["maximum"]) for row in rows) / 22
    assert told.scores(DISTRICT, "leaf")["5.1"]["final"] == rounded(12 * mean)


def test_and_the_share_of_them_that_are_kha_or_better(told, communes) -> None:
    _, rows = communes
    good = sum(row["classification"] in ("Tốt", "Khá") for row in rows)
    assert 0 < good < 22
    assert told.scores(DISTRICT, "leaf")["5.2"]["final"] == rounded(Fraction(8 * good, 22))


def test_an_auditor_walks_down_from_the_source_to_the_communes(told, communes) -> None:
    place, _ = communes
    sources = {row["code"]: row["source"] for row in told.rows("inputs/statistics.csv") if row["unit"] == DISTRICT}
    results = hashlib.sha256((place / "results.csv").read_bytes()).hexdigest()
    assert set(sources) == {"5.1", "5.2"}
    for source in sources.values():
        assert f"kỳ / cycle tan-ky v1, results.csv sha256 {results}" in source
    manifest = hashlib.sha256((place / "manifest.json").read_bytes()).hexdigest()
    assert manifest in told.files["manifest.json"].decode()
    assert told.command(["verify", str(place)]) == 0


def test_the_other_districts_report_in_writing(told) -> None:
    sources = {row["source"] for row in told.rows("inputs/statistics.csv") if row["unit"] != DISTRICT}
    assert sources == {"Số liệu minh hoạ: kết quả huyện chấm xã, gửi bằng văn bản"}


def test_one_secretariat_sees_the_whole_tree(told, capsys: pytest.CaptureFixture[str]) -> None:
    assert told.command(["cycle", "list", "--tree"]) == 0
    out = capsys.readouterr().out
    assert out.index("│ nghe-an") < out.index("└─ tan-ky")


def test_everything_can_be_recomputed_from_the_export_alone(told) -> None:
    assert told.command(["verify", str(told.export)]) == 0
