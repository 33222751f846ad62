"""The documentation tells what the code does: rendered pages are fresh, and no command, check or status is left out."""

import importlib.util
import re
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import typer

from checks.rule_book import rule_book
from flows.command_line import app
from models.rules.states import MOVES, Status
from models.storage.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
VIETNAMESE = (ROOT / "README.vi.md").read_text(encoding="utf-8")
PAGES = sorted([ROOT / "README.md", ROOT / "README.vi.md", *(ROOT / "docs").rglob("*.md")])
NAMED = re.compile(r"`((?:flows|checks|models|tests|deploy|docs)/[\w/.-]+)`")
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)")


def renderer() -> ModuleType:
    """docs/render.py, which is a script and stands in no package."""
    spec = importlib.util.spec_from_file_location("docs_render", ROOT / "docs" / "render.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def commands(group: Any, before: str = "parindex") -> Iterator[str]:
    """Every command with its words, as a person types them."""
    for name, command in group.commands.items():
        words = f"{before} {name}"
        if hasattr(command, "commands"):
            yield from commands(command, words)
        else:
            yield words


COMMANDS = sorted(commands(typer.main.get_command(app)))


def test_rendered_pages_are_fresh(capsys: pytest.CaptureFixture[str]) -> None:
    assert renderer().main(["--check"]) == 0, capsys.readouterr().err


def test_a_stale_page_is_named_and_left_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    render = renderer()
    monkeypatch.setattr(render, "HERE", tmp_path)
    assert render.main([]) == 0
    (tmp_path / "states.md").write_text("old", encoding="utf-8")
    assert render.main(["--check"]) == 1
    told = capsys.readouterr().err
    assert "docs/states.md" in told
    assert "docs/checks.md" not in told
    assert (tmp_path / "states.md").read_text(encoding="utf-8") == "old"


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_stands_in_the_readme(command: str) -> None:
    assert re.search(rf"`{re.escape(command)}[ `]", README), command
    words = command.removeprefix("parindex ")
    assert re.search(rf"(?:parindex |`){re.escape(words)}\b", VIETNAMESE), words


def test_the_readme_tells_of_no_command_that_is_not_there() -> None:
    shown = re.findall(r"(?:^ {4}|`)(parindex [a-z]+(?:-[a-z]+)*(?: [a-z]+)?)", README + VIETNAMESE, re.M)
    assert shown
    known = set(COMMANDS) | {" ".join(command.split()[:2]) for command in COMMANDS if command.count(" ") == 1}
    assert {words for words in shown if words not in known and " ".join(words.split()[:2]) not in known} == set()


def test_every_setting_stands_in_both_readmes() -> None:
    source = (ROOT / "models" / "storage" / "settings.py").read_text(encoding="utf-8")
    names = set(re.findall(r'environ\.get\("(PARINDEX_\w+)"', source)) | {"PREFECT_API_URL"}
    fields = set(Settings.__dataclass_fields__) - {"login"}  # of the machine, not a setting
    assert len(names) == len(fields) + 1
    assert {name for name in names if f"`{name}`" not in README or f"`{name}`" not in VIETNAMESE} == set()


def test_every_fault_the_code_makes_stands_in_the_rule_book() -> None:
    sources = [path for room in ("models", "checks", "flows") for path in (ROOT / room).rglob("*.py")]
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources)
    told = set(re.findall(r'\bFault\(\s*"([^"]+)"', text))
    assert len(told) > 40
    assert told <= set(rule_book())


def test_every_status_has_a_move_to_or_from_it() -> None:
    assert {status for move in MOVES for status in (move.origin, move.target)} == set(Status)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_files_and_links_a_page_names_are_there(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    named = [ROOT / name for name in NAMED.findall(text)] + [page.parent / name for name in LINK.findall(text)]
    assert [path for path in named if not path.exists()] == []
