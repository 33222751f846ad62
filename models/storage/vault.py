"""Keeps bytes under their SHA-256, in a local folder or an S3 bucket; nothing is ever overwritten or deleted."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Protocol

from models.rules.errors import StepFailed, VerificationFailed
from models.storage.s3 import S3Place, s3_client, said_by_s3
from models.storage.settings import Settings


class Vault(Protocol):
    """Content-addressed bytes."""

    def put(self, data: bytes) -> str:
        """Keep these bytes; gives their SHA-256. Keeping them twice is keeping them once."""
        ...

    def put_many(self, items: Sequence[bytes]) -> list[str]:
        """Keep several."""
        ...

    def get(self, sha256: str) -> bytes:
        """The bytes; raises VerificationFailed when they are not what their name says."""
        ...


def digest(data: bytes) -> str:
    """SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def checked(sha256: str, data: bytes) -> bytes:
    """The bytes, if they hash to their name."""
    if digest(data) != sha256:
        raise VerificationFailed(f"Kho lưu hỏng / The vault is damaged: {sha256}")
    return data


class LocalVault:
    """objects/ab/cd/<sha256> below a folder; written aside, synced, then linked into place."""

    def __init__(self, base: Path) -> None:
        self._base = base / "objects"

    def _path(self, sha256: str) -> Path:
        return self._base / sha256[:2] / sha256[2:4] / sha256

    def put(self, data: bytes) -> str:
        sha256 = digest(data)
        path = self._path(sha256)
        if path.exists():
            return sha256
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle, aside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fchmod(file.fileno(), 0o444)
                os.fsync(file.fileno())
            os.replace(aside, path)
            folder = os.open(path.parent, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        except OSError as error:
            raise StepFailed(f"Không ghi được kho lưu / The vault cannot be written: {error}") from error
        return sha256

    def put_many(self, items: Sequence[bytes]) -> list[str]:
        return [self.put(data) for data in items]

    def get(self, sha256: str) -> bytes:
        try:
            return checked(sha256, self._path(sha256).read_bytes())
        except FileNotFoundError:
            raise VerificationFailed(f"Kho lưu thiếu / Missing from the vault: {sha256}") from None
        except OSError as error:
            raise StepFailed(f"Không đọc được kho lưu / The vault cannot be read: {error}") from error


class S3Vault:
    """objects/<sha256> below a bucket and prefix; written only where nothing stands (If-None-Match)."""

    def __init__(self, place: S3Place, client: Any) -> None:
        self._place, self._client = place, client

    def _key(self, sha256: str) -> str:
        return self._place.key(f"objects/{sha256}")

    def put(self, data: bytes) -> str:
        from botocore.exceptions import BotoCoreError, ClientError

        sha256 = digest(data)
        try:
            self._client.put_object(
                Bucket=self._place.bucket,
                Key=self._key(sha256),
                Body=data,
                IfNoneMatch="*",
                ChecksumAlgorithm="SHA256",
            )
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] not in (409, 412):
                raise said_by_s3(self._place, error) from error
        except BotoCoreError as error:
            raise said_by_s3(self._place, error) from error
        return sha256

    def put_many(self, items: Sequence[bytes]) -> list[str]:
        with ThreadPoolExecutor(8) as pool:
            return list(pool.map(self.put, items))

    def get(self, sha256: str) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            found = self._client.get_object(Bucket=self._place.bucket, Key=self._key(sha256))
            return checked(sha256, found["Body"].read())
        except (BotoCoreError, ClientError) as error:
            raise said_by_s3(self._place, error) from error


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation."""
    if settings.store_url.startswith("s3://"):
        return S3Vault(S3Place.of(settings.store_url), s3_client(settings))
    return LocalVault(Path(settings.store_url))
