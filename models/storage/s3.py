"""Talks to an S3 server: the one client, addresses, and what its errors mean to a person."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from models.rules.errors import PersonError, StepFailed, WrongCall
from models.storage.settings import Settings

_WRONG_CALLS = (
    (("NoSuchBucket", "404"), "Không có bucket / There is no bucket {bucket}: {code}"),
    (
        ("ParamValidationError", "InvalidBucketName"),
        "Tên bucket sai / No name for a bucket: {bucket} ({code}): s3://bucket/prefix",
    ),
    (
        ("EndpointResolutionError",),
        "PARINDEX_S3_ENDPOINT_URL: không phải địa chỉ / is no address ({code}): http(s)://host:port",
    ),
    (
        (
            "AccessDenied", "InvalidAccessKeyId", "SignatureDoesNotMatch", "ExpiredToken", "InvalidToken", "403",
            "NoCredentialsError", "PartialCredentialsError", "ProfileNotFound", "ConfigParseError",
        ),
        "Khoá truy cập S3 sai / S3 credentials are refused for {bucket} ({code}): "
        "AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_PROFILE",
    ),
)  # fmt: skip
_NO_ANSWER = (
    "Câu trả lời bị cắt cụt hoặc không phải của S3 ({bucket}): chạy lại; nếu lặp lại, xem PARINDEX_S3_ENDPOINT_URL / "
    "An answer was cut short or is not from S3: run again; if it stays so, look at PARINDEX_S3_ENDPOINT_URL"
)


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

    Raises WrongCall for an endpoint that is no address and a region that is none.
    """
    import boto3
    from botocore.config import Config
    from botocore.exceptions import InvalidRegionError

    logging.getLogger("urllib3.connection").setLevel(logging.ERROR)  # a cut answer: told by whoever misses its rest
    options = Config(
        retries={"max_attempts": 6, "mode": "adaptive"},
        connect_timeout=10,
        read_timeout=60,
        s3={"addressing_style": "path"},
    )
    try:  # a session of its own: the default one remembers credentials it has seen
        client = boto3.session.Session().client("s3", endpoint_url=settings.s3_endpoint_url, config=options)
        client.meta.events.register_last("before-call.s3", _expect_nothing)
        return client
    except InvalidRegionError as error:
        raise WrongCall(f"AWS_DEFAULT_REGION: {error} us-east-1") from error
    except ValueError as error:
        raise WrongCall(f"PARINDEX_S3_ENDPOINT_URL: {error}. http(s)://host:port") from error


def _expect_nothing(params: dict[str, Any], **_: Any) -> None:
    """No "Expect: 100-continue": where a connection breaks while that answer comes, botocore reads on for ever (its
    _consume_headers never looks for the end); others wait a second for each object (boto/botocore#3613, #3755)."""
    params["headers"].pop("Expect", None)


def open_bucket(place: S3Place, connect: Callable[[], Any]) -> Any:
    """A client, once the bucket was found: some servers would make a misspelt one. Raises as said_by_s3 says."""
    from botocore.exceptions import ClientError

    with told(place):
        client = connect()
        try:
            client.head_bucket(Bucket=place.bucket)
        except ClientError as error:
            if code_of(error) != "403":  # may be allowed all but to look; if not, the next call says so
                raise
            return client
        except RecursionError as error:  # botocore follows a server that only redirects, without end
            raise WrongCall(
                "PARINDEX_S3_ENDPOINT_URL: máy chủ chuyển hướng sang nơi khác, không phải S3 / "
                "the server redirects elsewhere and is no S3. http(s)://host:port"
            ) from error
        if "Name" not in client.list_objects_v2(Bucket=place.bucket, MaxKeys=1):  # some servers say 200 to anything
            raise StepFailed(_NO_ANSWER.format(bucket=place.bucket))
    return client


@contextmanager
def told(place: S3Place) -> Iterator[None]:
    """Errors of S3 inside become those of said_by_s3."""
    from botocore.exceptions import BotoCoreError, ClientError
    from botocore.parsers import ResponseParserError

    try:
        yield
    except ResponseParserError as error:
        raise StepFailed(_NO_ANSWER.format(bucket=place.bucket)) from error
    except (BotoCoreError, ClientError) as error:
        raise said_by_s3(place, error) from error


def length_of(place: S3Place, answer: Mapping[str, Any]) -> int:
    """Bytes an answer announces. Raises StepFailed where it does not: its head was cut short."""
    if "ContentLength" not in answer:
        raise StepFailed(_NO_ANSWER.format(bucket=place.bucket))
    return int(answer["ContentLength"])


def code_of(error: Exception) -> str:
    """The code the server gave; "" where it gave no answer (some errors then carry an empty response)."""
    return str((getattr(error, "response", None) or {}).get("Error", {}).get("Code", ""))


def said_by_s3(place: S3Place, error: Exception) -> PersonError:
    """An S3 error in words, with what to do: wrong names are a wrong call, the rest can be rerun."""
    code = code_of(error) or type(error).__name__
    for codes, sentence in _WRONG_CALLS:
        if code in codes:
            return WrongCall(sentence.format(bucket=place.bucket, code=code))
    return StepFailed(f"Không tới được S3 / S3 cannot be reached ({place.bucket}): {code}")
