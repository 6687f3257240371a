"""Alembic, driven from Python: users never call it by hand."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from werkplek.errors import Problem, WerkplekError
from werkplek.evidence.ledger import MIGRATIONS


def settings() -> Config:
    """Alembic's settings, without a file."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def revisions() -> list[str]:
    """Every revision this code knows, newest first."""
    return [script.revision for script in ScriptDirectory.from_config(settings()).walk_revisions()]


def upgrade(connection: Connection, found: str | None, where: str) -> None:
    """Bring the ledger at `where` from revision `found` to the newest; raises WerkplekError for an unknown revision."""
    known = revisions()
    if found is not None and found not in known:
        problem = Problem(
            where,
            f"revision {found}",
            f"a revision that this code knows ({known[0]} or older)",
            "Update the checkout to the newest commit.",
        )
        raise WerkplekError("The ledger was made by a newer Werkplek.", [problem])
    config = settings()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
