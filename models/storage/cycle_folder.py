from __future__ import annotations
from dataclasses import dataclass
from pathlib import Path
import unicodedata


@dataclass(frozen=True)
class Entry:
    path: str
    raw_path: str
    size: int


def evidence_path(t):
    if t.startswith("/") or ".." in t.split("/"):
        raise ValueError("inside evidence/")
    return t


class CycleFolder:
    def __init__(self, place, settings=None):
        self.base = Path(place)
        self.faults = []

    def list(self, prefix):
        b = self.base / prefix
        return [
            Entry(unicodedata.normalize("NFC", p.relative_to(self.base).as_posix()), str(p), p.stat().st_size)
            for p in sorted(b.rglob("*"))
            if p.is_file()
        ]

    def find(self, path):
        p = self.base / path
        return Entry(path, str(p), p.stat().st_size) if p.is_file() else None

    def read(self, path, max_bytes):
        return (self.base / path).read_bytes()
