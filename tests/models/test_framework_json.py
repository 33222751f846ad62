"""A framework's digest is that of its canonical text, computed once however many units share it."""

from __future__ import annotations

import hashlib

import pytest

from models.rules import framework_json
from models.rules.framework import Framework
from models.rules.framework_json import digests, dump
from models.storage.framework_folders import built_in


def test_frameworks_that_many_units_share_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = (built_in(key)[0] for key in ("provinces-2948", "ministries-1149"))
    assert one is not None
    assert other is not None
    read: list[str] = []

    def counting(framework: Framework) -> str:
        read.append(framework.id)
        return dump(framework)

    monkeypatch.setattr(framework_json, "dump", counting)
    found = digests({"a": one, "b": other, "c": one, "d": one})
    assert sorted(read) == ["ministries-1149", "provinces-2948"]
    assert found["a"] == found["c"] == found["d"] == hashlib.sha256(dump(one).encode()).hexdigest()
    assert found["b"] == hashlib.sha256(dump(other).encode()).hexdigest()
