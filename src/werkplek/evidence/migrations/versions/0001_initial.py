"""The first tables: runs, their hosts, and results that are stored once."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from werkplek.evidence.schema import UtcTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make all tables."""
    make_run()
    make_results()
    make_run_host()


def make_run() -> None:
    """Runs."""
    op.create_table(
        "run",
        sa.Column("id", sa.Text, nullable=False),
        sa.Column("started_at", UtcTime, nullable=False),
        sa.Column("ended_at", UtcTime),
        sa.Column("playbook", sa.Text, nullable=False),
        sa.Column("check_mode", sa.Boolean, nullable=False),
        sa.Column("scope", sa.Text, nullable=False),
        sa.Column("started_by", sa.Text, nullable=False),
        sa.Column("controller", sa.Text, nullable=False),
        sa.Column("commit_id", sa.Text, nullable=False),
        sa.Column("dirty", sa.Boolean),
        sa.Column("inventory", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_run"),
        sa.CheckConstraint("outcome IN ('ok', 'drift', 'unreachable', 'failed')", name="outcome"),
    )
    op.create_index("ix_run_started_at", "run", ["started_at"])


def make_results() -> None:
    """Settings, results and sets of them."""
    op.create_table(
        "setting",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_setting"),
        sa.UniqueConstraint("name", "source", name="uq_setting_name"),
    )
    op.create_table(
        "result",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("setting_id", sa.Integer, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("before", sa.Text, nullable=False),
        sa.Column("after", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_result"),
        sa.UniqueConstraint("digest", name="uq_result_digest"),
        sa.ForeignKeyConstraint(["setting_id"], ["setting.id"], name="fk_result_setting_id"),
        sa.CheckConstraint(
            "status IN ('compliant', 'changed', 'noncompliant', 'failed', 'waived', 'unsupported')", name="status"
        ),
    )
    op.create_table(
        "result_set",
        sa.Column("id", sa.Integer, nullable=False),
        sa.Column("digest", sa.LargeBinary, nullable=False),
        sa.Column("compliant", sa.Integer, nullable=False),
        sa.Column("changed", sa.Integer, nullable=False),
        sa.Column("noncompliant", sa.Integer, nullable=False),
        sa.Column("failed", sa.Integer, nullable=False),
        sa.Column("waived", sa.Integer, nullable=False),
        sa.Column("unsupported", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_result_set"),
        sa.UniqueConstraint("digest", name="uq_result_set_digest"),
    )
    op.create_table(
        "result_set_row",
        sa.Column("result_set_id", sa.Integer, nullable=False),
        sa.Column("result_id", sa.Integer, nullable=False),
        sa.PrimaryKeyConstraint("result_set_id", "result_id", name="pk_result_set_row"),
        sa.ForeignKeyConstraint(["result_set_id"], ["result_set.id"], name="fk_result_set_row_result_set_id"),
        sa.ForeignKeyConstraint(["result_id"], ["result.id"], name="fk_result_set_row_result_id"),
        sqlite_with_rowid=False,
    )


def make_run_host() -> None:
    """Answers of hosts."""
    op.create_table(
        "run_host",
        sa.Column("run_id", sa.Text, nullable=False),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("host", sa.Text, nullable=False),
        sa.Column("municipality", sa.Text, nullable=False),
        sa.Column("workplace_class", sa.Text, nullable=False),
        sa.Column("ring", sa.Text, nullable=False),
        sa.Column("policy_digest", sa.Text, nullable=False),
        sa.Column("check_mode", sa.Boolean, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("object_url", sa.Text, nullable=False),
        sa.Column("observed_at", UtcTime, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("result_set_id", sa.Integer),
        sa.PrimaryKeyConstraint("run_id", "sequence", name="pk_run_host"),
        sa.ForeignKeyConstraint(["run_id"], ["run.id"], name="fk_run_host_run_id"),
        sa.ForeignKeyConstraint(["result_set_id"], ["result_set.id"], name="fk_run_host_result_set_id"),
        sa.CheckConstraint("outcome IN ('ok', 'failed', 'unreachable')", name="outcome"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_run_host_host", "run_host", ["host", "observed_at"])
