"""Words for what went wrong on a host."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def failure_message(failed: Sequence[Mapping[str, Any]]) -> str:
    """Every failed setting on its own line: id, policy file, why, what was found, and what is left if it moved."""
    lines = [f"{len(failed)} setting{'s' if len(failed) > 1 else ''} failed; the others were enforced:"]
    for row in failed:
        reason = row.get("message") or "no reason given"
        left = f", left {row['after']}" if row["after"] != row["before"] else ""
        lines.append(f"  {row['id']} ({row['source']}): {reason}; found {row['before']}{left}")
    return "\n".join(lines)


def drift_message(rows: Sequence[Mapping[str, Any]]) -> str:
    """Every setting that is not as the policy says, for a run in check mode."""
    lines = [f"{len(rows)} setting{'s are' if len(rows) > 1 else ' is'} not as the policy says:"]
    lines += [f"  {row['id']} ({row['source']}): found {row['before']}, wanted {row['after']}" for row in rows]
    return "\n".join(lines)


def owned_message(rows: Sequence[Mapping[str, Any]]) -> str:
    """Every setting that someone else sets otherwise, and who does."""
    lines = [f"{len(rows)} setting{'s are' if len(rows) > 1 else ' is'} owned elsewhere:"]
    lines += [f"  {row['id']} ({row['source']}): {row.get('message') or 'no reason given'}" for row in rows]
    return "\n".join(lines)
