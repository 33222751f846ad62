"""The small example cycles: each folder is what its builder writes, says that it is made up, and is packaged."""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from models.storage.framework_folders import find_framework

ROOT = Path(__file__).parents[2]
EXAMPLES = ROOT / "deploy" / "examples"
NAMES = ("ha-giang", "ministries-2020", "nghe-an", "provinces-2025", "tan-ky", "thai-nguyen-2017")
ROOM = 2**20


@pytest.fixture(scope="module")
def builder() -> Iterator[Any]:
    """deploy/examples/build.py, which stands in no package."""
    sys.path.insert(0, str(EXAMPLES))
    import build

    yield build
    sys.path.remove(str(EXAMPLES))


def test_the_builder_knows_every_small_example(builder: Any) -> None:
    assert builder.NAMES == NAMES
    assert {path.parent.name for path in EXAMPLES.glob("*/cycle.yaml")} == {"dien-bien-2020", *NAMES}


@pytest.mark.parametrize("name", NAMES)
def test_the_committed_folder_is_what_the_builder_writes(builder: Any, name: str) -> None:
    files = builder.generated(name)
    there = {path.relative_to(EXAMPLES / name).as_posix(): path.read_bytes() for path in _files(name)}
    by_hand = (
        "README.md",
        "cycle.yaml",
        "units.csv",
        "appraisers.csv",
        "frameworks/",
        "previous/",
        "commendation.yaml",
    )
    assert {path for path in there if not path.startswith(by_hand)} == set(files)
    assert [path for path, data in files.items() if there[path] != data] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_folder_is_small_and_says_in_both_languages_that_it_is_made_up(name: str) -> None:
    assert sum(path.stat().st_size for path in _files(name)) < ROOM
    for page in ("cycle.yaml", "README.md"):
        text = (EXAMPLES / name / page).read_text(encoding="utf-8").lower()
        assert "số liệu minh hoạ" in text
        assert "illustrative data" in text


@pytest.mark.parametrize("folder", sorted(EXAMPLES.glob("*/frameworks/*")), ids=lambda folder: folder.name)
def test_no_leaf_of_a_made_up_framework_claims_to_be_compared_with_an_annex(folder: Path) -> None:
    framework, faults = find_framework(str(folder))
    assert framework is not None
    assert {fault.check for fault in faults} == {"leaf-unchecked"}
    assert {leaf.checked_on for leaf in framework.leaves} == {None}


def test_every_example_is_packaged() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    included = settings["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    packaged = {source: to for source, to in included.items() if to.startswith("parindex_examples/")}
    assert packaged == {f"deploy/examples/{name}": f"parindex_examples/{name}" for name in _packaged()}


def _files(name: str) -> list[Path]:
    return [path for path in (EXAMPLES / name).rglob("*") if path.is_file()]


def _packaged() -> set[str]:
    """Every cycle, and what arrives later where there is such a folder."""
    return {path.parent.name for path in (*EXAMPLES.glob("*/cycle.yaml"), *EXAMPLES.glob("*-later/inbox"))}
