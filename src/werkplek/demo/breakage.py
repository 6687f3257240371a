"""What the demo breaks behind Ansible's back: one setting of each kind, each on another workplace.

Pure: resolved policies in, edits for the lab out. The choice follows from the policy, so it stays right when the
policy changes.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle
from typing import Any

Wire = Mapping[str, Any]
STRANGER = "S-1-5-21-1004336348-1177238915-682003330-1999"
EVERYONE = "S-1-1-0"


@dataclass(frozen=True, slots=True)
class Breakage:
    """One setting of one host, and the lab edit that makes it differ from the policy."""

    host: str
    setting: str
    edit: Mapping[str, Any]


def break_registry(setting: Wire) -> Mapping[str, Any] | None:
    """Flip a number, delete a text. Keys and lists are left alone."""
    if setting.get("state", "present") != "present" or "name" not in setting:
        return None
    where = {"kind": "registry", "path": setting["path"], "name": setting["name"]}
    if setting["type"] == "dword":
        return {**where, "type": "dword", "data": setting["data"] ^ 1}
    return {**where, "state": "absent"} if setting["type"] == "string" else None


def break_number(setting: Wire) -> Mapping[str, Any] | None:
    """Another number for an account policy or security option."""
    data = setting["data"]
    return {"kind": setting["kind"], "name": setting["name"], "data": data ^ 1} if isinstance(data, int) else None


def break_right(setting: Wire) -> Mapping[str, Any] | None:
    """Give the right to everyone."""
    return {"kind": "user_right", "right": setting["right"], "members": [*setting["members"], EVERYONE]}


def break_audit(setting: Wire) -> Mapping[str, Any] | None:
    """Stop recording."""
    events = [] if setting["events"] else ["success"]
    return {"kind": "audit", "subcategory": setting["subcategory"], "events": events}


def break_group(setting: Wire) -> Mapping[str, Any] | None:
    """Let a stranger in."""
    if setting["mode"] != "exact":
        return None
    members = [*setting["members"], STRANGER]
    return {"kind": "local_group", "group": setting["group"], "mode": "exact", "members": members}


def break_service(setting: Wire) -> Mapping[str, Any] | None:
    """Start what should be off."""
    if setting["start"] != "disabled":
        return None
    return {"kind": "service", "name": setting["name"], "start": "automatic", "status": "running"}


BREAKERS: Mapping[str, Callable[[Wire], Mapping[str, Any] | None]] = {
    "registry": break_registry,
    "service": break_service,
    "user_right": break_right,
    "security_option": break_number,
    "account_policy": break_number,
    "audit": break_audit,
    "local_group": break_group,
}
# A kind, and which of its candidates: a number, a text and a user's own value of the registry, else the first.
KINDS = (("registry", 0), ("registry", 1), ("registry", 2), *((kind, 0) for kind in BREAKERS if kind != "registry"))


def candidates(request: str, kind: str, installed: frozenset[str]) -> list[Breakage]:
    """Every way to break a setting of `kind` in one host's request; services that are not installed do not count."""
    found = []
    for setting in json.loads(request)["settings"]:
        if setting["kind"] != kind or (kind == "service" and setting["name"].lower() not in installed):
            continue
        edit = BREAKERS[kind](setting)
        if edit is not None:
            found.append(Breakage("", setting["id"], edit))
    return found


def choose(requests: Mapping[str, str], hosts: Sequence[str], installed: frozenset[str]) -> list[Breakage]:
    """One breakage per kind, and for the registry one each of a changed number, a lost text and a user's own value.

    `requests` gives each host's wire text for the Windows engine, `hosts` the hosts to spread over, `installed` the
    lower-case names of services that exist.
    """
    turn = cycle(hosts)
    chosen = []
    for kind, number in KINDS:
        host = next(turn)
        options = varied(candidates(requests[host], kind, installed))
        chosen += [Breakage(host, option.setting, option.edit) for option in options[number : number + 1]]
    return chosen


def varied(options: Sequence[Breakage]) -> list[Breakage]:
    """Of registry values the first machine number, machine text and user value; of other kinds all."""
    if not options or options[0].edit["kind"] != "registry":
        return list(options)
    user = [option for option in options if str(option.edit["path"]).startswith("HKCU")]
    machine = [option for option in options if option not in user]
    numbers = [option for option in machine if "data" in option.edit]
    texts = [option for option in machine if "data" not in option.edit]
    return [*numbers[:1], *texts[:1], *user[:1]]
