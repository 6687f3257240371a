"""Settings of switches as they are written and as a switch gets them, and the facts that they come from."""

import csv
import json
import re

from content_facts import ROOT, Written

from werkplek.policy.loader import Repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve

# What a fact leaves open, as policies fill it in.
FILLED = {
    "aaa_group": "WERKPLEK-TACACS",
    "radius_group": "WERKPLEK-RADIUS",
    "mgmt_acl": "WERKPLEK-BEHEER",
    "policy": "WERKPLEK",
    "enable_hash": "{secret: enable_hash}",
    "mgmt_interface": "{switch: management_interface}",
    "user_vlans": "{switch: user_vlans}",
    "length": "15",
}
# The profiles of the ports that a fact names.
PORTS = {
    "interface <access_port>": {"workplace", "vdi_client", "printer", "phone"},
    "interface <trunk_port>": {"uplink", "access_point"},
}


def facts_of_switches() -> dict[str, dict[str, str]]:
    """Rows of tests/data/baselines/network_ios.csv by id."""
    with (ROOT / "tests/data/baselines/network_ios.csv").open(newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def switch_settings(repository: Repository, slug: str, platform: str = "cisco-ios") -> dict[str, dict]:
    """What a switch is sent: the wire form of each setting by its id; a secret is its name."""
    place = Combination("network", (platform, "network_os"), slug, "broad", "stadhuis")
    calls = resolve(repository.parts["network", slug], place).for_host({"name": "sw-1"}).engines
    assert list(calls) == ["network_policy"]
    call = calls["network_policy"]
    settings = json.loads(call.request({name: name for name in call.secrets}))["settings"]
    assert len({setting["id"] for setting in settings}) == len(settings)
    return {setting["id"]: setting for setting in settings}


def lines_of(setting: Written, dialect: str) -> tuple[str, ...]:
    """The lines of a setting in a dialect, with `{secret: x}` and `{switch: x}` as they are written."""
    return tuple(map(_joined, setting.body.get(dialect, {}).get("lines", ())))


def _joined(line: str | list) -> str:
    return line if isinstance(line, str) else " ".join(map(_part, line))


def _part(part: object) -> str:
    return "".join(f"{{{key}: {name}}}" for key, name in part.items()) if isinstance(part, dict) else str(part)


def filled(text: str) -> tuple[str, ...]:
    """The lines of a fact, with what it leaves open filled in."""
    known = re.sub(r"<(\w+)>", lambda name: FILLED.get(name[1], name[0]), text)
    return tuple(line for line in known.split("|") if line)


def stands_in(setting: Written, dialect: str) -> str | set[str]:
    """The section of a setting, or its ports' profiles."""
    form = setting.body[dialect]
    return set(form["ports"]) if "ports" in form else form.get("section", "")
