"""The bucket of an installation: made so that nothing in it can be deleted, and how far it is so now."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.rules.errors import WrongCall
from models.storage.s3 import S3Place, code_of, open_bucket, s3_client, told
from models.storage.settings import Settings

MODES = ("GOVERNANCE", "COMPLIANCE")
_NONE = (
    "ObjectLockConfigurationNotFoundError",
    "NotImplemented",
    "MethodNotAllowed",
    "AccessDenied",
    "403",
    "404",
    "405",
    "501",
    "InvalidRequest",
    "UnsupportedOperation",
)  # fmt: skip  what servers without object lock, or for credentials that may not ask, answer


@dataclass(frozen=True)
class Protection:
    """What keeps a bucket's objects: old versions, and a lock of so many days from each writing (0: no lock)."""

    versioning: bool
    mode: str
    days: int

    def __str__(self) -> str:
        versions = "có phiên bản / versioned" if self.versioning else "không có phiên bản / not versioned"
        lock = f"khoá / locked {self.mode} {self.days} ngày / days" if self.days else "không khoá / no object lock"
        return f"{versions}, {lock}"


def protection(settings: Settings) -> Protection | None:
    """How the store's bucket is kept; None for a folder. Raises WrongCall and StepFailed as the vault does."""
    if not settings.store_url.startswith("s3://"):
        return None
    place = S3Place.of(settings.store_url)
    client = open_bucket(place, lambda: s3_client(settings))
    with told(place):
        return _standing(client, place.bucket)


def prepare_bucket(settings: Settings, years: int, mode: str) -> Protection:
    """Make the store's bucket with versions and a lock of so many years, or bring a present one to it; safe again.

    mode: GOVERNANCE (who holds a special right may still delete) or COMPLIANCE (nobody may, nor shorten it). A longer
    or stricter lock stays. S3 itself locks every object that is written from now on.
    Raises WrongCall for a store that is no bucket and where the server does not lock; StepFailed when it is away.
    """
    from botocore.exceptions import ClientError

    if not settings.store_url.startswith("s3://"):
        raise WrongCall(f"PARINDEX_STORE_URL={settings.store_url}: s3://bucket/prefix")
    place = S3Place.of(settings.store_url)
    with told(place):
        client = s3_client(settings)
        try:
            client.create_bucket(Bucket=place.bucket, ObjectLockEnabledForBucket=True)
        except ClientError as error:
            if code_of(error) not in ("BucketAlreadyOwnedByYou", "BucketAlreadyExists"):
                raise
        if not _standing(client, place.bucket).versioning:
            client.put_bucket_versioning(Bucket=place.bucket, VersioningConfiguration={"Status": "Enabled"})
        now = _standing(client, place.bucket)
        strictest = max(mode, now.mode or mode, key=MODES.index)
        if now != (wanted := Protection(True, strictest, max(now.days, 365 * years))):
            _lock(client, place.bucket, wanted)
        return _standing(client, place.bucket)


def _lock(client: Any, bucket: str, wanted: Protection) -> None:
    from botocore.exceptions import ClientError

    retention = {"DefaultRetention": {"Mode": wanted.mode, "Days": wanted.days}}
    try:
        client.put_object_lock_configuration(
            Bucket=bucket, ObjectLockConfiguration={"ObjectLockEnabled": "Enabled", "Rule": retention}
        )
    except ClientError as error:
        raise WrongCall(
            f"Không khoá được bucket có sẵn / The server does not lock this bucket: {bucket} ({code_of(error)}). "
            "Chọn tên bucket mới / name a new one: PARINDEX_STORE_URL"
        ) from error


def _standing(client: Any, bucket: str) -> Protection:
    versioned = _asked(client.get_bucket_versioning, bucket).get("Status") == "Enabled"
    rule = _asked(client.get_object_lock_configuration, bucket).get("ObjectLockConfiguration", {}).get("Rule", {})
    retention = rule.get("DefaultRetention", {})
    days = int(retention.get("Days") or 365 * int(retention.get("Years") or 0))
    return Protection(versioned, str(retention.get("Mode", "")), days)


def _asked(question: Any, bucket: str) -> dict[str, Any]:
    """The answer; {} from a server that does not know the question."""
    from botocore.exceptions import ClientError

    try:
        answer: dict[str, Any] = question(Bucket=bucket)
    except ClientError as error:
        if code_of(error) in _NONE:
            return {}
        raise
    return answer
