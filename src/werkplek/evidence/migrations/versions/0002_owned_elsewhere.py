"""Status `owned_elsewhere`: something else sets the value, and Werkplek does not fight it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

STATUSES = "'compliant', 'changed', 'noncompliant', 'failed', 'waived', 'owned_elsewhere', 'unsupported'"


def upgrade() -> None:
    """Allow the status, and count it per set of results; sets of before have none.

    SQLite changes no constraint in place: there, both tables are made anew within the transaction.
    """
    sqlite = op.get_context().dialect.name == "sqlite"
    with op.batch_alter_table("result", recreate="auto") as table:
        if not sqlite:
            table.drop_constraint(op.f("ck_result_status"), type_="check")
        table.create_check_constraint("status", f"status IN ({STATUSES})")
    with op.batch_alter_table("result_set", recreate="auto") as table:
        table.add_column(sa.Column("owned_elsewhere", sa.Integer, nullable=False, server_default="0"))
    with op.batch_alter_table("result_set", recreate="auto") as table:
        table.alter_column("owned_elsewhere", server_default=None)
