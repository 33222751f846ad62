"""The first tables, and triggers that let nobody change what was received, published or recorded.

Written out, and never edited once used: what tables look like today is models/tables, and a test compares
the two. There is no way down: what was received and recorded is not thrown away.
"""

from __future__ import annotations

import datetime as dt

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

# Code point order on every server, whatever its language.
TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")

INPUTS = ("met", "option", "numerator", "denominator", "value", "count", "points")

# What a submission brings: these, after id, submission and cycle.
ROWS = {
    "claim": ("unit", "code", *INPUTS, "not_applicable", "explanation", "location"),
    "evidence_document": (
        "unit", "code", "document_number", "issuer", "issued_on", "title", "file", "pages", "sha256", "size",
        "location",
    ),
    "explanation": ("unit", "code", "text", "file", "sha256", "size", "location"),
    "mark": (
        "unit", "code", "round", "appraiser", "agree", *INPUTS, "not_applicable", "reason",
        "explanation_required", "location",
    ),
    "survey_count": ("unit", "code", "group", "question", "option", "count"),
    "survey_valid": ("unit", "code", "group", "valid"),
    "survey_sample": ("unit", "group", "sent", "returned"),
    "statistic": ("unit", "code", "points", "source"),
    "adjustment": ("unit", "kind", "points", "reason", "decided_by"),
    "exemption": ("unit", "code", "reason", "approved_by"),
    "previous_result": ("unit", "bloc", "index", "rank", "framework"),
}  # fmt: skip

APPEND_ONLY = (
    *ROWS, "submission", "received_file", "correction", "publication", "publication_file", "audit_event",
)  # fmt: skip


def upgrade() -> None:
    _cycle_tables()
    _submission_tables()
    _record_tables()
    if op.get_bind().dialect.name == "sqlite":
        _refuse_changes_on_sqlite()
    else:
        _refuse_changes_on_postgresql()


def _key(name: str, *constraints: sa.ForeignKey) -> sa.Column[str]:
    return sa.Column(name, TEXT, *constraints, primary_key=True)


def _cell(name: str, default: str = "", *constraints: sa.ForeignKey) -> sa.Column[str]:
    return sa.Column(name, TEXT, *constraints, nullable=False, server_default=default)


def _cells(*names: str) -> list[sa.Column[str]]:
    return [_cell(name) for name in names]


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _moment(name: str, nullable: bool = False) -> sa.Column[dt.datetime]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _index(table: str, column: str) -> None:
    op.create_index(f"ix_{table}_{column}", table, [column])


def _cycle_tables() -> None:
    op.create_table(
        "cycle",
        _key("id"), _cell("name"), _whole("year"), _cell("folder"), _cell("settings"),
        _moment("opened_at"), _cell("opened_by"),
    )  # fmt: skip
    op.create_table(
        "cycle_unit",
        _key("cycle", sa.ForeignKey("cycle.id")), _key("unit"),
        *_cells("name", "bloc"), _cell("scored", "yes"), _cell("ranked", "yes"), _cell("published", "yes"),
        *_cells("valid_from", "valid_to", "predecessors"), _whole("position"),
        _cell("status", "awaited"), _moment("status_since"),
    )  # fmt: skip
    op.create_table(
        "cycle_framework",
        _key("cycle", sa.ForeignKey("cycle.id")), _key("framework"), *_cells("sha256", "body", "path"),
    )  # fmt: skip
    op.create_table(
        "responsibility",
        _key("cycle", sa.ForeignKey("cycle.id")), _key("appraiser"), _key("code"),
        *_cells("name", "unit", "fallback"),
    )  # fmt: skip
    op.create_table(
        "stage_lock",
        _key("cycle", sa.ForeignKey("cycle.id")), _key("stage"), _moment("at"), *_cells("by", "reason"),
    )  # fmt: skip


def _submission_tables() -> None:
    op.create_table(
        "submission",
        sa.Column("id", sa.Integer(), primary_key=True), _cell("cycle", "", sa.ForeignKey("cycle.id")),
        *_cells("kind", "party"), _whole("version"), _cell("digest"), _moment("received_at"),
        *_cells("received_by", "outcome"), sa.Column("late", sa.Boolean(), nullable=False),
        sa.UniqueConstraint("cycle", "kind", "party", "version", name="uq_submission"),
    )  # fmt: skip
    _index("submission", "cycle")
    op.create_table(
        "received_file",
        sa.Column("submission", sa.Integer(), sa.ForeignKey("submission.id"), primary_key=True),
        _key("path"), _cell("sha256"), _whole("size"),
    )  # fmt: skip
    op.create_table("inspected_document", _key("sha256"), _cell("found"))
    for table, columns in ROWS.items():
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("submission", sa.Integer(), sa.ForeignKey("submission.id"), nullable=False),
            *_cells("cycle", *columns),
        )
        _index(table, "submission")


def _record_tables() -> None:
    op.create_table(
        "finding",
        sa.Column("id", sa.Integer(), primary_key=True), *_cells("cycle", "step"),
        sa.Column("submission", sa.Integer(), sa.ForeignKey("submission.id")),
        *_cells("unit", "severity", "code", "check", "location", "found", "expected", "advice"),
    )  # fmt: skip
    _index("finding", "cycle")
    _index("finding", "submission")
    op.create_table(
        "correction",
        sa.Column("id", sa.Integer(), primary_key=True), _cell("cycle", "", sa.ForeignKey("cycle.id")),
        _whole("number"), _whole("position"), *_cells("decision", "decided_by", "reason", "body"),
        _moment("recorded_at"), _cell("recorded_by"),
        sa.UniqueConstraint("cycle", "number", "position", name="uq_correction"),
    )  # fmt: skip
    _index("correction", "cycle")
    op.create_table(
        "publication",
        _key("cycle", sa.ForeignKey("cycle.id")), sa.Column("version", sa.Integer(), primary_key=True),
        *_cells("inputs_digest", "manifest_sha256", "annex_sha256"), _moment("published_at"),
        _cell("published_by"), _whole("audit_events"), _cell("audit_head"),
    )  # fmt: skip
    op.create_table(
        "publication_file",
        _key("cycle"), sa.Column("version", sa.Integer(), primary_key=True),
        sa.Column("annex", sa.Boolean(), primary_key=True), _key("path"), _cell("sha256"), _whole("size"),
    )  # fmt: skip
    op.create_table(
        "audit_event",
        _key("cycle"), sa.Column("seq", sa.Integer(), primary_key=True),
        *_cells("at", "actor", "action", "unit", "content", "content_digest", "previous", "digest"),
    )  # fmt: skip
    op.create_table(
        "step_run",
        _key("id"), *_cells("cycle", "step", "unit"), _moment("started_at"), _moment("heartbeat_at"),
        _moment("ended_at", nullable=True),
        *_cells("actor", "reason", "state", "input_digest", "outcome", "flow_run_id"),
    )  # fmt: skip
    running = sa.text("state = 'running'")
    op.create_index(
        "one_running_step_per_cycle", "step_run", ["cycle"], unique=True,
        sqlite_where=running, postgresql_where=running,
    )  # fmt: skip


def _refuse_changes_on_sqlite() -> None:
    """REPLACE deletes without asking triggers unless recursive_triggers is on: storage/database sets it."""
    for table in APPEND_ONLY:
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: chỉ ghi thêm / append-only: {verb} refused'); END"
            )


def _refuse_changes_on_postgresql() -> None:
    op.execute(
        "CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "RAISE EXCEPTION '%: chỉ ghi thêm / append-only: % refused', TG_TABLE_NAME, TG_OP "
        "USING ERRCODE = 'restrict_violation'; END $$"
    )
    for table in APPEND_ONLY:
        op.execute(
            f"CREATE TRIGGER {table}_refuses_change BEFORE UPDATE OR DELETE ON {table} "
            "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
        )
        op.execute(
            f"CREATE TRIGGER {table}_refuses_truncate BEFORE TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()"
        )
