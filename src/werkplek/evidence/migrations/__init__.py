"""Alembic migrations of the ledger, run from Python by werkplek.evidence.ledger."""
