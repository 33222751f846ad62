"""What is kept stays as it is, under its SHA-256, in a folder and on a real S3 server alike."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from models.rules.errors import PersonError, StepFailed, VerificationFailed, WrongCall
from models.storage.checked_stream import PART, VaultDamaged
from models.storage.local_vault import LocalVault
from models.storage.settings import Settings
from models.storage.side_by_side import portions
from models.storage.vault import Vault, open_vault

FORM = "Chỉ đạo, điều hành cải cách hành chính".encode()
NOWHERE = "0" * 64


def sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def vault(settings: Settings) -> Vault:
    return open_vault(settings)


class Intruder:
    """Somebody who goes around the vault, straight to the folder or the bucket."""

    def __init__(self, settings: Settings, request: pytest.FixtureRequest) -> None:
        self._folder, self._bucket, self._client = Path(settings.store_url), "", None
        if settings.store_url.startswith("s3://"):
            self._bucket = settings.store_url.split("/")[2]
            self._client = request.getfixturevalue("s3_server").client()

    def _where(self, digest: str) -> Any:
        if self._client is not None:
            return {"Bucket": self._bucket, "Key": f"kho/objects/{digest}"}
        return self._folder / "objects" / digest[:2] / digest[2:4] / digest

    def write(self, digest: str, data: bytes) -> None:
        place = self._where(digest)
        if self._client is not None:
            self._client.put_object(**place, Body=data)
        else:
            place.parent.mkdir(parents=True, exist_ok=True)
            place.unlink(missing_ok=True)
            place.write_bytes(data)

    def state(self, digest: str) -> object:
        place = self._where(digest)
        if self._client is not None:
            return self._client.head_object(**place)["LastModified"]
        found = place.stat()
        return found.st_ino, found.st_mtime_ns

    def names(self) -> list[str]:
        if self._client is not None:
            found = self._client.list_objects_v2(Bucket=self._bucket).get("Contents", [])
            return [one["Key"] for one in found]
        return [path.relative_to(self._folder).as_posix() for path in self._folder.rglob("*") if path.is_file()]


@pytest.fixture
def intruder(settings: Settings, request: pytest.FixtureRequest) -> Intruder:
    return Intruder(settings, request)


@pytest.fixture
def large() -> bytes:
    """More than is read at a time, twice."""
    return os.urandom(1024) * (2 * PART // 1024 + 7)


@pytest.mark.parametrize("data", [FORM, b"", bytes(range(256)) * 100])
def test_what_is_kept_comes_back_under_its_digest(vault: Vault, data: bytes) -> None:
    assert vault.put(data) == sha256(data)
    assert vault.get(sha256(data)) == data


def test_keeping_twice_is_keeping_once(vault: Vault, intruder: Intruder) -> None:
    vault.put(FORM)
    before = intruder.state(sha256(FORM))
    assert vault.put(FORM) == sha256(FORM)
    assert intruder.state(sha256(FORM)) == before
    assert len(intruder.names()) == 1


def test_what_stands_under_a_digest_is_never_overwritten(vault: Vault, intruder: Intruder) -> None:
    other = FORM.replace(b"c", b"k")
    intruder.write(sha256(FORM), other)
    vault.put(FORM)
    with pytest.raises(VaultDamaged):  # mending is for people, from a backup, knowing what happened
        vault.get(sha256(FORM))
    assert list(vault.damaged()) == [sha256(FORM)]


def test_many_are_kept_in_the_order_given(vault: Vault) -> None:
    items = [f"{number % 7}".encode() for number in range(40)]
    assert vault.put_many(items) == [sha256(data) for data in items]
    assert {vault.get(sha256(data)) for data in items} == set(items)
    assert vault.put_many([]) == []


def test_many_writers_of_the_same_bytes_do_not_disturb_each_other(
    settings: Settings, vault: Vault, intruder: Intruder
) -> None:
    vault.put(b"opened before the threads")
    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(vault.put, [FORM * 1000] * 24)) == {sha256(FORM * 1000)}
    assert open_vault(settings).get(sha256(FORM * 1000)) == FORM * 1000
    assert len(intruder.names()) == 2


def test_a_large_file_is_the_same_file(vault: Vault, large: bytes, intruder: Intruder) -> None:
    assert vault.put(large) == sha256(large)
    before = intruder.state(sha256(large))
    assert vault.get(sha256(large)) == large
    assert vault.put(large) == sha256(large)
    assert intruder.state(sha256(large)) == before
    assert list(vault.damaged()) == []


def test_a_stream_gives_the_same_bytes(vault: Vault, large: bytes, tmp_path: Path) -> None:
    digest = vault.put(large)
    with vault.open_stream(digest) as stream, open(tmp_path / "copy", "wb") as copy:
        shutil.copyfileobj(stream, copy, 100_000)
    assert (tmp_path / "copy").read_bytes() == large


def test_the_vault_knows_what_it_has(vault: Vault) -> None:
    assert not vault.has(sha256(FORM))
    vault.put(FORM)
    assert vault.has(sha256(FORM))
    assert not vault.has(NOWHERE)


def test_what_is_missing_is_told(vault: Vault) -> None:
    with pytest.raises(VaultDamaged, match=NOWHERE):
        vault.get(NOWHERE)
    with pytest.raises(VaultDamaged, match=NOWHERE):
        vault.open_stream(NOWHERE)


def test_changed_bytes_are_never_handed_out_as_the_old_ones(vault: Vault, intruder: Intruder) -> None:
    digest = vault.put(FORM)
    intruder.write(digest, FORM.replace(b"c", b"k"))
    with pytest.raises(VaultDamaged, match=digest):
        vault.get(digest)
    with pytest.raises(VaultDamaged, match=digest), vault.open_stream(digest) as stream:
        list(iter(lambda: stream.read(7), b""))
    assert issubclass(VaultDamaged, VerificationFailed)
    assert VaultDamaged.exit_status == 5


def test_a_round_through_the_vault_names_what_is_damaged_and_nothing_else(vault: Vault, intruder: Intruder) -> None:
    kept = vault.put_many([f"{number}".encode() for number in range(20)])
    assert list(vault.damaged()) == []
    intruder.write(kept[3], b"")
    intruder.write(kept[11], b"0")
    assert sorted(vault.damaged()) == sorted([kept[3], kept[11]])


def test_a_kept_file_is_read_only_and_half_written_ones_do_not_count(tmp_path: Path) -> None:
    vault = LocalVault(tmp_path)
    digest = vault.put(FORM)
    path = tmp_path / "objects" / digest[:2] / digest[2:4] / digest
    assert path.stat().st_mode & 0o777 == 0o444
    (tmp_path / "objects" / ".new-crashed").write_bytes(b"half")
    assert list(vault.damaged()) == []
    assert [one.name for one in (tmp_path / "objects").rglob(".new-*")] == [".new-crashed"]


def test_what_a_killed_writer_left_aside_goes_after_a_day(tmp_path: Path) -> None:
    (tmp_path / "objects").mkdir()
    old, young = tmp_path / "objects/.new-old", tmp_path / "objects/.new-young"
    for left, age in ((old, 2 * 86400), (young, 60)):
        left.write_bytes(b"half")
        os.utime(left, (time.time() - age, time.time() - age))
    LocalVault(tmp_path).put(b"x")
    assert not old.exists()
    assert young.exists()


def test_a_file_cut_short_by_a_crash_is_not_taken_for_the_whole(tmp_path: Path) -> None:
    vault = LocalVault(tmp_path)
    digest = vault.put(FORM)
    path = tmp_path / "objects" / digest[:2] / digest[2:4] / digest
    path.chmod(0o644)
    path.write_bytes(FORM[:5])
    with pytest.raises(VaultDamaged, match="backup"):
        vault.put(FORM)


def test_a_file_system_without_links_will_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def link(*_: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", link)
    vault = LocalVault(tmp_path)
    assert vault.get(vault.put(FORM)) == FORM
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == [sha256(FORM)]


def test_a_folder_that_cannot_be_one_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StepFailed, match="PARINDEX_STORE_URL"):
        LocalVault(tmp_path / "file").put(FORM)


def test_a_store_that_is_neither_folder_nor_bucket_is_a_wrong_call(settings: Settings) -> None:
    for address in ("ftp://kho", "s3://", "https://kho/cchc"):
        with pytest.raises(WrongCall):
            open_vault(replace(settings, store_url=address))


def test_the_library_of_s3_is_not_loaded_for_a_folder(tmp_path: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from models.storage.vault import LocalVault; "
        "LocalVault(Path(sys.argv[1])).put(b'1'); raise SystemExit('boto3' in sys.modules)"
    )
    subprocess.run([sys.executable, "-c", script, str(tmp_path)], check=True)


class TestWrongS3:
    """Each with an error a person can act on, never a traceback of the library."""

    @pytest.fixture
    def remote(self, tmp_path: Path, s3_server: Any, monkeypatch: pytest.MonkeyPatch) -> Settings:
        s3_server.lend_keys(monkeypatch)
        environ = {"PARINDEX_HOME": str(tmp_path), "PARINDEX_STORE_URL": f"s3://{s3_server.bucket()}"}
        return Settings.from_environment(environ | {"PARINDEX_S3_ENDPOINT_URL": s3_server.endpoint_url}, "lan")

    def test_a_bucket_without_a_prefix_will_do(self, remote: Settings) -> None:
        vault = open_vault(remote)
        assert vault.get(vault.put(FORM)) == FORM

    def test_a_misspelt_bucket_is_told_and_not_made(self, remote: Settings, s3_server: Any) -> None:
        wrong = open_vault(replace(remote, store_url="s3://no-such-bucket/kho"))
        for attempt in (lambda: wrong.put(FORM), lambda: wrong.get(NOWHERE), lambda: wrong.has(NOWHERE)):
            with pytest.raises(WrongCall, match="no-such-bucket"):
                attempt()
        names = [one["Name"] for one in s3_server.client().list_buckets()["Buckets"]]
        assert "no-such-bucket" not in names

    @pytest.mark.parametrize("name", ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"])
    def test_wrong_credentials_are_told(self, remote: Settings, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv(name, "wrong")
        vault = open_vault(remote)
        for attempt in (lambda: vault.put(FORM), lambda: vault.get(NOWHERE), lambda: list(vault.damaged())):
            with pytest.raises(WrongCall, match="AWS_SECRET_ACCESS_KEY"):
                attempt()

    def test_missing_credentials_are_told(self, remote: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.delenv("AWS_ACCESS_KEY_ID")
        monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
        with pytest.raises(WrongCall, match="AWS_ACCESS_KEY_ID"):
            open_vault(remote).put(FORM)

    def test_a_server_that_does_not_answer_fails_the_step(self, remote: Settings) -> None:
        with pytest.raises(StepFailed):
            open_vault(replace(remote, s3_endpoint_url="http://127.0.0.1:9")).put_many([FORM])

    def test_an_address_that_is_none_is_a_wrong_call(self, remote: Settings) -> None:
        with pytest.raises(PersonError, match="PARINDEX_S3_ENDPOINT_URL"):
            open_vault(replace(remote, s3_endpoint_url="localhost:8333")).put(FORM)


@pytest.mark.parametrize(
    ("sizes", "count", "cut"),
    [
        ([], 0, []),
        ([3, 3, 3], 0, [[3, 3], [3]]),
        ([9, 1, 1], 0, [[9], [1, 1]]),
        ([0, 0, 0], 2, [[0, 0], [0]]),
    ],
)
def test_portions_hold_as_much_as_they_may_and_lose_nothing(sizes: list[int], count: int, cut: list[list[int]]) -> None:
    assert list(portions(sizes, lambda size: size, 6, count)) == cut
