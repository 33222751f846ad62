"""Keeps bytes under their SHA-256, in a local folder or an S3 bucket; nothing is overwritten or deleted."""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path
from typing import IO, Any, Protocol, Self

from models.rules.errors import StepFailed, VerificationFailed, WrongCall
from models.storage.s3 import S3Place, code_of, length_of, open_bucket, s3_client, said_by_s3
from models.storage.settings import Settings
from models.storage.side_by_side import side_by_side, while_made

Guard = Callable[[], AbstractContextManager[None]]  # turns a place's errors into words
PART = 8 * 2**20  # bytes read, and sent to S3, at a time
UNSETTLED_SECONDS = 300  # by then a kernel has written what it was given, synced or not
LEFT_SECONDS = 24 * 3600  # how old a half-written file must be to be nobody's
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)  # file systems without hard links


class VaultDamaged(VerificationFailed):
    """What the vault holds under a digest is gone or is not what the digest says."""


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

    def put_file(self, path: Path) -> tuple[str, int]:
        """Keep a file of any size without holding it in memory; its SHA-256 and size in bytes."""
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
            raise _differs(self._sha256)
        return data

    def close(self) -> None:
        """Let go of the file or connection."""
        self._raw.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()


class LocalVault:
    """objects/ab/cd/<sha256> below a folder, read-only; written aside, synced, then linked into place."""

    def __init__(self, base: Path) -> None:
        self._base = base / "objects"

    def put(self, data: bytes) -> str:
        return self._put_all([data])[0]

    def put_many(self, items: Iterable[bytes]) -> list[str]:
        return while_made(self._put_all, items)

    def _put_all(self, items: Sequence[bytes]) -> list[str]:
        digests = [digest(data) for data in items]
        given = dict(zip(digests, items, strict=True))
        new = {sha256: data for sha256, data in given.items() if not self._stands(sha256, len(data))}
        if new:
            self._keep(new)
        self._settle(given.keys() - new.keys())
        return digests

    def _settle(self, standing: Iterable[str]) -> None:
        """Sync the folders of what was placed lately: who placed it may have been killed before it came to that."""
        young = [one for one in standing if time.time() - os.stat(self._path(one)).st_ctime < UNSETTLED_SECONDS]
        with _writing():
            side_by_side(_sync, list(dict.fromkeys(folder for one in young for folder in self._folders(one))))

    def _folders(self, sha256: str) -> tuple[str, str, str]:
        """The folders on an object's way, from the top."""
        upper = f"{self._base}/{sha256[:2]}"
        return str(self._base), upper, f"{upper}/{sha256[2:4]}"

    def put_file(self, path: Path) -> tuple[str, int]:
        with open(path, "rb") as file, _writing():
            self._prepare()
            seen, aside = hashlib.sha256(), self._name_aside()
            try:
                size = _write(aside, _passing(_pieces(file), seen))
                sha256 = seen.hexdigest()
                if not self._stands(sha256, size):
                    self._link({sha256: aside})
            finally:
                _remove(aside)
        return sha256, size

    def get(self, sha256: str) -> bytes:
        with self.open_stream(sha256) as stream:
            return stream.read()

    def open_stream(self, sha256: str) -> CheckedStream:
        with _reading():
            try:
                return CheckedStream(open(self._path(sha256), "rb"), sha256, _reading)
            except FileNotFoundError:
                raise _missing(sha256) from None

    def has(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def damaged(self) -> Iterator[str]:
        for path in sorted(self._base.glob("??/??/*")):
            try:
                with open(path, "rb") as file:
                    sound = _measure(_pieces(file))[0] == path.name
            except OSError:
                sound = False
            if not sound:
                yield path.name

    def _path(self, sha256: str) -> Path:
        return Path(f"{self._base}/{sha256[:2]}/{sha256[2:4]}/{sha256}")

    def _stands(self, sha256: str, size: int) -> bool:
        """Whether it is kept already; a file cut short by a crash or a full disk is told, not taken for it."""
        try:
            found = os.stat(f"{self._base}/{sha256[:2]}/{sha256[2:4]}/{sha256}").st_size
        except (FileNotFoundError, NotADirectoryError):
            return False
        if found != size:
            raise _differs(sha256)
        return True

    @cached_property
    def _swept(self) -> bool:
        """What a killed writer left aside goes once it is a day old: nobody writes one object for so long."""
        for left in self._base.glob(".new-*"):
            with suppress(OSError):
                if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                    left.unlink()
        return True

    def _prepare(self) -> None:
        if not self._base.is_dir():
            made = [one for one in (self._base, *self._base.parents) if not one.exists()]
            self._base.mkdir(parents=True, exist_ok=True)
            for one in made:
                _sync(str(one.parent))
        self._swept  # noqa: B018  once for each vault that writes

    def _name_aside(self) -> str:
        return f"{self._base}/.new-{secrets.token_hex(16)}"

    def _keep(self, new: Mapping[str, bytes]) -> None:
        """Write all aside and sync them, link them into place, sync the folders: each folder once."""
        with _writing():
            self._prepare()
            asides = {sha256: self._name_aside() for sha256 in new}
            try:
                side_by_side(lambda sha256: _write(asides[sha256], [new[sha256]]), list(new))
                self._link(asides)
            finally:
                for aside in asides.values():
                    _remove(aside)

    def _link(self, asides: Mapping[str, str]) -> None:
        """Into place and on the disk; where one fails, those before it are synced all the same."""
        touched: dict[str, None] = {}
        try:
            for sha256, aside in asides.items():
                self._place(aside, sha256, touched)
        finally:
            side_by_side(_sync, list(touched))

    def _place(self, aside: str, sha256: str, touched: dict[str, None]) -> None:
        base, upper, folder = self._folders(sha256)
        for made in (upper, folder):
            with suppress(FileExistsError):
                os.mkdir(made)
        touched.update(dict.fromkeys((base, upper, folder)))  # whoever made them may not have come to sync them
        try:
            os.link(aside, f"{folder}/{sha256}")
        except FileExistsError:
            return  # another process kept the same bytes meanwhile
        except OSError as error:
            if error.errno not in _NO_LINKS:
                raise
            os.rename(aside, f"{folder}/{sha256}")


def _write(path: str, pieces: Iterable[bytes]) -> int:
    """A new read-only file, synced; its size in bytes."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        size = 0
        for piece in pieces:
            left = memoryview(piece)
            while left:
                left = left[os.write(handle, left) :]
            size += len(piece)
        os.fchmod(handle, 0o444)
        os.fsync(handle)
    finally:
        os.close(handle)
    return size


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


class S3Vault:
    """objects/<sha256> below a bucket and prefix; written only where nothing stands (If-None-Match)."""

    def __init__(self, place: S3Place, connect: Callable[[], Any]) -> None:
        self._at, self._connect = place, connect

    def put(self, data: bytes) -> str:
        sha256 = digest(data)
        self._once(
            sha256,
            lambda: self._client.put_object(**self._key(sha256), Body=data, IfNoneMatch="*", **_sum(data)),
        )
        return sha256

    def put_many(self, items: Iterable[bytes]) -> list[str]:
        self._client  # noqa: B018  opened before the threads: making a client is not safe among them
        return while_made(lambda several: side_by_side(self.put, several), items)

    def put_file(self, path: Path) -> tuple[str, int]:
        if path.stat().st_size <= PART:
            data = path.read_bytes()
            return self.put(data), len(data)
        with open(path, "rb") as file:
            sha256, size = _measure(_pieces(file))
        if not self.has(sha256):
            self._once(sha256, lambda: self._send_parts(sha256, path))
        return sha256, size

    def get(self, sha256: str) -> bytes:
        with self.open_stream(sha256) as stream:
            return stream.read()

    def open_stream(self, sha256: str) -> CheckedStream:
        with self._told(missing=sha256):
            found = self._client.get_object(**self._key(sha256))
            length_of(self._at, found)
            return CheckedStream(found["Body"], sha256, self._told)

    def has(self, sha256: str) -> bool:
        try:
            with self._told(missing=sha256):
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
                    if _measure(_pieces(kept["Body"]))[0] != name:
                        yield name

    @cached_property
    def _client(self) -> Any:
        """Opened when first needed."""
        return open_bucket(self._at, self._connect)

    def _key(self, sha256: str) -> dict[str, str]:
        return {"Bucket": self._at.bucket, "Key": self._at.key(f"objects/{sha256}")}

    def _once(self, sha256: str, write: Callable[[], Any]) -> None:
        """Write unless it stands already (412); 409 says that another writer is at it just now."""
        from botocore.exceptions import ClientError

        for attempt in range(5):
            try:
                with self._told(passing=(409, 412)):
                    write()
                return
            except ClientError as error:
                if _status(error) == 412 or self.has(sha256):
                    return
                if attempt == 4:
                    raise said_by_s3(self._at, error) from error

    def _send_parts(self, sha256: str, path: Path) -> None:
        key = self._key(sha256)
        upload = {"UploadId": self._client.create_multipart_upload(**key, ChecksumAlgorithm="SHA256")["UploadId"]}
        try:
            parts, seen = [], hashlib.sha256()
            with open(path, "rb") as file:
                for number, piece in enumerate(_pieces(file), start=1):
                    seen.update(piece)
                    sent = self._client.upload_part(**key, **upload, PartNumber=number, Body=piece, **_sum(piece))
                    parts.append({"PartNumber": number, "ETag": sent["ETag"], **_sum(piece)})
            if seen.hexdigest() != sha256:
                raise StepFailed(f"Tệp đổi trong khi đọc / The file changed while it was read: {path}")
            self._client.complete_multipart_upload(**key, **upload, MultipartUpload={"Parts": parts}, IfNoneMatch="*")
        except BaseException:
            with suppress(Exception):  # the first error is the one to tell
                self._client.abort_multipart_upload(**key, **upload)
            raise

    @contextmanager
    def _told(self, missing: str = "", passing: Sequence[int] = ()) -> Iterator[None]:
        """S3's errors in words; those with a status in `passing` as they are."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield
        except ClientError as error:
            if _status(error) in passing:
                raise
            if missing and code_of(error) in ("NoSuchKey", "404"):
                raise _missing(missing) from error
            raise said_by_s3(self._at, error) from error
        except BotoCoreError as error:
            raise said_by_s3(self._at, error) from error


def open_vault(settings: Settings) -> Vault:
    """The vault of this installation; an S3 server is called when it is first needed."""
    if settings.store_url.startswith("s3://"):
        return S3Vault(S3Place.of(settings.store_url), lambda: s3_client(settings))
    if "://" in settings.store_url:
        raise WrongCall(f"PARINDEX_STORE_URL {settings.store_url}: một thư mục hoặc / a folder or s3://bucket/prefix")
    return LocalVault(Path(settings.store_url))


def digest(data: bytes) -> str:
    """SHA-256 as hex."""
    return hashlib.sha256(data).hexdigest()


def _measure(pieces: Iterable[bytes]) -> tuple[str, int]:
    """SHA-256 and size."""
    seen, size = hashlib.sha256(), 0
    for piece in pieces:
        seen.update(piece)
        size += len(piece)
    return seen.hexdigest(), size


def _passing(pieces: Iterable[bytes], seen: hashlib._Hash) -> Iterator[bytes]:
    """The same pieces, hashed on the way."""
    for piece in pieces:
        seen.update(piece)
        yield piece


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    while piece := file.read(PART):
        yield piece


def _sum(data: bytes) -> dict[str, str]:
    """The header by which S3 itself refuses bytes that were garbled on the way."""
    return {"ChecksumSHA256": b64encode(hashlib.sha256(data).digest()).decode()}


def _status(error: Any) -> int:
    return int(error.response["ResponseMetadata"]["HTTPStatusCode"])


def _sync(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _local(trouble: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StepFailed(f"{trouble}: {error}. PARINDEX_STORE_URL") from error


_reading = partial(_local, "Không đọc được kho lưu / The vault cannot be read")
_writing = partial(_local, "Không ghi được kho lưu / The vault cannot be written")


def _differs(sha256: str) -> VaultDamaged:
    return VaultDamaged(
        f"Kho lưu hỏng, nội dung khác với mã băm; khôi phục từ bản sao lưu / "
        f"The vault is damaged, bytes differ from their digest; restore from backup: {sha256}"
    )


def _missing(sha256: str) -> VaultDamaged:
    return VaultDamaged(
        f"Kho lưu thiếu; khôi phục từ bản sao lưu / Missing from the vault; restore from backup: {sha256}"
    )
