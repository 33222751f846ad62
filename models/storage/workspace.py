"""Everything a command or flow works with: settings, database, vault, clock and chance, opened once."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Engine

from models.storage.database import open_database
from models.storage.settings import Settings
from models.storage.vault import Vault, open_vault


def utc_now() -> dt.datetime:
    """The present moment in UTC."""
    return dt.datetime.now(dt.UTC)


def new_salt() -> str:
    """A fresh salt for one audit event."""
    return secrets.token_hex(16)


@dataclass(frozen=True)
class Workspace:
    """Where one installation keeps things. `now` and `salt` are passed in so that tests can set them."""

    settings: Settings
    engine: Engine
    vault: Vault
    now: Callable[[], dt.datetime] = field(default=utc_now)
    salt: Callable[[], str] = field(default=new_salt)

    @property
    def actor(self) -> str:
        """Who acts."""
        return self.settings.actor


def open_workspace(environ: Mapping[str, str] | None = None) -> Workspace:
    """Open the installation the environment names; folders and tables are made when they are not there yet.

    Raises PersonError where database or object store cannot be reached.
    """
    settings = Settings.from_environment(os.environ if environ is None else environ, getpass.getuser())
    return Workspace(settings, open_database(settings), open_vault(settings))
