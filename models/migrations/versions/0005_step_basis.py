"""What the last complete run of a step stood on."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "step_basis",
        sa.Column("cycle", TEXT, sa.ForeignKey("cycle.id"), primary_key=True),
        sa.Column("step", TEXT, primary_key=True),
        *(sa.Column(name, TEXT, nullable=False, server_default="") for name in ("run", "basis", "outcome")),
    )
