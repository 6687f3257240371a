"""The module: look, and let people in or out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from . import drain, facts, health, sessions
from .host import Host


def run(host: Host, wish: Mapping[str, Any], check_mode: bool) -> dict[str, Any]:
    """Bring the host to `wish["state"]` and say how it is. Raises HostError.

    `wish`: state (status, drained, accepting), message, log_off, login, login_account, login_password.
    """
    was = drain.draining(host)
    stale = host.path(drain.DRAIN_FILE).exists() and not was  # a drain file whose gate is gone holds nobody back
    people = sessions.sessions(host)
    changed, warnings = change(host, wish, was or stale if wish["state"] == "accepting" else was, people, check_mode)
    checks = health.look(host)
    if wish.get("login") and not check_mode:
        checks.append(health.login(host, wish.get("login_account"), wish.get("login_password")))
    left = sessions.sessions(host)
    because = facts.reboot_because(host)
    return {
        "changed": changed,
        "draining": drain.draining(host),
        "sessions": [one.to_json() for one in left],
        "image_version": facts.image_version(host),
        "reboot_required": bool(because),
        "reboot_because": because,
        "boot_time": facts.boot_time(host),
        "healthy": all(check.ok for check in checks),
        "health": [asdict(check) for check in checks],
        "warnings": warnings,
    }


def change(
    host: Host, wish: Mapping[str, Any], was: bool, people: list[sessions.Session], check_mode: bool
) -> tuple[bool, list[str]]:
    """Do what is asked; whether anything was (or in check mode would be) changed, and what to warn of."""
    wanted = {"drained": True, "accepting": False}.get(wish["state"], was)
    leaving = people if wish["state"] == "drained" and wish.get("log_off") else []
    changed = wanted != was or bool(leaving)
    if check_mode or not changed:
        return changed, []
    warnings = []
    if wanted and not was:
        drain.drain(host)
        if wish.get("message"):
            missed = sessions.tell(host, people, wish["message"])
            warnings = [f"no message shown to {reason}" for reason in missed]
    elif was and not wanted:
        drain.accept(host)
    sessions.end(host, leaving)
    return changed, warnings
