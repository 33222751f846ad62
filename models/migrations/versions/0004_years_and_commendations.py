"""Earlier years, last year's leaf scores and the crosswalk to them; commendations; which annex a unit belongs to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
ROWS = {
    "earlier_result": ("unit", "year", "index", "rank", "framework", "source"),
    "previous_score": ("unit", "code", "applicable", "final"),
    "crosswalk": ("framework", "code", "old_framework", "old_codes", "same_meaning", "reference"),
}


def upgrade() -> None:
    for table, columns in ROWS.items():
        op.create_table(
            table,
            sa.Column("id", sa.Integer(), primary_key=True),
            sa.Column("submission", sa.Integer(), sa.ForeignKey("submission.id"), nullable=False),
            *(_cell(name) for name in ("cycle", *columns)),
        )
        op.create_index(f"ix_{table}_cycle", table, ["cycle", "id"])
    op.create_table(
        "commendation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("cycle", TEXT, sa.ForeignKey("cycle.id"), nullable=False, server_default=""),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in ("number", "version")),
        *(_cell(name) for name in ("decision", "issued_on", "issuer", "decided_by", "file", "body")),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        _cell("recorded_by"),
        sa.UniqueConstraint("cycle", "number", name="uq_commendation"),
    )
    op.create_index("ix_commendation_cycle", "commendation", ["cycle"])
    op.add_column("cycle_unit", _cell("annex"))
    for table in (*ROWS, "commendation"):
        _refuse_changes(table)


def _cell(name: str) -> sa.Column[str]:
    return sa.Column(name, TEXT, nullable=False, server_default="")


def _refuse_changes(table: str) -> None:
    if op.get_bind().dialect.name == "sqlite":
        for verb in ("UPDATE", "DELETE"):
            op.execute(
                f"CREATE TRIGGER {table}_refuses_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table}: chỉ ghi thêm / append-only: {verb} refused'); END"
            )
        return
    for name, when in (("change", "UPDATE OR DELETE"), ("truncate", "TRUNCATE")):
        level = "STATEMENT" if name == "truncate" else "ROW"
        op.execute(
            f"CREATE TRIGGER {table}_refuses_{name} BEFORE {when} ON {table} "
            f"FOR EACH {level} EXECUTE FUNCTION refuse_change()"
        )
