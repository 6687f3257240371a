"""Alembic's entry: migrate over the connection that werkplek.evidence.ledger gives, in its transaction."""

from __future__ import annotations

from alembic import context

from werkplek.evidence.schema import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
with context.begin_transaction():
    context.run_migrations()
