"""Settings of an installation, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from models.rules.errors import WrongCall

EXAMPLES = frozenset((
    "", "123456", "12345678", "admin", "any", "change-me", "change_me", "changeme", "example", "minioadmin", "parindex",
    "parindex_owner", "password", "postgres", "prefect", "root", "secret", "test", "worker",
))  # fmt: skip  # what examples and manuals put where a password goes


@dataclass(frozen=True)
class Settings:
    """Where things are kept and who acts. Source: contract, Settings.

    Secrets (database_url, signing_key) do not show when settings are printed. Those of S3 are not here: boto3
    reads them where it always does.
    """

    home: Path
    database_url: str = field(repr=False)
    store_url: str
    s3_endpoint_url: str | None
    actor: str  # PARINDEX_ACTOR, "" when nobody was named
    login: str  # of the operating system
    signing_key: str | None = field(repr=False)
    workers: int = 1  # that share a step's batches

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], login: str) -> Settings:
        """Settings as the environment gives them; an empty variable counts as not set.

        What is not set stands below PARINDEX_HOME. Folders are absolute, so a later change of directory moves
        nothing. login: who is logged in at this machine. Raises WrongCall for what cannot be, and for a password that
        everybody knows where another machine is reached with it.
        """
        _refuse_examples(environ)
        home = Path(environ.get("PARINDEX_HOME") or ".parindex").expanduser().resolve()
        store = environ.get("PARINDEX_STORE_URL") or str(home / "store")
        return cls(
            home=home,
            database_url=environ.get("PARINDEX_DATABASE_URL") or f"sqlite:///{home / 'parindex.sqlite'}",
            store_url=store if "://" in store else str(Path(store).expanduser().resolve()),
            s3_endpoint_url=environ.get("PARINDEX_S3_ENDPOINT_URL") or None,
            actor=environ.get("PARINDEX_ACTOR") or "",
            login=login,
            signing_key=environ.get("PARINDEX_SIGNING_KEY") or None,
            workers=_number("PARINDEX_WORKERS", environ.get("PARINDEX_WORKERS") or "1"),
        )


def far(url: str) -> bool:
    """Whether an address leads to another machine. False for what is no address: whoever opens it says so."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return False
    return bool(host) and host != "localhost" and not (host or "").startswith("127.") and host != "::1"


def _refuse_examples(environ: Mapping[str, str]) -> None:
    database, s3 = environ.get("PARINDEX_DATABASE_URL") or "", environ.get("PARINDEX_S3_ENDPOINT_URL") or ""
    given: list[tuple[str, str | None]] = []
    if far(database):
        given += [
            ("PARINDEX_DATABASE_URL", urlsplit(database).password),
            ("PGPASSWORD", environ.get("PGPASSWORD") or None),
        ]
    if far(s3):
        given += [("AWS_SECRET_ACCESS_KEY", environ.get("AWS_SECRET_ACCESS_KEY") or None)]
    for name, secret in given:
        if secret is not None and unquote(secret).casefold() in EXAMPLES:
            raise WrongCall(
                f"{name}: mật khẩu ai cũng biết, không dùng qua mạng / a password everybody knows is not taken to "
                'another machine. python3 -c "import secrets; print(secrets.token_hex(32))"'
            )


def _number(name: str, given: str) -> int:
    if not (given.isascii() and given.isdigit() and 1 <= int(given) <= 64):
        raise WrongCall(f"{name}={given}: số từ 1 đến 64 / a number from 1 to 64")
    return int(given)
