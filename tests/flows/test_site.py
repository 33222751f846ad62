"""The site: every link resolves, nothing comes from elsewhere, no name becomes markup, figures are as published."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from html import unescape
from html.parser import HTMLParser
from posixpath import dirname, join, normpath
from urllib.parse import unquote

import pandas as pd
import pytest
from flows.publication.bars import MOST_BARS, index_chart
from flows.publication.site_rows import move, signed, trimmed
from published import nothing_published, published

from flows.publication.report import results_report
from flows.publication.site import render_site
from flows.publication.site_input import SiteInput

SEEDS = range(8)
VOID = {"meta", "link", "br", "hr", "img", "input"}
HOSTILE = "<script>alert('x')</script> & \"Sở\""
KEY = 'sở "a" <b>#?%41&'


class Page(HTMLParser):
    """Links, ids and text of a page; fails on tags that do not close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.ids: list[str] = []
        self.pointed: list[str] = []
        self.tags: set[str] = set()
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()
        assert not self.open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        told = dict(attrs)
        assert not [name for name in told if name.startswith("on")]
        self.links += [value for name in ("href", "src") if (value := told.get(name))]
        self.ids += [told["id"] or ""] if "id" in told else []
        self.pointed += (told.get("aria-labelledby") or "").split()
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())


def pages(site: dict[str, bytes]) -> Iterator[tuple[str, Page]]:
    for path, data in site.items():
        if path.endswith(".html"):
            yield path, Page(data.decode())


def hostile(given: SiteInput) -> SiteInput:
    """The same figures with a first unit whose code, name and reasons are made to break a page."""
    unit = given.results["unit"].iloc[0]
    results = given.results.copy()
    results.loc[(results["unit"] == unit).to_numpy(), ["unit", "name"]] = [KEY, HOSTILE]
    scores = given.scores.replace({"unit": {unit: KEY}}).assign(reason=HOSTILE)
    return replace(given, results=results, scores=scores, name=HOSTILE, notes=[HOSTILE], synthetic=True)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_link_resolves_and_every_id_stands_once(seed: int) -> None:
    site = render_site(hostile(published(seed)))
    for path, page in pages(site):
        for link in page.links:
            target, _, fragment = link.partition("#")
            if target:
                assert normpath(join(dirname(path), unquote(target))) in site, (path, link)
            else:
                assert fragment in page.ids
        assert len(set(page.ids)) == len(page.ids)
        assert set(page.pointed) <= set(page.ids)


def test_nothing_is_fetched_from_elsewhere_and_nothing_runs() -> None:
    given = published(0)
    site = render_site(given) | {"report.html": results_report(given)}
    for path, data in site.items():
        text = data.decode()
        for sign in ("http:", "https:", "//cdn", "<script", "javascript:", "@import", "url(", "<iframe", "<img"):
            assert sign not in text.lower(), (path, sign)


def test_no_name_becomes_markup() -> None:
    given = hostile(published(1))
    site = render_site(given) | {"report.html": results_report(given, issuer=HOSTILE, checkpoint=HOSTILE)}
    plain = {path: page.tags for path, page in pages(render_site(published(1)))}
    for path, page in pages(site):
        assert "script" not in page.tags
        assert b"<script" not in site[path]
        assert page.tags <= set().union(*plain.values()) | {"style", "em"}
    assert HOSTILE.replace("  ", " ") in Page(site[f"unit/{KEY}.html"].decode()).text


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ranking_says_what_the_results_say(seed: int) -> None:
    given = published(seed)
    index = render_site(given)["index.html"].decode()
    rows = [unescape(re.sub("<[^>]+>", " ", row)) for row in re.findall(r"<tr>\n(.*?)</tr>", index, re.S)]
    rows = [" ".join(row.split()) for row in rows if "Rank" not in row]
    assert len(rows) == len(given.results)
    for told, (_, row) in zip(rows, given.results.iterrows(), strict=True):
        assert told.startswith(f"{row['rank']} " if row["rank"] else "không xếp hạng")
        assert row["name"] in told
        assert f" {row['index'] or '–'} " in told
        assert row["classification"] in told
        if row["comparable"] == "yes":
            assert signed(row["index_change"]) in told
        else:
            assert "không so sánh" in told


@pytest.mark.parametrize("seed", SEEDS)
def test_a_units_page_holds_every_score_and_what_was_lost(seed: int) -> None:
    given = published(seed)
    site = render_site(given)
    for unit, scores in given.scores.groupby("unit", sort=False):
        body = site[f"unit/{unit}.html"].decode()
        table = re.findall(r'<tr class="(\w+)(?: out)?">(.*?)</tr>', body)
        assert len(table) == len(scores)
        for (level, cells), (_, row) in zip(table, scores.iterrows(), strict=True):
            code, _, *told, source, reason = [unescape(one) for one in re.findall(r">([^<]*)</t[hd]>", cells)]
            assert (level, code, reason) == (row["level"], row["code"], row["reason"])
            names = ("maximum", "applicable", "self", "first_mark", "second_mark", "final")
            shown = [trimmed(row[name]) for name in names]
            if shown[1] == "0":
                shown[5] = "không áp dụng"
            assert told[:6] == shown
            if row["final"]:
                assert Fraction(told[6]) == Fraction(row["applicable"]) - Fraction(row["final"])
            assert bool(source) == (row["level"] == "leaf")


def test_warnings_stand_where_they_apply_and_only_there() -> None:
    given = published(0)
    plain = Page(render_site(given)["index.html"].decode()).text
    assert "chưa được đối chiếu" in plain
    assert "Số liệu minh hoạ" not in plain
    checked = {
        key: replace(framework, fields=tuple(_checked(part) for part in framework.fields))
        for key, framework in given.frameworks.items()
    }
    calm = replace(given, frameworks=checked, last_frameworks={})
    assert "Lưu ý" not in Page(render_site(calm)["index.html"].decode()).text
    assert "Số liệu minh hoạ" in Page(render_site(replace(calm, synthetic=True))["index.html"].decode()).text


def _checked(part):
    return replace(
        part,
        criteria=tuple(
            replace(one, leaves=tuple(replace(leaf, checked_on="2021-01-01") for leaf in one.leaves))
            for one in part.criteria
        ),
    )


def test_another_framework_than_last_year_is_said_for_compared_units() -> None:
    given = next(one for one in map(published, range(30)) if (one.results["comparable"] == "yes").any())
    unit = given.results.loc[(given.results["comparable"] == "yes").to_numpy(), "unit"].iloc[0]
    site = render_site(replace(given, last_frameworks={unit: "bo-cu"}))
    assert "khác năm trước (bo-cu)" in Page(site["index.html"].decode()).text
    assert "khác năm trước (bo-cu)" in Page(site[f"unit/{unit}.html"].decode()).text
    same = given.results.set_index("unit")["framework"].to_dict()
    assert "khác năm trước" not in Page(render_site(replace(given, last_frameworks=same))["index.html"].decode()).text


def test_the_method_page_holds_every_leaf_of_every_framework() -> None:
    given = published(0)
    text = Page(render_site(given)["method.html"].decode()).text
    for framework in given.used:
        assert framework.decision.number in text
        for leaf in framework.leaves:
            assert leaf.name in text


def test_the_verify_page_lists_the_files() -> None:
    given = replace(published(0), files=["inputs/a.csv", "inputs/b.csv", "verify.py", "results.csv"])
    text = Page(render_site(given)["verify.html"].decode()).text
    assert "python3 verify.py" in text
    assert text.count("inputs/") == 1


def test_a_version_without_published_units_is_still_a_site() -> None:
    site = render_site(nothing_published()) | {"report.html": results_report(nothing_published())}
    assert not [path for path in site if path.startswith("unit/")]
    assert all(page.text for _, page in pages(site))


def test_the_same_figures_give_the_same_pages() -> None:
    assert render_site(published(2)) == render_site(published(2))
    assert results_report(published(2)) == results_report(published(2))


def test_a_later_version_says_what_it_replaces() -> None:
    text = Page(render_site(replace(published(0), version=3))["index.html"].decode()).text
    assert "Bản công bố số 3, thay thế bản số 2" in text


def test_the_report_has_every_unit_place_for_signatures_and_the_checkpoint() -> None:
    given = published(0)
    text = Page(results_report(given, signatures=[("CHỦ TỊCH", "Nguyễn Văn A")], checkpoint="ab" * 32).decode()).text
    for name in given.results["name"]:
        assert name in text
    for told in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CHỦ TỊCH", "Nguyễn Văn A", "ab" * 32):
        assert told in text


def test_bars_start_at_zero_and_keep_their_proportion() -> None:
    chart = index_chart("Sở", [("a", "100.00", "Tốt"), ("b", "50.00", "Khá"), ("c", "-5.00", ""), ("d", "", "")])
    full, half, below, none = (Fraction(one.width) for one in chart.rows)
    assert half * 2 == full
    assert below == none == 0
    assert [one.told for one in chart.rows] == ["100.00", "50.00", "-5.00", "–"]


def test_a_chart_of_very_many_units_counts_them() -> None:
    many = [(f"u{place}", f"{place % 101}.00", "") for place in range(MOST_BARS + 200)]
    chart = index_chart("Xã", many)
    counted = {one.label: int(one.told.split()[0]) for one in chart.rows}
    assert sum(counted.values()) == len(many)
    assert next(iter(counted)) == "95 – 100"


def test_signs_and_zeros_are_written_as_people_do() -> None:
    assert [trimmed(text) for text in ("0.50000", "10.00", "100", "-1.50", "0.00", "")] == [
        "0.5",
        "10",
        "100",
        "-1.5",
        "0",
        "",
    ]
    assert [signed(text) for text in ("1.20", "-1.20", "0.00")] == ["+1.20", "-1.20", "0.00"]
    assert [move(text) for text in ("2", "0", "-1", "")] == [
        ("lên 2 hạng", "up 2"), ("giữ hạng", "same rank"), ("xuống 1 hạng", "down 1"), None,
    ]  # fmt: skip


def test_thousands_of_pages_take_seconds(record_property) -> None:
    import time

    given = next(one for one in map(published, range(30)) if len(one.results) > 3)
    copies = 150
    results = pd.concat([given.results.assign(unit=given.results["unit"] + f"-{n}") for n in range(copies)])
    scores = pd.concat([given.scores.assign(unit=given.scores["unit"] + f"-{n}") for n in range(copies)])
    began = time.monotonic()
    site = render_site(replace(given, results=results, scores=scores))
    took = time.monotonic() - began
    record_property("seconds", took)
    assert len(site) == len(results) + 5
    assert took < 0.02 * len(results)  # a page takes about 2 ms here; ten times that is a fault
