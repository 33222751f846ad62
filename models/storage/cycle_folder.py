"""Reads a cycle folder, local or on S3: names in NFC, no way outside it, nothing written to it."""

from __future__ import annotations

import errno
import os
import re
import stat
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from models.rules.errors import Refused, StepFailed, WrongCall
from models.rules.findings import Fault, in_both
from models.storage.s3 import S3Place, code_of, length_of, open_bucket, s3_client, told
from models.storage.settings import Settings
from models.storage.side_by_side import side_by_side

FORM_ENDINGS = (".csv", ".xlsx")  # a folder with such a name stands where a form should
IGNORED = re.compile(r"(^|/)(\.[^/]*|Thumbs\.db|desktop\.ini|~\$[^/]*)($|/)", re.IGNORECASE)
_NOTHING_THERE = (errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG)
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class Entry:
    """One file: its path for use (NFC, bytes that are no UTF-8 as \\x..), its path as stored, its size in bytes."""

    path: str
    raw_path: str
    size: int


def evidence_path(text: str) -> str:
    """A path below evidence/ in canonical form. Raises ValueError with what to do."""
    text = unicodedata.normalize("NFC", text.strip())
    if "\\" in text:
        raise ValueError(in_both("dùng / giữa các thư mục, không dùng \\", "/ between folders, not \\"))
    parts = text.split("/")
    if text.startswith("/") or _DRIVE.match(text) or ".." in parts or any(ord(letter) < 32 for letter in text):
        raise ValueError(
            in_both(
                "đường dẫn trong thư mục evidence, không có .. và không tuyệt đối",
                "a path inside the evidence folder, without .. and not absolute",
            )
        )
    path = "/".join(part for part in parts if part not in ("", "."))
    if text and not path:
        raise ValueError(in_both("tên một tệp", "the name of a file"))
    return path


def _shown(raw: str) -> str:
    """A name as it can be written out: NFC, bytes that are no UTF-8 (names in an older encoding) as \\x.. ."""
    return unicodedata.normalize("NFC", raw.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace"))


def _next(path: str, prefix: str) -> str:
    """What follows a folder in the path of something below it."""
    return path.removeprefix(f"{prefix}/").partition("/")[0]


def is_gone(place: str) -> bool:
    """Whether a local cycle folder is no longer there; one on S3 is a prefix, which can only be empty."""
    return not place.startswith("s3://") and not os.path.isdir(place)


Faults = list[Fault]


class _Place(Protocol):
    """Where files lie. A file that must not be read has the id of a check in place of its size."""

    def entries(self, prefix: str, only: Collection[str] | None) -> list[tuple[str, int | str]]: ...
    def size(self, path: str) -> int | str | None: ...
    def read(self, path: str, most: int) -> bytes: ...


class CycleFolder:
    """Files of one cycle. `faults` tells what lies there and must not be read: names that collide, links that lead
    outside, files nobody may open."""

    def __init__(self, place: str, settings: Settings) -> None:
        self._place: _Place = _S3(place, settings) if place.startswith("s3://") else _Local(place)
        self.faults: list[Fault] = []

    @property
    def far(self) -> bool:
        """Whether every file takes a journey over the network."""
        return isinstance(self._place, _S3)

    def list(self, prefix: str, only: Collection[str] | None = None) -> list[Entry]:
        """Every file below a folder of the cycle ("" for all), by path; hidden and temporary files are left out.

        only: what lies directly in it under one of these names, and below; a local folder is read no further.
        """
        found: dict[str, Entry] = {}
        for raw, size in sorted(self._place.entries(prefix, only)):
            path = _shown(raw)
            if IGNORED.search(path) or not (only is None or _next(path, prefix) in only):
                continue
            if isinstance(size, str):
                self._tell(Fault(size, location=path))
            elif path in found:
                self._tell(Fault("path-duplicate", location=path, found=raw))
            else:
                found[path] = Entry(path, raw, size)
        return [found[path] for path in sorted(found)]

    def _tell(self, fault: Fault) -> None:
        if fault not in self.faults:
            self.faults.append(fault)

    def faults_below(self, prefix: str) -> Faults:
        """The faults told so far of a folder and of what is in it; prefix: its path with a / at the end."""
        itself = prefix.rstrip("/")
        return [fault for fault in self.faults if fault.location == itself or fault.location.startswith(prefix)]

    def find(self, path: str) -> Entry | None:
        """One file by its plain path, None when it is not there or must not be read; then a fault says so."""
        size = self._place.size(path)
        if isinstance(size, str):
            self._tell(Fault(size, location=path))
            return None
        return None if size is None else Entry(path, path, size)

    def read_entries(self, entries: Sequence[Entry], most: int) -> Sequence[bytes]:
        """The bytes of several, in their order, a few at a time. The first one opens the place."""
        first = [self.read_entry(entry, most) for entry in entries[:1]]
        return first + side_by_side(lambda entry: self.read_entry(entry, most), entries[1:])

    def read_entry(self, entry: Entry, most: int) -> bytes:
        """The bytes of an entry."""
        data = self._place.read(entry.raw_path, most)
        if len(data) > most:
            raise Refused(f"Tệp quá lớn / The file is too large: {entry.path} (> {most} B)")
        return data


class _Local:
    def __init__(self, place: str) -> None:
        if not os.path.isdir(place):
            raise WrongCall(f"Không có thư mục / There is no folder {place}")
        self._base = Path(place).resolve()

    def entries(self, prefix: str, only: Collection[str] | None) -> list[tuple[str, int | str]]:
        found: list[tuple[str, int | str]] = []
        top = os.path.join(self._base, prefix)
        straight = os.path.realpath(top) == top.rstrip("/")  # then only a link can lead outside
        for folder, inner, names in os.walk(top, onerror=self._listing_failed):
            if only is not None and folder == top:
                inner[:] = [one for one in inner if _shown(one) in only]
                names = [one for one in names if _shown(one) in only]
            within = os.path.relpath(folder, self._base)
            links = [one for one in inner if os.path.islink(os.path.join(folder, one))]
            shut = [one for one in inner if one not in links and not _may_read(os.path.join(folder, one), os.X_OK)]
            odd = [one for one in inner if one.endswith(FORM_ENDINGS) and within.count("/") < 2 and one not in shut]
            inner[:] = [one for one in inner if one not in shut]
            for name in dict.fromkeys([*names, *links, *shut, *odd]):
                place = os.path.join(folder, name)
                path = name if within == "." else f"{within}/{name}"
                size = (straight and _size_of_a_file(place)) or self.size(path)
                if size is not None:
                    found.append((path, size))
                elif os.path.lexists(place):  # else it went meanwhile
                    found.append((path, "path-not-a-file"))
        return found

    def _home(self, path: str) -> Path:
        """The folder a link at `path` must not lead out of: a unit's evidence, a party's folder, the cycle."""
        parts = Path(path).parts
        depth = 3 if parts[:1] == ("inbox",) and len(parts) > 3 and parts[2] == "evidence" else 2
        return self._base.joinpath(*parts[:depth]) if len(parts) > depth else self._base

    def size(self, path: str) -> int | str | None:
        place = self._base / path
        try:
            found = os.stat(place)
            inside = Path(os.path.realpath(place)).is_relative_to(self._home(path))
        except ValueError:  # a name no file can have
            return None
        except PermissionError:
            return "path-unreadable"
        except OSError as error:
            if error.errno in _NOTHING_THERE:
                return None
            raise _unreadable(path, error) from error
        if not inside:
            return "path-outside"
        if not _may_read(place, 0 if stat.S_ISREG(found.st_mode) else os.X_OK):
            return "path-unreadable"
        return found.st_size if stat.S_ISREG(found.st_mode) else "path-not-a-file"

    def read(self, path: str, most: int) -> bytes:
        try:
            with open(os.path.join(self._base, path), "rb") as file:
                size = os.fstat(file.fileno()).st_size
                data = file.read(min(size, most) + 1)  # room is made for all that is asked for
                return data if len(data) <= size else data + file.read(most + 1 - len(data))
        except OSError as error:
            raise _unreadable(path, error) from error

    def _listing_failed(self, error: OSError) -> None:
        """A folder that is not there holds nothing; one that may not be read must not look the same."""
        if not isinstance(error, FileNotFoundError):
            raise _unreadable(os.path.relpath(error.filename, self._base), error) from error


def _size_of_a_file(place: str) -> int:
    """In bytes; 0 for what is empty, no plain file (a link neither) or not to be read."""
    try:
        found = os.lstat(place)
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) and _may_read(place, 0) else 0


def _may_read(place: str | Path, more: int) -> bool:
    return os.access(place, os.R_OK | more, effective_ids=os.access in os.supports_effective_ids)


def _unreadable(path: str, error: OSError) -> StepFailed:
    return StepFailed(f"Không đọc được / Cannot read {_shown(path)}: {error.strerror}")


class _S3:
    def __init__(self, place: str, settings: Settings) -> None:
        self._place, self._settings = S3Place.of(place), settings

    def __getstate__(self) -> dict[str, Any]:
        return {"_place": self._place, "_settings": self._settings}

    @cached_property
    def _client(self) -> Any:
        return open_bucket(self._place, lambda: s3_client(self._settings))

    def entries(self, prefix: str, only: Collection[str] | None) -> list[tuple[str, int | str]]:
        start = self._place.key(f"{prefix}/" if prefix else "")
        cut = len(self._place.key(""))
        with told(self._place):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._place.bucket, Prefix=start)
            listed = [entry for page in pages for entry in page.get("Contents", [])]
        return [(entry["Key"][cut:], entry["Size"]) for entry in listed if not entry["Key"].endswith("/")]

    def size(self, path: str) -> int | str | None:
        from botocore.exceptions import ClientError

        with told(self._place):
            try:
                found = self._client.head_object(Bucket=self._place.bucket, Key=self._place.key(path))
            except ClientError as error:
                if code_of(error) != "404":
                    raise
                return None
        return length_of(self._place, found)

    def read(self, path: str, most: int) -> bytes:
        from botocore.exceptions import ClientError

        with told(self._place):
            try:
                found = self._client.get_object(Bucket=self._place.bucket, Key=self._place.key(path))
            except ClientError as error:
                if code_of(error) != "NoSuchKey":
                    raise
                raise StepFailed(f"Không còn tệp / The file is gone: {path}") from error
            data: bytes = found["Body"].read(most + 1)
        # botocore tells of a cut only whoever reads to the end
        if len(data) < min(length_of(self._place, found), most + 1):
            raise StepFailed(f"Tệp đến không đủ, chạy lại / The file was cut short on its way, run again: {path}")
        return data
