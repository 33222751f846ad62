"""The first command a newcomer runs."""

from __future__ import annotations


def test_the_demo_publishes_its_ranking_and_changes_nothing_the_second_time(installation) -> None:
    parindex = installation()
    assert parindex("demo") == 0, parindex.err
    for figure in ("92.510", "83.663", "77.030", "56.167"):
        assert figure in parindex.out
    assert "version 1, new 1" in parindex.out
    assert parindex("demo") == 0, parindex.err
    assert "version 1, new 0" in parindex.out
