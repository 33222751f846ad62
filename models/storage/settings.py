"""Settings of an installation, read once from the environment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Settings:
    """Where things are kept and who acts. Source: contract, Settings."""

    home: Path
    database_url: str
    store_url: str
    s3_endpoint_url: str | None
    actor: str
    signing_key: str | None

    @classmethod
    def from_environment(cls, environ: Mapping[str, str], login: str) -> Settings:
        """Settings as the environment gives them; what it does not give stands below PARINDEX_HOME."""
        home = Path(environ.get("PARINDEX_HOME") or ".parindex").absolute()
        return cls(
            home=home,
            database_url=environ.get("PARINDEX_DATABASE_URL") or f"sqlite:///{home / 'parindex.sqlite'}",
            store_url=environ.get("PARINDEX_STORE_URL") or str(home / "store"),
            s3_endpoint_url=environ.get("PARINDEX_S3_ENDPOINT_URL") or None,
            actor=environ.get("PARINDEX_ACTOR") or login,
            signing_key=environ.get("PARINDEX_SIGNING_KEY") or None,
        )
