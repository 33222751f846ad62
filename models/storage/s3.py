"""Talks to an S3 server: the one client, addresses, and what its errors mean to a person."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from models.rules.errors import PersonError, StepFailed, WrongCall
from models.storage.settings import Settings


@dataclass(frozen=True)
class S3Place:
    """A bucket and a prefix in it."""

    bucket: str
    prefix: str

    @classmethod
    def of(cls, url: str) -> S3Place:
        """From s3://bucket/prefix. Raises WrongCall."""
        bucket, _, prefix = url.removeprefix("s3://").partition("/")
        if not bucket:
            raise WrongCall(f"Địa chỉ S3 thiếu tên bucket / No bucket in {url}: s3://bucket/prefix")
        return cls(bucket, prefix.strip("/"))

    def key(self, path: str) -> str:
        """The key of a path below the prefix."""
        return f"{self.prefix}/{path}" if self.prefix else path


def s3_client(settings: Settings) -> Any:
    """A client with retries and time limits; credentials come from the environment as it is now.

    Raises WrongCall for an endpoint that is no address.
    """
    import boto3
    from botocore.config import Config

    options = Config(
        retries={"max_attempts": 6, "mode": "adaptive"},
        connect_timeout=10,
        read_timeout=60,
        s3={"addressing_style": "path"},
    )
    try:  # a session of its own: the default one remembers credentials it has seen
        return boto3.session.Session().client("s3", endpoint_url=settings.s3_endpoint_url, config=options)
    except ValueError as error:
        raise WrongCall(f"PARINDEX_S3_ENDPOINT_URL: {error}. http(s)://host:port") from error


def said_by_s3(place: S3Place, error: Exception) -> PersonError:
    """An S3 error in words, with what to do: wrong names are a wrong call, the rest can be rerun."""
    code = getattr(error, "response", {}).get("Error", {}).get("Code", type(error).__name__)
    if code in ("NoSuchBucket", "404"):
        return WrongCall(f"Không có bucket / There is no bucket {place.bucket}: {code}")
    if code in ("AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "403", "NoCredentialsError"):
        return WrongCall(
            f"Khoá truy cập S3 sai / S3 credentials are refused for {place.bucket} ({code}): "
            "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY"
        )
    return StepFailed(f"Không tới được S3 / S3 cannot be reached ({place.bucket}): {code}")
