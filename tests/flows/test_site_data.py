"""The survey sheet, the data page with dictionary and DCAT, versions and corrections; and what a real cycle puts there."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import small_cycle
from published import published, published_whole, whole_site

from checks.rule_book import FINDINGS
from flows.publication.changes import COLUMNS
from flows.publication.inputs_folder import TABLES
from flows.publication.site.data import kilobytes
from flows.publication.site.dcat import catalogue
from flows.publication.site.dictionary import TYPES, columns_of, dictionary
from flows.publication.site.survey_sheet import Asked, SurveySheet, sums
from models.rules.comparable_core import CORE
from models.rules.results import RESULTS, SCORES
from models.rules.series import SERIES


def test_a_small_group_is_told_without_any_number_that_follows_from_it() -> None:
    few = "&lt; 5"
    for one, returned in (
        (Asked("u", "g", 40, 30, 4, 12), ("30", "75.0%")),
        (Asked("u", "g", 40, 30, 12, 4), ("30", "75.0%")),
        (Asked("u", "g", 40, 3, 0, 0), (few, "–")),
        (Asked("u", "g", 40, 4, 4, 4), (few, "–")),
        (Asked("u", "g", None, None, 1, 1), ("–", "–")),
    ):
        sent, *came_back, valid, error, among = one.cells()
        assert (tuple(came_back), valid, error, among) == (returned, few, "–", "–")
        assert sent in ("40", "–")
        assert one.small


def test_what_is_left_out_cannot_be_reckoned_back_from_the_sums() -> None:
    told = [Asked("a", "dan", 20, 18, 15, 15), Asked("b", "dan", 20, 10, 3, 3), Asked("c", "dan", 10, 8, 8, 8)]
    [(group, counted, cells)] = sums(told)
    assert (group, counted) == ("dan", 2)
    assert cells[:4] == ("30", "26", "86.7%", "23")
    [(_, none, empty)] = sums([told[1]])
    assert (none, set(empty)) == (0, {"–"})


def test_the_sheet_says_sent_returned_valid_and_the_margin() -> None:
    assert Asked("u", "g", 60, 52, 50, 50).cells() == ("60", "52", "86.7%", "50", "± 13.9", "± 5.7")
    assert Asked("u", "g", None, None, 384, 400).cells() == ("–", "–", "–", "384–400", "± 5.0", "–")
    assert Asked("u", "g", 10, 0, 0, 0).cells() == ("10", "0", "0.0%", "0", "–", "–")


def test_every_group_that_a_leaf_weighs_stands_on_the_sheet() -> None:
    given = next(one for one in map(published, range(60)) if len(one.survey_valid))
    asked = SurveySheet(given).asked
    for unit, framework in zip(given.results["unit"], given.results["framework"], strict=True):
        weighed = {
            group
            for leaf in given.frameworks[framework].leaves
            if leaf.source == "survey"
            for group in leaf.rule.group_weights  # type: ignore[union-attr]
        }
        assert {one.group for one in asked.get(unit, [])} == weighed


def test_the_dictionary_has_every_column_of_every_published_table() -> None:
    tables = {
        "results.csv": RESULTS,
        "scores.csv": SCORES,
        "findings.csv": FINDINGS,
        "changes.csv": COLUMNS,
        "series.csv": SERIES,
        "core.csv": CORE,
    }
    tables |= {f"inputs/{name}.csv": columns for name, columns in TABLES.items()}
    assert {one.table for one in dictionary()} == set(tables)
    for table, columns in tables.items():
        assert [one.column for one in columns_of(table)] == list(columns), table
    for one in dictionary():
        assert all(one.meaning), one
        assert one.type in TYPES if one.column else not one.type


def test_dcat_describes_every_file_with_its_digest_and_knows_no_moment() -> None:
    given = published_whole(0)
    told = json.loads(whole_site(given)["data/dcat.jsonld"])
    assert told["dct:issued"]["@value"] == given.publishes
    named = {one["dct:title"]: one for one in told["dcat:distribution"]}
    assert set(named) == {one.path for one in given.files}
    for one in given.files:
        checksum = named[one.path].get("spdx:checksum", {}).get("spdx:checksumValue", {}).get("@value", "")
        assert checksum == one.sha256
        assert named[one.path]["dcat:downloadURL"] == {"@id": f"../../{one.path}"}
    assert "dct:issued" not in catalogue(replace(given, publishes=""))


def test_sizes_are_whole_kilobytes() -> None:
    assert [kilobytes(size) for size in (0, 1, 1024, 1535, 1536, 10**6)] == [
        "",
        "1 KB",
        "1 KB",
        "1 KB",
        "2 KB",
        "977 KB",
    ]


def test_the_page_of_versions_tells_decisions_and_cells_and_stops_at_many() -> None:
    given = published_whole(0)
    page = whole_site(given)["versions.html"].decode()
    for told in ("15/QĐ", "Hội đồng", "Cộng nhầm", "points=0.5", "miễn chấm", given.changes["after"].iloc[0]):
        assert told in page
    many = pd.concat([given.changes] * 700, ignore_index=True)
    page = whole_site(replace(given, changes=many))["versions.html"].decode()
    assert "700 ô của 1 đơn vị" in page
    assert page.partition("<tbody>")[2].count("<tr>") == 500
    assert "bản công bố đầu tiên" in whole_site(published(0))["versions.html"].decode()


def test_a_published_cycle_tells_its_sample_its_digests_and_its_corrections(installation, tmp_path: Path) -> None:
    parindex, made = installation(), small_cycle.files()
    made["survey/sample.csv"] = small_cycle.table(
        "unit,group,sent,returned", ("alpha", "dan", 9, 7), ("alpha", "lanh_dao", 2, 1), ("gamma", "dan", 12, 6)
    )
    made["units.csv"] = small_cycle.table(
        "unit,name,bloc,published",
        ("alpha", "Sở Alpha", "so", "yes"), ("beta", "Sở Bí Mật", "so", "no"), ("gamma", "Sở Gamma", "so", "yes"),
    )  # fmt: skip
    assert parindex("run", small_cycle.write(tmp_path / "c", made)) == 0, parindex.err
    decision = tmp_path / "correction.yaml"
    decision.write_text(
        'decision: "12/QĐ-HĐ"\ndecided_by: Hội đồng\nreason: Như đã làm với beta, tức Sở Bí Mật\ncorrections:\n'
        '  - {unit: beta, code: "1.1.2", round: 2, numerator: "10", denominator: "10"}\n'
        '  - {unit: gamma, kind: bonus, points: "0.5"}\n'
    )
    assert parindex("correct", "nho-2020", decision) == 0, parindex.err
    assert parindex("publish", "nho-2020") == 0, parindex.err
    files = parindex.exported("nho-2020")
    versions = files["site/versions.html"].decode()
    assert "12/QĐ-HĐ" in versions
    assert "points=0.5" in versions
    assert "1.1.2" not in versions.partition("Các ô khác")[0]  # what was decided on an unpublished unit
    for path, data in files.items():
        if path.startswith("site/"):
            assert "Sở Bí Mật".encode() not in data, path
    survey = files["site/survey.html"].decode()
    assert '<td>dan</td><td class="n">9</td><td class="n">7</td><td class="n">77.8%</td><td class="n">6</td>' in survey
    assert '<td>lanh_dao</td><td class="n">2</td><td class="n">&lt; 5</td>' in survey
    told = json.loads(files["site/data/dcat.jsonld"])
    for one in told["dcat:distribution"]:
        data = files[one["dct:title"]]
        if "spdx:checksum" in one:
            assert one["spdx:checksum"]["spdx:checksumValue"]["@value"] == hashlib.sha256(data).hexdigest()
            assert one["dcat:byteSize"]["@value"] == str(len(data))
    assert {one["dct:title"] for one in told["dcat:distribution"]} == {
        path for path in files if not path.startswith(("site/", "manifest.sha256"))
    }
