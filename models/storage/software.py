"""Which software computed a publication: one digest over its own source files."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

ROOMS = ("models", "checks", "flows")


@cache
def software_digest() -> str:
    """SHA-256 over path and content of every source file of the rooms, in path order."""
    base = Path(__file__).resolve().parents[2]
    digest = hashlib.sha256()
    for room in ROOMS:
        for path in sorted((base / room).rglob("*")):
            if path.is_file() and path.suffix in (".py", ".yaml", ".html", ".css"):
                digest.update(path.relative_to(base).as_posix().encode() + b"\0")
                digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
