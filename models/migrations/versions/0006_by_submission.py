"""One unit's rows are found by its submission; marks that ask for an explanation by an index of their own."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

ROWS = (
    "claim", "evidence_document", "explanation", "mark", "survey_count", "survey_valid", "survey_sample", "statistic",
    "adjustment", "exemption", "previous_result", "earlier_result", "previous_score", "crosswalk",
)  # fmt: skip


def upgrade() -> None:
    for table in ROWS:
        op.drop_index(f"ix_{table}_cycle", table)
        op.create_index(f"ix_{table}_cycle", table, ["cycle", "submission"])
    asking = sa.text("explanation_required = 'yes'")
    op.create_index("ix_mark_asking", "mark", ["cycle"], sqlite_where=asking, postgresql_where=asking)
