"""Reads a cycle folder, local or on S3: names in NFC, no way outside it, nothing written to it."""

from __future__ import annotations

import os
import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

from models.rules.errors import Refused, StepFailed, WrongCall
from models.rules.findings import Fault
from models.storage.s3 import S3Place, s3_client, said_by_s3
from models.storage.settings import Settings

IGNORED = re.compile(r"(^|/)(\.[^/]*|Thumbs\.db|desktop\.ini|~\$[^/]*)($|/)")
_DRIVE = re.compile(r"^[A-Za-z]:")


@dataclass(frozen=True)
class Entry:
    """One file: its path for use (NFC), its path as stored, its size in bytes."""

    path: str
    raw_path: str
    size: int


def evidence_path(text: str) -> str:
    """A path below evidence/ in canonical form. Raises ValueError with what to do."""
    text = unicodedata.normalize("NFC", text.strip())
    if "\\" in text:
        raise ValueError("use / between folders, not \\")
    parts = text.split("/")
    if text.startswith("/") or _DRIVE.match(text) or ".." in parts or any(ord(letter) < 32 for letter in text):
        raise ValueError("a path inside the evidence folder, without .. and not absolute")
    return "/".join(part for part in parts if part not in ("", "."))


class _Place(Protocol):
    def entries(self, prefix: str) -> list[tuple[str, int]]: ...
    def size(self, path: str) -> int | None: ...
    def read(self, path: str, most: int) -> bytes: ...


class CycleFolder:
    """Files of one cycle. `faults` tells names that collide and links that lead outside."""

    def __init__(self, place: str, settings: Settings) -> None:
        self._place: _Place = _S3(place, settings) if place.startswith("s3://") else _Local(place)
        self.faults: list[Fault] = []

    def list(self, prefix: str) -> list[Entry]:
        """Every file below a folder of the cycle ("" for all), by path; hidden and temporary files are left out."""
        found: dict[str, Entry] = {}
        for raw, size in sorted(self._place.entries(prefix)):
            path = unicodedata.normalize("NFC", raw)
            if IGNORED.search(path):
                continue
            if size < 0:
                self._tell(Fault("path-outside", location=path))
            elif path in found:
                self._tell(Fault("path-duplicate", location=path, found=raw))
            else:
                found[path] = Entry(path, raw, size)
        return [found[path] for path in sorted(found)]

    def _tell(self, fault: Fault) -> None:
        if fault not in self.faults:
            self.faults.append(fault)

    def find(self, path: str) -> Entry | None:
        """One file by its plain path, None when it is not there."""
        size = self._place.size(path)
        return None if size is None else Entry(path, path, size)

    def read_entry(self, entry: Entry, most: int) -> bytes:
        """The bytes of an entry."""
        data = self._place.read(entry.raw_path, most)
        if len(data) > most:
            raise Refused(f"Tệp quá lớn / The file is too large: {entry.path} (> {most} B)")
        return data


class _Local:
    def __init__(self, place: str) -> None:
        self._base = Path(place).resolve()
        if not self._base.is_dir():
            raise WrongCall(f"Không có thư mục / There is no folder {place}")

    def entries(self, prefix: str) -> list[tuple[str, int]]:
        """Size -1 marks what must not be read: a link that leads outside, or no regular file."""
        start = self._base / prefix
        found = []
        for folder, _, names in os.walk(start, followlinks=False):
            for name in names:
                path = Path(folder) / name
                inside = path.resolve().is_relative_to(self._home(path))
                regular = inside and path.is_file()
                size = path.stat().st_size if regular else -1
                found.append((path.relative_to(self._base).as_posix(), size))
            for name in [one for one in os.listdir(folder) if (Path(folder) / one).is_symlink()]:
                path = Path(folder) / name
                if path.is_dir():
                    found.append((path.relative_to(self._base).as_posix(), -1))
        return found

    def _home(self, path: Path) -> Path:
        """The folder a link at `path` must not lead out of: a unit's evidence, a party's folder, the cycle."""
        parts = path.relative_to(self._base).parts
        depth = 3 if parts[0] == "inbox" and len(parts) > 3 and parts[2] == "evidence" else 2
        return self._base.joinpath(*parts[:depth]) if len(parts) > depth else self._base

    def size(self, path: str) -> int | None:
        place = self._base / path
        return place.stat().st_size if place.is_file() and place.resolve().is_relative_to(self._base) else None

    def read(self, path: str, most: int) -> bytes:
        try:
            with open(self._base / path, "rb") as file:
                return file.read(most + 1)
        except OSError as error:
            raise StepFailed(f"Không đọc được / Cannot read {path}: {error.strerror}") from error


class _S3:
    def __init__(self, place: str, settings: Settings) -> None:
        self._place, self._settings = S3Place.of(place), settings

    def __getstate__(self) -> dict[str, Any]:
        return {"_place": self._place, "_settings": self._settings}

    @cached_property
    def _client(self) -> Any:
        return s3_client(self._settings)

    def entries(self, prefix: str) -> list[tuple[str, int]]:
        from botocore.exceptions import BotoCoreError, ClientError

        start = self._place.key(f"{prefix}/" if prefix else "")
        cut = len(self._place.key(""))
        try:
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._place.bucket, Prefix=start)
            listed = [entry for page in pages for entry in page.get("Contents", [])]
        except (BotoCoreError, ClientError) as error:
            raise said_by_s3(self._place, error) from error
        return [(entry["Key"][cut:], entry["Size"]) for entry in listed if not entry["Key"].endswith("/")]

    def size(self, path: str) -> int | None:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            found = self._client.head_object(Bucket=self._place.bucket, Key=self._place.key(path))
            return int(found["ContentLength"])
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                return None
            raise said_by_s3(self._place, error) from error
        except BotoCoreError as error:
            raise said_by_s3(self._place, error) from error

    def read(self, path: str, most: int) -> bytes:
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            found = self._client.get_object(Bucket=self._place.bucket, Key=self._place.key(path))
            data: bytes = found["Body"].read(most + 1)
        except (BotoCoreError, ClientError) as error:
            raise said_by_s3(self._place, error) from error
        return data
