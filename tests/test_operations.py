"""docs/operations.md says what happens: its commands end as it says they do, and say what it says they say."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from operations import BLOCK, PROMPT, masked, performed, site

PAGE = Path(__file__).resolve().parents[1] / "docs" / "operations.md"
TOLD = re.compile(r"^(✓|✗|=|·|ERROR|ĐẠT|\[exit|\[refuse\]|the same bytes|completed|migration)")


def told(page: str) -> list[str]:
    """The commands in their order, and below each what matters of its output: outcomes, refusals, exit statuses."""
    lines = [line for block in BLOCK.findall(page) for line in block.splitlines()]
    return [masked(line) for line in lines if PROMPT.fullmatch(line) or TOLD.match(line)]


@pytest.mark.slow
@pytest.mark.timeout(1200)
def test_the_operations_page_is_what_happens() -> None:
    page = PAGE.read_text(encoding="utf-8")
    with site() as here:
        assert told(performed(page, here.perform)) == told(page)
