"""One unit's rows are found by its submission: without it a rerun of one unit looks through everybody's."""

from __future__ import annotations

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
