"""Keeps bytes under their SHA-256, in a local folder or an S3 bucket; nothing is overwritten or deleted."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Protocol

from models.rules.errors import WrongCall
from models.storage.checked_stream import CheckedStream
from models.storage.local_vault import LocalVault
from models.storage.s3 import S3Place, s3_client
from models.storage.s3_vault import S3Vault
from models.storage.settings import Settings


class Vault(Protocol):
    """Bytes under their SHA-256 (64 hex digits). Keeping them twice is keeping them once.

    Every method raises StepFailed when the place cannot be reached or written (it can be run again) and
    WrongCall when address, bucket or credentials are wrong.
    """

    def put(self, data: bytes) -> str:
        """Keep these bytes; gives their SHA-256."""
        ...

    def put_many(self, items: Iterable[bytes]) -> list[str]:
        """Keep several, all or an error; their SHA-256 in the same order. Written while the next ones are made."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes. VaultDamaged when they are missing or not what their name says."""
        ...

    def open_stream(self, sha256: str) -> CheckedStream:
        """The bytes piece by piece; VaultDamaged comes at the latest with the end of the stream."""
        ...

    def has(self, sha256: str) -> bool:
        """Whether something is kept under this digest."""
        ...

    def damaged(self) -> Iterator[str]:
        """Reads everything that is kept and gives the name of each object that is not what its name says."""
        ...


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation; an S3 server is called when it is first needed."""
    if settings.store_url.startswith("s3://"):
        return S3Vault(S3Place.of(settings.store_url), lambda: s3_client(settings))
    if "://" in settings.store_url:
        raise WrongCall(f"PARINDEX_STORE_URL {settings.store_url}: một thư mục hoặc / a folder or s3://bucket/prefix")
    return LocalVault(Path(settings.store_url))
