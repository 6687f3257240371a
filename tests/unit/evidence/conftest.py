"""Runs and answers to write."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from werkplek.evidence.ledger import Place, place
from werkplek.evidence.records import RunStart


@pytest.fixture
def at(tmp_path: Path) -> Place:
    return place(tmp_path / "ledger.sqlite3")


@pytest.fixture
def make_run() -> Callable[..., RunStart]:
    def build(number: int = 1, *, check_mode: bool = False) -> RunStart:
        return RunStart(
            id=f"run-{number}",
            started_at=datetime(2026, 11, 23, 12, number, tzinfo=UTC),
            playbook="playbooks/workstations.yml",
            check_mode=check_mode,
            scope="--limit workstation",
            started_by="j.jansen",
            controller="controller-1",
            commit_id="0123abcd",
            dirty=False,
            inventory="registry.yml",
        )

    return build


@pytest.fixture
def answer() -> Callable[..., dict[str, Any]]:
    """An answer of enforce_policy; settings are given as id=status."""

    def build(municipality: str = "papendrecht", *, check_mode: bool = False, **settings: str) -> dict[str, Any]:
        rows = [
            {
                "id": name,
                "status": status,
                "before": "dword:0x00000001" if status == "compliant" else "<absent>",
                "after": "dword:0x00000001",
                "source": "policies/baseline/lock.yml:3",
            }
            for name, status in settings.items()
        ]
        context = {
            "schema": 1,
            "municipality": municipality,
            "workplace_class": "workstation",
            "ring": "pilot",
            "policy_digest": "d" * 64,
            "check_mode": check_mode,
            "object_url": "https://netbox.example/dcim/devices/5/",
        }
        return {
            "changed": "changed" in settings.values(),
            "msg": "as told",
            "werkplek": context,
            "settings": [row for row in rows if row["status"] != "compliant"],
            "evidence": json.dumps(rows),
        }

    return build


@pytest.fixture
def explained() -> Callable[..., dict[str, Any]]:
    """An answer with messages for some of its settings, given as id=message."""

    def explain(told: dict[str, Any], **messages: str) -> dict[str, Any]:
        rows = [{**row, "message": messages.get(row["id"], "")} for row in json.loads(told["evidence"])]
        return {**told, "evidence": json.dumps(rows)}

    return explain
