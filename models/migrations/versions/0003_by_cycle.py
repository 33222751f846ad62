"""What a cycle asks for is found by its cycle: without an index every year would read what earlier years left."""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"

ROWS = (
    "claim", "evidence_document", "explanation", "mark", "survey_count", "survey_valid", "survey_sample", "statistic",
    "adjustment", "exemption", "previous_result",
)  # fmt: skip


def upgrade() -> None:
    for table in ROWS:
        op.create_index(f"ix_{table}_cycle", table, ["cycle", "id"])
        op.drop_index(f"ix_{table}_submission", table)  # nobody asks by it
    op.create_index("ix_step_run_cycle", "step_run", ["cycle", "started_at"])
    op.create_index("ix_evidence_document_sha256", "evidence_document", ["sha256"])
