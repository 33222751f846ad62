"""The site in a real browser, from a folder as from a USB stick: links, sorting, filtering, language, print, access."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from published import published_whole, whole_site

from flows.publication.site_input import SiteInput

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

BROWSER = shutil.which("chromium") or shutil.which("google-chrome")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not BROWSER, reason="no Chromium on this machine"),
]
A4 = (595, 842)  # points


@dataclass
class Watched:
    """A page, with what it asked for and complained of."""

    page: Page
    given: SiteInput
    folder: Path
    asked: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{(self.folder / 'site').as_uri()}/{path}")
        return self.page

    @property
    def kinds(self) -> list[str]:
        """A page of every kind."""
        unit, bloc = self.given.results["unit"].iloc[0], self.given.shown_blocs[0][0]
        part = self.given.frameworks[self.given.results["framework"].iloc[0]].fields[0].code
        shared = ("index", "fields", "method", "survey", "data", "versions", "verify")
        return [f"unit/{unit}.html", f"field/{bloc}-{part}.html", *(f"{one}.html" for one in shared)]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        started = player.chromium.launch(executable_path=BROWSER, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture(scope="module")
def published_folder(tmp_path_factory: pytest.TempPathFactory) -> tuple[SiteInput, Path]:
    """A whole site with the files it links to, as an export has them."""
    given, folder = published_whole(0), tmp_path_factory.mktemp("usb")
    files = {f"site/{path}": data for path, data in whole_site(given).items()}
    for path, data in (files | {one.path: b"x" for one in given.files}).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return given, folder


def wrong(request) -> list[str]:
    """What failed; the icon of a page that was left before it came is broken off by the browser, and nothing wrong."""
    return [] if request.failure == "net::ERR_ABORTED" else [f"{request.url} {request.failure}"]


@pytest.fixture(name="site", params=[True, False], ids=["with scripts", "without scripts"])
def watched(request: pytest.FixtureRequest, browser: Browser, published_folder) -> Iterator[Watched]:
    """The site in a fresh window; at the end nothing was asked of anybody else and nothing went wrong."""
    given, folder = published_folder
    context = browser.new_context(java_script_enabled=request.param, locale="vi-VN")
    made = Watched(context.new_page(), given, folder)
    made.page.on("request", lambda one: made.asked.append(one.url))
    made.page.on("console", lambda one: made.complaints.append(one.text))
    made.page.on("pageerror", lambda one: made.complaints.append(str(one)))
    made.page.on("requestfailed", lambda one: made.complaints.extend(wrong(one)))
    yield made
    context.close()
    assert not made.complaints
    assert [url for url in made.asked if not url.startswith(folder.as_uri())] == []


with_scripts = pytest.mark.parametrize("site", [True], indirect=True, ids=["with scripts"])


def texts(page, selector: str) -> list[str]:
    """What is seen of every element."""
    return [one.strip() for one in page.locator(selector).all_inner_texts()]


def test_every_link_leads_somewhere(site: Watched) -> None:
    seen, waiting = set[str](), ["index.html"]
    root = (site.folder / "site").as_uri() + "/"
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        page = site.open(path)
        for address in page.locator("a[href]").evaluate_all("all => all.map(one => one.href)"):
            target = address.partition("#")[0]
            if target.startswith(root) and target.endswith(".html"):
                waiting.append(target.removeprefix(root))
            else:
                assert (site.folder / target.removeprefix(site.folder.as_uri() + "/")).is_file(), (path, address)
    made = {one.relative_to(site.folder / "site").as_posix() for one in (site.folder / "site").rglob("*.html")}
    assert seen == made


def test_a_reader_goes_from_the_ranking_to_a_unit_in_english_and_stays_there(site: Watched) -> None:
    page = site.open("index.html")
    name = site.given.results["name"].iloc[0]
    assert page.get_by_role("heading", level=2).last.inner_text() == "Ghi chú"
    page.get_by_role("link", name="English", exact=True).click()
    assert page.get_by_role("heading", level=2).last.inner_text().strip() == "Notes"
    page.get_by_role("link", name=name, exact=True).first.click()
    assert page.get_by_role("heading", level=1).inner_text() == name
    assert "Strengths and weaknesses" in texts(page, "h2")
    assert "Điểm mạnh, điểm yếu" not in texts(page, "h2")
    page.get_by_role("link", name="Skip to content").focus()
    page.keyboard.press("Enter")
    assert "Strengths and weaknesses" in texts(page, "h2")
    page.get_by_role("navigation").get_by_role("link", name="Survey").click()
    assert page.get_by_role("heading", level=1).inner_text().strip() == "Survey sheet"
    page.get_by_role("link", name="Tiếng Việt").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Phiếu điều tra xã hội học"


@with_scripts
def test_the_chosen_language_is_kept_on_the_next_visit(site: Watched) -> None:
    page = site.open("index.html")
    page.get_by_role("link", name="English", exact=True).click()
    assert page.evaluate("document.documentElement.lang") == "en"
    page = site.open("method.html")
    assert page.get_by_role("heading", level=1).inner_text().strip() == "Method"


@with_scripts
def test_a_click_on_a_head_sorts_the_ranking_and_another_turns_it_round(site: Watched) -> None:
    page = site.open("index.html")
    table = page.locator("table.ranking").first
    bloc = site.given.of_bloc(site.given.shown_blocs[0][0])
    units = bloc["name"].tolist()
    assert texts(table, "tbody th") == units
    for column, numeric in (("Chỉ số (%)", True), ("Đơn vị", False)):
        table.get_by_role("button", name=f"Sắp xếp theo {column}").click()
        assert table.locator("[aria-sort=ascending]").count() == 1
        up = texts(table, "tbody th")
        table.get_by_role("button", name=f"Sắp xếp theo {column}").click()
        down = texts(table, "tbody th")
        if numeric:
            index = dict(zip(bloc["name"], bloc["index"], strict=True))
            told = [float(index[one]) for one in up]
            assert told == sorted(told)
            assert [float(index[one]) for one in down] == sorted(told, reverse=True)
        else:
            assert up == down[::-1]
            assert sorted(up) == sorted(units)


@with_scripts
def test_a_class_is_chosen_and_only_its_units_are_left(site: Watched) -> None:
    page = site.open("index.html")
    bloc = site.given.of_bloc(site.given.shown_blocs[0][0])
    kind = bloc["classification"].iloc[0]
    page.get_by_label("Xếp loại").first.select_option(kind)
    left = bloc.loc[(bloc["classification"] == kind).to_numpy(), "name"].tolist()
    assert texts(page.locator("table.ranking").first, "tbody tr:visible th") == left


@with_scripts
def test_typing_without_marks_finds_a_unit_and_says_how_many_are_left(site: Watched) -> None:
    page = site.open("fields.html")
    table = page.locator("table.heat").first
    name = texts(table, "tbody th")[0]
    page.get_by_label("Lọc theo chữ").first.fill(name.upper().replace("Đ", "D").replace("Ơ", "O"))
    assert texts(table, "tbody tr:visible th") == [name]
    assert page.get_by_role("status").first.inner_text().startswith("1 / ")
    page.get_by_label("Lọc theo chữ").first.fill("không ai")
    assert texts(table, "tbody tr:visible th") == []


def test_everything_can_be_reached_by_keyboard(site: Watched) -> None:
    page = site.open("index.html")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.innerText") == "Bỏ qua đến nội dung"
    wanted = page.locator("a[href]:visible, button:visible, input:visible, select:visible, [tabindex='0']").count()
    reached = set()
    for number in range(wanted + 2):
        place = page.evaluate(
            "(() => { const all = [...document.querySelectorAll('*')]; return all.indexOf(document.activeElement) })()"
        )
        reached.add(place)
        page.keyboard.press("Tab")
        assert number <= wanted + 1
    assert len(reached) >= wanted


@with_scripts
@pytest.mark.parametrize("language", ["", "#en"])
def test_axe_finds_nothing(site: Watched, language: str) -> None:
    axe = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
    faults = []
    for path in site.kinds:
        page = site.open(path + language)
        page.evaluate(axe)
        found = page.evaluate("axe.run(document, {resultTypes: ['violations'], preload: false})")
        faults += [(path, one["id"], [node["html"][:120] for node in one["nodes"][:3]]) for one in found["violations"]]
    assert not faults, json.dumps(faults, ensure_ascii=False, indent=1)


def test_no_page_is_wider_than_a_phone(site: Watched) -> None:
    for path in site.kinds:
        page = site.open(path)
        page.set_viewport_size({"width": 390, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path


def test_every_page_prints_on_a4_with_nothing_cut_off(site: Watched, tmp_path: Path) -> None:
    from pypdf import PdfReader

    for path in site.kinds:
        page = site.open(path)
        page.emulate_media(media="print")
        landscape = page.locator("body.landscape").count() == 1
        width = round((297 - 24 if landscape else 210 - 24) / 25.4 * 96)
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
        for name in ("nav", ".language"):
            assert not page.locator(name).first.is_visible()
        pdf = tmp_path / "page.pdf"
        page.pdf(path=str(pdf), prefer_css_page_size=True)
        sheet = PdfReader(pdf).pages[0].mediabox
        size = tuple(sorted((round(float(sheet.width)), round(float(sheet.height)))))
        assert all(abs(one - other) <= 1 for one, other in zip(size, A4, strict=True)), path
        assert (sheet.width > sheet.height) == landscape, path
        page.emulate_media(media="screen")
