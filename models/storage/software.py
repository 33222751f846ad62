"""Which software computed something: digests over its own source files, and over what they run on."""

from __future__ import annotations

import hashlib
import platform
import re
from functools import cache
from importlib import metadata
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


@cache
def computing() -> str:
    """The software's digest, with the versions of Python and of every library it names."""
    named = sorted({re.split(r"[^\w.-]", text, maxsplit=1)[0] for text in metadata.requires("parindex") or []})
    return "\n".join([software_digest(), platform.python_version(), *(f"{name} {_version(name)}" for name in named)])


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:  # of an extra that is not installed
        return ""
