"""A vault in an S3 bucket."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import Any

from models.storage.checked_stream import CheckedStream, VaultDamaged, digest, digest_of, missing
from models.storage.s3 import S3Place, code_of, length_of, open_bucket, said_by_s3
from models.storage.side_by_side import side_by_side, while_made


class S3Vault:
    """objects/<sha256> below a bucket and prefix; written only where nothing stands (If-None-Match)."""

    def __init__(self, place: S3Place, connect: Callable[[], Any]) -> None:
        self._at, self._connect = place, connect

    def put(self, data: bytes) -> str:
        self._once(sha256 := digest(data), data)
        return sha256

    def put_many(self, items: Iterable[bytes]) -> list[str]:
        self._client  # noqa: B018  opened before the threads: making a client is not safe among them
        return while_made(lambda several: side_by_side(self.put, several), items)

    def get(self, sha256: str) -> bytes:
        with self.open_stream(sha256) as stream:
            return stream.read()

    def open_stream(self, sha256: str) -> CheckedStream:
        with self._told(gone=sha256):
            found = self._client.get_object(**self._key(sha256))
            length_of(self._at, found)
            return CheckedStream(found["Body"], sha256, self._told)

    def has(self, sha256: str) -> bool:
        try:
            with self._told(gone=sha256):
                self._client.head_object(**self._key(sha256))
        except VaultDamaged:
            return False
        return True

    def damaged(self) -> Iterator[str]:
        start = self._at.key("objects/")
        with self._told():
            for page in self._client.get_paginator("list_objects_v2").paginate(Bucket=self._at.bucket, Prefix=start):
                for found in page.get("Contents", []):
                    name = found["Key"].removeprefix(start)
                    kept = self._client.get_object(Bucket=self._at.bucket, Key=found["Key"])
                    length_of(self._at, kept)
                    if digest_of(kept["Body"]) != name:
                        yield name

    @cached_property
    def _client(self) -> Any:
        """Opened when first needed."""
        return open_bucket(self._at, self._connect)

    def _key(self, sha256: str) -> dict[str, str]:
        return {"Bucket": self._at.bucket, "Key": self._at.key(f"objects/{sha256}")}

    def _once(self, sha256: str, data: bytes) -> None:
        """Write unless it stands already (412); 409 says that another writer is at it just now."""
        from botocore.exceptions import ClientError

        for attempt in range(5):
            try:
                with self._told(passing=(409, 412)):
                    self._client.put_object(**self._key(sha256), Body=data, IfNoneMatch="*", **_sum(data))
                return
            except ClientError as error:
                if _status(error) == 412 or self.has(sha256):
                    return
                if attempt == 4:
                    raise said_by_s3(self._at, error) from error

    @contextmanager
    def _told(self, gone: str = "", passing: Sequence[int] = ()) -> Iterator[None]:
        """S3's errors in words; those with a status in `passing` as they are."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            if _status(error) in passing:
                raise
            if gone and code_of(error) in ("NoSuchKey", "404"):
                raise missing(gone) from error
            raise said_by_s3(self._at, error) from error
        except BotoCoreError as error:
            raise said_by_s3(self._at, error) from error


def _sum(data: bytes) -> dict[str, str]:
    """The header by which S3 itself refuses bytes that were garbled on the way."""
    return {"ChecksumSHA256": b64encode(hashlib.sha256(data).digest()).decode()}


def _status(error: Any) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])
