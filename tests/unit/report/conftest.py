"""A ledger with a run of hostile and ordinary results."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from werkplek.evidence.ledger import Ledger, place
from werkplek.evidence.records import RunStart
from werkplek.evidence.writer import RunWriter

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(1)>"


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    start = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
    run = RunStart("run-1", start, "site.yml", True, HOSTILE, HOSTILE, "controller-1", "0123", True, "registry.yml")
    writer = RunWriter.start(place(tmp_path / "ledger.sqlite3"), run)
    settings = [
        {"id": "plain", "status": "compliant", "before": "1", "after": "1", "source": "f.yml:1"},
        {"id": "printer[balie-01]", "status": "noncompliant", "before": HOSTILE, "after": "2", "source": "f.yml:2"},
        {"id": "bad", "status": "failed", "before": "3", "after": HOSTILE, "source": "f.yml:3", "message": HOSTILE},
    ]
    context = {"schema": 1, "municipality": "papendrecht", "object_url": "javascript:alert(1)"}
    answer = {"evidence": json.dumps(settings), "werkplek": context, "msg": HOSTILE}
    writer.host_result("ws-1", answer, failed=True)
    writer.unreachable("ws-2", {"municipality": "dordrecht", "object_url": "https://netbox.example/2/"}, "no route")
    return writer.finish()
