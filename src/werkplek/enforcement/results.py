"""Engines' answers as one action result with a row per setting."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from werkplek.enforcement.messages import drift_message, failure_message, owned_message
from werkplek.errors import Problem, WerkplekError
from werkplek.policy.model import EngineCall, SettingSource

STATUSES = ("compliant", "changed", "noncompliant", "failed", "waived", "owned_elsewhere", "unsupported")


@dataclass(frozen=True, slots=True)
class Aftermath:
    """What the engines did or ask for besides settings: handlers that ran, reasons for a restart, warnings."""

    handlers: tuple[Mapping[str, Any], ...] = ()
    reboot_because: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def joined(self, answer: Mapping[str, Any]) -> Aftermath:
        """With what one more engine answered."""
        return Aftermath(
            (*self.handlers, *answer.get("handlers", ())),
            (*self.reboot_because, *answer.get("reboot_because", ())),
            (*self.warnings, *answer.get("warnings", ())),
        )

    def to_json(self) -> dict[str, Any]:
        """The fields of the action's result; those that say nothing are left out, but `reboot_required`."""
        lists = {"handlers": self.handlers, "reboot_because": self.reboot_because, "warnings": self.warnings}
        filled = {name: list(items) for name, items in lists.items() if items}
        return {"reboot_required": bool(self.reboot_because), **filled}


def rows_of(engine: str, call: EngineCall, answer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The engine's result rows, each with the policy line it came from.

    Raises WerkplekError when the engine did not answer for exactly the settings that it was asked for: a setting
    without a result must never look compliant.
    """
    try:
        sources = {setting.id: setting for setting in call.settings}
        rows = json.loads(answer["settings"])
        by_id = {row["id"]: row for row in rows}
        complete = len(by_id) == len(rows) and by_id.keys() == sources.keys()
        known = all(row["status"] in STATUSES for row in rows)
    except (KeyError, TypeError, ValueError) as error:
        raise WerkplekError(f"Engine {engine} gave no readable results.", [unreadable(engine, repr(error))]) from error
    if not (complete and known):
        raise WerkplekError(f"Engine {engine} gave incomplete results.", [incomplete(engine, call, by_id)])
    return [_placed(row, sources[row["id"]]) for row in rows]


def _placed(row: dict[str, Any], setting: SettingSource) -> dict[str, Any]:
    """The row with its policy line, and with what its waiver says before the engine's own message."""
    message = "; ".join(filter(None, (setting.remark, row.get("message"))))
    return {**row, "source": setting.source, **({"message": message} if message else {})}


def unreadable(engine: str, found: str) -> Problem:
    """The answer could not be parsed."""
    return Problem(f"engine {engine}", found, "settings as one JSON text with a row per setting")


def incomplete(engine: str, call: EngineCall, by_id: Mapping[str, Any]) -> Problem:
    """The answer has rows too few, too many, twice, or with an unknown status."""
    wanted = {setting.id for setting in call.settings}
    missing = sorted(wanted - by_id.keys())
    extra = sorted(by_id.keys() - wanted)
    found = f"{len(by_id)} rows; missing: {', '.join(missing) or 'none'}; not asked for: {', '.join(extra) or 'none'}"
    return Problem(f"engine {engine}", found, f"one row with a known status for each of {len(call.settings)} settings")


def action_result(
    rows: Sequence[Mapping[str, Any]], context: Mapping[str, Any], *, drift_fails: bool = False
) -> dict[str, Any]:
    """The result of enforce_policy: `settings`, `evidence`, `counts` per status, `changed`, `failed` and `msg`.

    `settings` holds the rows that are not plainly compliant; `evidence` is every row as one JSON text, because Ansible
    walks and copies a structure several times in its main process. `context` is passed on as `werkplek`: municipality,
    workplace_class, ring, policy_digest, check_mode, object_url. `changed` in check mode means: a run without check
    mode would change something. With `drift_fails`, such a host fails.
    """
    tally = Counter(row["status"] for row in rows)
    counts = {status: tally.get(status, 0) for status in STATUSES}
    result: dict[str, Any] = {
        "changed": bool(counts["changed"] or counts["noncompliant"]),
        "counts": counts,
        "settings": [row for row in rows if row["status"] != "compliant"],
        "evidence": json.dumps(rows, ensure_ascii=False, separators=(",", ":")),
        "werkplek": {"schema": 1, **context},
        "msg": message(rows, counts),
    }
    if counts["failed"] or (drift_fails and counts["noncompliant"]):
        result["failed"] = True
    return result


def message(rows: Sequence[Mapping[str, Any]], counts: Mapping[str, int]) -> str:
    """What an operator must read first: failures, else what is not as the policy says, else the counts.

    What is owned elsewhere follows in any case: nobody else tells that this host is not as its policy says.
    """
    failed = [row for row in rows if row["status"] == "failed"]
    drifted = [row for row in rows if row["status"] == "noncompliant"]
    owned = [row for row in rows if row["status"] == "owned_elsewhere"]
    first = failure_message(failed) if failed else drift_message(drifted) if drifted else summary(counts)
    return f"{first}\n{owned_message(owned)}" if owned else first


def summary(counts: Mapping[str, int]) -> str:
    """`300 settings: 299 compliant, 1 changed`."""
    shown = ", ".join(f"{number} {status}" for status, number in counts.items() if number)
    return f"{sum(counts.values())} settings: {shown}"
