"""Who acts: on a database server whoever logged in there, on the embedded file the login name or PARINDEX_ACTOR."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import Engine, text

from models.rules.errors import WrongCall
from models.rules.roles import EVERY_ROLE, Identity, Role
from models.storage.database import reading
from models.storage.settings import Settings

# Roles are PostgreSQL's own, made by deploy/postgresql/roles.sql; whoever owns the tables is everything.
_LOGGED_IN = text(
    """
    SELECT session_user,
           (SELECT coalesce(bool_or(pg_has_role(session_user, relowner, 'MEMBER')), false)
              FROM pg_class WHERE oid = to_regclass('cycle')),
           (SELECT coalesce(array_agg(rolname::text ORDER BY rolname), '{}')
              FROM pg_roles WHERE rolname LIKE 'parindex\\_%' AND pg_has_role(session_user, oid, 'MEMBER'))
    """
)


def who_acts(engine: Engine, settings: Settings) -> Identity:
    """Who acts and in which roles.

    On SQLite whoever holds the file may do everything. On PostgreSQL the tables' owner and workers may name somebody
    else in PARINDEX_ACTOR, and the log keeps both; anybody else who names another raises WrongCall.
    """
    if engine.dialect.name == "sqlite":
        return Identity(settings.actor or settings.login, EVERY_ROLE)
    with reading(engine) as session:
        login, owns, groups = session.execute(_LOGGED_IN).one()
    roles = EVERY_ROLE if owns else frozenset(role for role in Role if f"parindex_{role}" in groups)
    identity = Identity(login, roles)
    if settings.actor in ("", login):
        return identity
    return on_behalf(identity, settings.actor)


def on_behalf(identity: Identity, other: str) -> Identity:
    """The same login acting for somebody else: the log names both. Raises WrongCall for one who may not."""
    if Role.SYSTEM not in identity.roles:
        raise WrongCall(
            f"Người làm là người đăng nhập cơ sở dữ liệu ({identity.actor}); bỏ PARINDEX_ACTOR={other} / "
            f"Who acts is who logged in at the database ({identity.actor}): unset PARINDEX_ACTOR"
        )
    return replace(identity, actor=f"{other} (via {identity.actor})")
