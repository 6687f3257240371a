"""Tables of the ledger.

A row of evidence answers BIO2 8.15.01: who (`run.started_by`), what (`result`, `setting`), when
(`run_host.observed_at`), from where (`run.controller`, `run.inventory`), the outcome (`result.status`,
`run_host.outcome`) and the object (`run_host.host`, `run_host.object_url`).

Results are stored once: hosts that gave the same results point to the same `result_set`
(docs/decisions/0008-ledger-rows.md).
"""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    Text,
    TypeDecorator,
    UniqueConstraint,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

HEAD = "0002"
"""Revision of the migration that makes these tables; a test compares it with the migrations."""

STATUSES = ("compliant", "changed", "noncompliant", "failed", "waived", "owned_elsewhere", "unsupported")
HOST_OUTCOMES = ("ok", "failed", "unreachable")
RUN_OUTCOMES = ("ok", "drift", "unreachable", "failed")

NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_name)s",
    "uq": "uq_%(table_name)s_%(column_0_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC on every database. A datetime without a zone raises ValueError."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To the database."""
        if value is not None and value.tzinfo is None:
            raise ValueError(f"a time without a zone: {value.isoformat()}")
        return value and value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    """A constraint that refuses words which no reader of the ledger knows."""
    return CheckConstraint(f"{column} IN ({', '.join(repr(value) for value in values)})", name=column)


class Base(DeclarativeBase):
    """All tables of the ledger."""

    metadata = MetaData(naming_convention=NAMES)


class Run(Base):
    """One playbook run. `ended_at` and `outcome` stay empty when it was interrupted."""

    __tablename__ = "run"
    __table_args__ = (one_of("outcome", RUN_OUTCOMES),)

    id: Mapped[str] = mapped_column(Text, primary_key=True)
    started_at: Mapped[datetime] = mapped_column(UtcTime, index=True)
    ended_at: Mapped[datetime | None] = mapped_column(UtcTime)
    playbook: Mapped[str] = mapped_column(Text)
    check_mode: Mapped[bool]
    scope: Mapped[str] = mapped_column(Text)
    started_by: Mapped[str] = mapped_column(Text)
    controller: Mapped[str] = mapped_column(Text)
    commit_id: Mapped[str] = mapped_column(Text)
    dirty: Mapped[bool | None]
    inventory: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)


class Setting(Base):
    """A setting at one place in the policy: its id, and file and line."""

    __tablename__ = "setting"
    __table_args__ = (UniqueConstraint("name", "source"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    source: Mapped[str] = mapped_column(Text)


class Result(Base):
    """What was found for a setting and what came of it; stored once however many hosts gave it."""

    __tablename__ = "result"
    __table_args__ = (one_of("status", STATUSES),)

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    setting_id: Mapped[int] = mapped_column(ForeignKey("setting.id"))
    status: Mapped[str] = mapped_column(Text)
    before: Mapped[str] = mapped_column(Text)
    after: Mapped[str] = mapped_column(Text)
    message: Mapped[str] = mapped_column(Text)


class ResultSet(Base):
    """All results of one call on a host, with their number per status."""

    __tablename__ = "result_set"

    id: Mapped[int] = mapped_column(primary_key=True)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    compliant: Mapped[int]
    changed: Mapped[int]
    noncompliant: Mapped[int]
    failed: Mapped[int]
    waived: Mapped[int]
    owned_elsewhere: Mapped[int]
    unsupported: Mapped[int]


class ResultSetRow(Base):
    """Membership of a result in a result set."""

    __tablename__ = "result_set_row"
    __table_args__ = ({"sqlite_with_rowid": False},)

    result_set_id: Mapped[int] = mapped_column(ForeignKey("result_set.id"), primary_key=True)
    result_id: Mapped[int] = mapped_column(ForeignKey("result.id"), primary_key=True)


class RunHost(Base):
    """One answer of one host in a run; `sequence` counts the answers of the run from 1.

    A host that is enforced and then checked in the same run has two rows. `result_set_id` is empty where there are no
    results: the host was unreachable, or failed before its settings were read.
    """

    __tablename__ = "run_host"
    __table_args__ = (
        one_of("outcome", HOST_OUTCOMES),
        Index("ix_run_host_host", "host", "observed_at"),
        {"sqlite_with_rowid": False},
    )

    run_id: Mapped[str] = mapped_column(ForeignKey("run.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True)
    host: Mapped[str] = mapped_column(Text)
    municipality: Mapped[str] = mapped_column(Text)
    workplace_class: Mapped[str] = mapped_column(Text)
    ring: Mapped[str] = mapped_column(Text)
    policy_digest: Mapped[str] = mapped_column(Text)
    check_mode: Mapped[bool]
    outcome: Mapped[str] = mapped_column(Text)
    object_url: Mapped[str] = mapped_column(Text)
    observed_at: Mapped[datetime] = mapped_column(UtcTime)
    message: Mapped[str] = mapped_column(Text)
    result_set_id: Mapped[int | None] = mapped_column(ForeignKey("result_set.id"))
