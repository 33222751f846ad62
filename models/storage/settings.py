from __future__ import annotations
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
@dataclass(frozen=True)
class Settings:
    home: Path; database_url: str; store_url: str; s3_endpoint_url: str | None; actor: str; signing_key: str | None
    @classmethod
    def from_environment(cls, environ: Mapping[str, str], login: str) -> "Settings":
        home = Path(environ.get("PARINDEX_HOME") or ".parindex").absolute()
        return cls(home, environ.get("PARINDEX_DATABASE_URL") or f"sqlite:///{home}/parindex.sqlite", environ.get("PARINDEX_STORE_URL") or str(home/"store"), environ.get("PARINDEX_S3_ENDPOINT_URL"), environ.get("PARINDEX_ACTOR") or login, environ.get("PARINDEX_SIGNING_KEY"))
