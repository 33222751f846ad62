"""Bytes as they come back from a vault: hashed on the way, so that damage is told and never handed on."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import IO, Self

from models.rules.errors import VerificationFailed

Guard = Callable[[], AbstractContextManager[None]]  # turns a place's errors into words
PART = 8 * 2**20  # bytes read at a time


class VaultDamaged(VerificationFailed):
    """What the vault holds under a digest is gone or is not what the digest says."""


class CheckedStream:
    """Bytes read piece by piece and hashed on the way; who reads to the end has read what was kept."""

    def __init__(self, raw: IO[bytes], sha256: str, guard: Guard) -> None:
        self._raw, self._sha256, self._seen, self._guard = raw, sha256, hashlib.sha256(), guard

    def read(self, size: int = -1) -> bytes:
        """At most `size` bytes, all that is left when negative; b"" at the end."""
        with self._guard():
            data = self._raw.read() if size < 0 else self._raw.read(size)
        self._seen.update(data)
        if (size < 0 or (size and not data)) and self._seen.hexdigest() != self._sha256:
            raise differs(self._sha256)
        return data

    def close(self) -> None:
        """Let go of the file or connection."""
        self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


def digest(data: bytes) -> str:
    """SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 as hex, of a file read to its end piece by piece."""
    seen = hashlib.sha256()
    for piece in _pieces(file):
        seen.update(piece)
    return seen.hexdigest()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PART):
        yield piece


def differs(sha256: str) -> VaultDamaged:
    """What is kept under this digest is something else."""
    return VaultDamaged(
        f"Kho lưu hỏng, nội dung khác với mã băm; khôi phục từ bản sao lưu / "
        f"The vault is damaged, bytes differ from their digest; restore from backup: {sha256}"
    )


def missing(sha256: str) -> VaultDamaged:
    """Nothing is kept under this digest."""
    return VaultDamaged(
        f"Kho lưu thiếu; khôi phục từ bản sao lưu / Missing from the vault; restore from backup: {sha256}"
    )
