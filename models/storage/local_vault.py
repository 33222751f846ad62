"""A vault in a local folder."""

from __future__ import annotations

import errno
import os
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import cached_property, partial
from pathlib import Path

from models.rules.errors import StepFailed
from models.storage.checked_stream import CheckedStream, differs, digest, digest_of, missing
from models.storage.side_by_side import side_by_side, while_made

UNSETTLED_SECONDS = 300  # by then a kernel has written what it was given, synced or not
LEFT_SECONDS = 24 * 3600  # how old a half-written file must be to be nobody's
_NO_LINKS = (errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK)  # file systems without hard links


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

    def get(self, sha256: str) -> bytes:
        with self.open_stream(sha256) as stream:
            return stream.read()

    def open_stream(self, sha256: str) -> CheckedStream:
        with _reading():
            try:
                return CheckedStream(open(self._path(sha256), "rb"), sha256, _reading)
            except FileNotFoundError:
                raise missing(sha256) from None

    def has(self, sha256: str) -> bool:
        return self._path(sha256).is_file()

    def damaged(self) -> Iterator[str]:
        for path in sorted(self._base.glob("??/??/*")):
            try:
                with open(path, "rb") as file:
                    sound = digest_of(file) == path.name
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
            raise differs(sha256)
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
                side_by_side(lambda sha256: _write(asides[sha256], new[sha256]), list(new))
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


def _write(path: str, data: bytes) -> None:
    """A new read-only file, synced."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        left = memoryview(data)
        while left:
            left = left[os.write(handle, left) :]
        os.fchmod(handle, 0o444)
        os.fsync(handle)
    finally:
        os.close(handle)


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)


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
