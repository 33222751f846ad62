"""Workers: who asked for a run, and a step's batches; on PostgreSQL nobody records an event in another's name."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
NAMED_IN = (("audit_event", "actor"), ("run_request", "asked_by"))


def upgrade() -> None:
    op.create_table(
        "run_request",
        sa.Column("id", TEXT, primary_key=True),
        sa.Column("cycle", TEXT, sa.ForeignKey("cycle.id"), nullable=False, server_default=""),
        *(sa.Column(name, TEXT, nullable=False, server_default="") for name in ("step", "until", "reason")),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_by", TEXT, nullable=False, server_default=""),
    )
    op.create_table(
        "step_batch",
        sa.Column("run", TEXT, sa.ForeignKey("step_run.id"), primary_key=True),
        sa.Column("number", sa.Integer(), primary_key=True),
        *(
            sa.Column(name, TEXT, nullable=False, server_default=default)
            for name, default in (("kind", ""), ("items", ""), ("state", "ready"), ("taken_by", ""))
        ),
        sa.Column("heartbeat_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("outcome", TEXT, nullable=False, server_default=""),
    )
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER run_request_refuses_{verb.lower()} BEFORE {verb} ON run_request "
                f"BEGIN SELECT RAISE(ABORT, 'run_request: chỉ ghi thêm / append-only: {verb} refused'); END"
            )
        return
    op.execute(
        "CREATE TRIGGER run_request_refuses_change BEFORE UPDATE OR DELETE ON run_request "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
    op.execute(
        "CREATE TRIGGER run_request_refuses_truncate BEFORE TRUNCATE ON run_request "
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
    )
    # The tables' owner may (it restores backups); a worker may for others, naming itself too.
    op.execute(
        """
        CREATE FUNCTION actor_is_who_logged_in() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            said text := to_jsonb(NEW) ->> TG_ARGV[0];
            via text := ' (via ' || session_user || ')';
        BEGIN
            IF said = session_user
               OR pg_has_role(session_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'MEMBER')
               OR (right(said, length(via)) = via AND EXISTS (
                    SELECT FROM pg_roles
                     WHERE rolname = 'parindex_system' AND pg_has_role(session_user, oid, 'MEMBER')))
            THEN RETURN NEW; END IF;
            RAISE EXCEPTION '%: % is logged in, not %', TG_TABLE_NAME, session_user, said
                USING ERRCODE = 'insufficient_privilege';
        END $$
        """
    )
    for table, column in NAMED_IN:
        op.execute(
            f"CREATE TRIGGER {table}_names_who_logged_in BEFORE INSERT ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION actor_is_who_logged_in('{column}')"
        )
