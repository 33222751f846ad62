"""Reads a file somebody hands to a command: a correction, a commendation, a what-if."""

from __future__ import annotations

from pathlib import Path

from models.rules.errors import WrongCall


def file_bytes(file: Path) -> bytes:
    """Its bytes. Raises WrongCall where there is no such file, or it must not be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise WrongCall(f"Không đọc được / cannot read {file}: {error.strerror}") from None
