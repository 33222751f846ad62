"""A bucket that is prepared lets nothing be deleted, and the vault works in it as in any other."""

from __future__ import annotations

import uuid
from dataclasses import replace
from pathlib import Path

import pytest
from botocore.exceptions import ClientError
from servers import S3Server

from models.rules.errors import WrongCall
from models.storage.bucket import Protection, prepare_bucket, protection
from models.storage.settings import Settings
from models.storage.vault import open_vault


@pytest.fixture(name="store")
def fresh_store(s3_server: S3Server, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Settings:
    """Settings that name a bucket which does not exist yet."""
    s3_server.lend_keys(monkeypatch)
    environ = {
        "PARINDEX_HOME": str(tmp_path),
        "PARINDEX_STORE_URL": f"s3://t{uuid.uuid4().hex[:12]}/kho",
        "PARINDEX_S3_ENDPOINT_URL": s3_server.endpoint_url,
    }
    return Settings.from_environment(environ, "x")


def test_what_is_kept_in_a_prepared_bucket_cannot_be_deleted(store: Settings, s3_server: S3Server) -> None:
    assert prepare_bucket(store, 10, "GOVERNANCE") == Protection(True, "GOVERNANCE", 3650)
    vault, client, bucket = open_vault(store), s3_server.client(), store.store_url.split("/")[2]
    for sha256 in (vault.put(b"one"), vault.put(b"x" * 2**24)):
        key = {"Bucket": bucket, "Key": f"kho/objects/{sha256}"}
        version = client.head_object(**key)["VersionId"]
        with pytest.raises(ClientError, match="AccessDenied"):
            client.delete_object(**key, VersionId=version)
        client.delete_object(**key)  # only hides it behind a marker
        assert client.get_object(**key, VersionId=version)["Body"].read()
    assert vault.put(b"one")  # what is hidden can be kept again
    assert vault.get(vault.put(b"one")) == b"one"


def test_preparing_again_never_weakens_a_lock(store: Settings) -> None:
    prepare_bucket(store, 10, "COMPLIANCE")
    assert prepare_bucket(store, 5, "GOVERNANCE") == Protection(True, "COMPLIANCE", 3650)
    assert prepare_bucket(store, 12, "GOVERNANCE") == Protection(True, "COMPLIANCE", 4380)


def test_a_bucket_without_lock_says_so_and_a_folder_says_nothing(store: Settings, s3_server: S3Server) -> None:
    plain = replace(store, store_url=f"s3://{s3_server.bucket()}/kho")
    assert protection(plain) == Protection(False, "", 0)
    assert "không khoá / no object lock" in str(protection(plain))
    assert protection(replace(store, store_url="/tmp/kho")) is None
    with pytest.raises(WrongCall, match="s3://bucket/prefix"):
        prepare_bucket(replace(store, store_url="/tmp/kho"), 10, "GOVERNANCE")


def test_a_present_bucket_is_brought_to_it(store: Settings, s3_server: S3Server) -> None:
    plain = replace(store, store_url=f"s3://{s3_server.bucket()}/kho")
    assert prepare_bucket(plain, 10, "GOVERNANCE") == Protection(True, "GOVERNANCE", 3650)
