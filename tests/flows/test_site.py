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
from published import nothing_published, published, published_whole, whole_site

from flows.publication.report import results_report
from flows.publication.site.charts import distribution, index_bars
from flows.publication.site.rows import move, signed, trimmed
from flows.publication.site_input import SiteInput

SEEDS = range(8)
VOID = {"meta", "link", "br", "hr", "img", "input"}
NAMESPACES = ("data/dcat.jsonld", "icon.svg")
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
        assert tag != "script" or set(told) == {"src", "defer"}
        assert "style" not in told
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
    given = hostile(published_whole(seed))
    site, listed = whole_site(given), {one.path for one in given.files}
    for path, page in pages(site):
        for link in page.links:
            target, _, fragment = link.partition("#")
            if target:
                there = normpath(join(dirname(path), unquote(target)))
                assert there in site or there.removeprefix("../") in listed, (path, link)
            assert fragment in (page.ids if not target else ("", "en"))
        assert len(set(page.ids)) == len(page.ids)
        assert set(page.pointed) <= set(page.ids)


def test_nothing_is_fetched_from_elsewhere_and_nothing_runs() -> None:
    given = published_whole(0)
    site = whole_site(given) | {"report.html": results_report(given)}
    for path, data in site.items():
        text = data.decode().lower()
        if path in NAMESPACES:  # they name things by addresses that nobody fetches
            continue
        for sign in (
            "http:",
            "https:",
            "//cdn",
            "javascript:",
            "@import",
            "url(",
            "<iframe",
            "<img",
            "<style",
            "fetch(",
        ):
            assert sign not in text or (path, sign) == ("report.html", "<style"), (path, sign)
        for script in re.findall("<script.*?</script>", text):
            assert re.fullmatch(r'<script src="(\.\./)?site\.js" defer></script>', script)


def test_no_name_becomes_markup() -> None:
    given = hostile(published_whole(1))
    site = whole_site(given) | {"report.html": results_report(given, issuer=HOSTILE, checkpoint=HOSTILE)}
    plain = {path: page.tags for path, page in pages(whole_site(published_whole(1)))}
    for path, page in pages(site):
        assert site[path].count(b"<script") == (path != "report.html")
        assert page.tags <= set().union(*plain.values()) | {"style", "em"}
    assert HOSTILE.replace("  ", " ") in Page(site[f"unit/{KEY}.html"].decode()).text


@pytest.mark.parametrize("seed", SEEDS)
def test_the_ranking_says_what_the_results_say(seed: int) -> None:
    given = published(seed)
    index = whole_site(given)["index.html"].decode()
    bodies = "".join(re.findall("<tbody>(.*?)</tbody>", index, re.S))
    rows = [unescape(re.sub("<[^>]+>", " ", row)) for row in re.findall(r"<tr>(.*?)</tr>", bodies, re.S)]
    rows = [" ".join(row.split()) for row in rows]
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
    site = whole_site(given)
    for unit, scores in given.scores.groupby("unit", sort=False):
        body = site[f"unit/{unit}.html"].decode()
        table = re.findall(r'<tr class="(field|criterion|leaf)(?: out)?">(.*?)</tr>', body)
        assert len(table) == len(scores)
        for (level, cells), (_, row) in zip(table, scores.iterrows(), strict=True):
            texts = re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", cells)
            code, wording, *told, reason = [unescape(re.sub("<[^>]+>", "", one)) for one in texts]
            assert (level, code, reason) == (row["level"], row["code"], row["reason"])
            names = ("maximum", "applicable", "self", "first_mark", "second_mark", "final")
            shown = [trimmed(row[name]) for name in names]
            if shown[1] == "0":
                shown[5] = "không áp dụng not applicable"
            assert told[:6] == shown
            if row["final"]:
                assert Fraction(told[6]) == Fraction(row["applicable"]) - Fraction(row["final"])
            assert ("điều tra xã hội học" in wording) == (row["source"] == "survey")


def test_warnings_stand_where_they_apply_and_only_there() -> None:
    given = published(0)
    plain = Page(whole_site(given)["index.html"].decode()).text
    assert "chưa được đối chiếu" in plain
    assert "Số liệu minh hoạ" not in plain
    checked = {
        key: replace(framework, fields=tuple(_checked(part) for part in framework.fields))
        for key, framework in given.frameworks.items()
    }
    calm = replace(given, frameworks=checked, last_frameworks={})
    assert "Lưu ý" not in Page(whole_site(calm)["index.html"].decode()).text
    assert "Số liệu minh hoạ" in Page(whole_site(replace(calm, synthetic=True))["index.html"].decode()).text


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
    site = whole_site(replace(given, last_frameworks={unit: "bo-cu"}))
    assert "khác năm trước (bo-cu)" in Page(site["index.html"].decode()).text
    assert "khác năm trước (bo-cu)" in Page(site[f"unit/{unit}.html"].decode()).text
    same = given.results.set_index("unit")["framework"].to_dict()
    assert "khác năm trước" not in Page(whole_site(replace(given, last_frameworks=same))["index.html"].decode()).text


def test_the_method_page_holds_every_leaf_of_every_framework() -> None:
    given = published(0)
    text = Page(whole_site(given)["method.html"].decode()).text
    for framework in given.used:
        assert framework.decision.number in text
        for leaf in framework.leaves:
            assert leaf.name in text


def test_a_version_without_published_units_is_still_a_site() -> None:
    site = whole_site(nothing_published()) | {"report.html": results_report(nothing_published())}
    assert not [path for path in site if path.startswith("unit/")]
    assert all(page.text for _, page in pages(site))


def test_the_same_figures_give_the_same_pages() -> None:
    assert whole_site(published(2)) == whole_site(published(2))
    assert results_report(published(2)) == results_report(published(2))


def test_a_later_version_says_what_it_replaces() -> None:
    site = whole_site(replace(published(0), version=3))
    for page in ("index.html", "versions.html"):
        assert "Bản công bố số 3, thay thế bản số 2" in Page(site[page].decode()).text


def test_the_report_has_every_unit_place_for_signatures_and_the_checkpoint() -> None:
    given = published(0)
    text = Page(results_report(given, signatures=[("CHỦ TỊCH", "Nguyễn Văn A")], checkpoint="ab" * 32).decode()).text
    for name in given.results["name"]:
        assert name in text
    for told in ("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "CHỦ TỊCH", "Nguyễn Văn A", "ab" * 32):
        assert told in text


def test_bars_start_at_zero_and_keep_their_proportion() -> None:
    rows = index_bars(
        [("a", "100.00", "Tốt"), ("b", "50.00", "Khá"), ("c", "-5.00", ""), ("d", "", ""), ("e", "101", "")]
    )
    full, half, below, none, above = (Fraction(one.width) for one in rows)
    assert half * 2 == full == above
    assert below == none == 0
    assert [one.told for one in rows] == ["100.00", "50.00", "-5.00", "–", "101"]


def test_a_chart_of_very_many_units_counts_them() -> None:
    rows = distribution([f"{place % 101}.00" for place in range(260)])
    assert sum(int(one.told) for one in rows) == 260
    assert rows[0].label == "95 – 100 %"


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
        ("▲ lên 2", "▲ up 2"), ("= giữ hạng", "= same rank"), ("▼ xuống 1", "▼ down 1"), None,
    ]  # fmt: skip


def test_the_site_grows_with_the_units_alone() -> None:
    given = next(one for one in map(published, range(30)) if len(one.results) > 3)

    def size(copies: int) -> int:
        results = pd.concat([given.results.assign(unit=given.results["unit"] + f"-{n:03}") for n in range(copies)])
        scores = pd.concat([given.scores.assign(unit=given.scores["unit"] + f"-{n:03}") for n in range(copies)])
        site = whole_site(replace(given, results=results, scores=scores))
        assert len([path for path in site if path.startswith("unit/")]) == len(results)
        return sum(map(len, site.values()))

    one, two, three = size(100), size(200), size(300)
    assert abs((three - two) - (two - one)) < (two - one) // 20


def test_everything_said_is_said_in_both_languages() -> None:
    for path, data in whole_site(published_whole(0)).items():
        if path.endswith(".html"):
            text = re.sub("<title>.*?</title>", "", data.decode(), flags=re.S)
            assert text.count('<span class="v">') == text.count('<span class="e" lang="en">'), path
            assert text.count('<a class="v"') == text.count('<a class="e"'), path
            for to in re.findall('<a class="e" (?:lang="en" )?href="([^"]+)"', text):
                assert to.endswith("#en"), (path, to)


def test_no_more_than_one_page_per_unit_and_field() -> None:
    given = published_whole(0)
    site = whole_site(given)
    fields = sum(len(given.frameworks[given.of_bloc(key)["framework"].iloc[0]].fields) for key, _ in given.shown_blocs)
    assert len([path for path in site if path.startswith("field/")]) == fields
    assert {path.rpartition("/")[2] for path in site if path.startswith("unit/")} == {
        f"{unit}.html" for unit in given.results["unit"]
    }
