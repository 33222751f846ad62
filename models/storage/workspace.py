"""Everything a command or flow works with: settings, database, vault, clock and chance, opened once."""

from __future__ import annotations

import datetime as dt
import getpass
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from sqlalchemy import Engine

from models.rules.roles import Doing, Identity
from models.storage.database import open_database
from models.storage.identity import on_behalf, who_acts
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

    on_behalf_of: str = ""  # whom a worker acts for

    @cached_property
    def identity(self) -> Identity:
        """Who acts, in which roles. Raises WrongCall where one names another and may not."""
        found = who_acts(self.engine, self.settings)
        return on_behalf(found, self.on_behalf_of) if self.on_behalf_of else found

    @property
    def actor(self) -> str:
        """Who acts, as the audit log names them."""
        return self.identity.actor

    def check_may(self, doing: Doing) -> None:
        """Raises NotPermitted where whoever acts has no role that may."""
        self.identity.check_may(doing)

    def acting_for(self, other: str) -> Workspace:
        """The same installation, where a worker does what somebody else asked for."""
        return replace(self, on_behalf_of=other)


def own_settings(environ: Mapping[str, str] | None = None) -> Settings:
    """What the environment says, or this process's own where none is given."""
    return Settings.from_environment(os.environ if environ is None else environ, getpass.getuser())


def open_workspace(environ: Mapping[str, str] | None = None) -> Workspace:
    """Open the installation the environment names; folders and tables are made when they are not there yet.

    Raises PersonError where database or object store cannot be reached.
    """
    settings = own_settings(environ)
    return Workspace(settings, open_database(settings), open_vault(settings))
