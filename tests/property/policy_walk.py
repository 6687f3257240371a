"""What a host should get, worked out the slow and obvious way: layer by layer, for this one host.

Written from docs/policy-format.md, and from nothing of the code that it is compared with. Files are JSON here.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from werkplek.policy.choices import Choices

RINGS = ("canary", "pilot", "broad")
SAYS = ("overrides", "merges", "absent", "ignore")


@dataclass(frozen=True)
class Host:
    workplace_class: str
    municipality: str
    ring: str
    name: str

    @property
    def record(self) -> dict[str, str]:
        return {"name": self.name, "serial": f"serial of {self.name}"}


def walk(sources: Mapping[str, bytes], host: Host, today: str) -> dict[str, dict[str, object]]:
    """By id, in the order of the layers: what it should be and what its row says."""
    found = {name: what for name, what in _layers(sources, host).items() if what is not None}
    last = {name: what for name, what in found.items() if what.pop("own")}
    ordered = {**{name: what for name, what in found.items() if name not in last}, **last}
    for name, what in ordered.items():
        what["observe"], what["remark"] = _waiver(sources, host, name, today)
    return ordered


def _layers(sources: Mapping[str, bytes], host: Host) -> dict[str, dict[str, object] | None]:
    document = json.loads(sources[f"municipalities/{host.municipality}.yml"])
    chosen = {**Choices().model_dump(), **document["choices"]}
    known: set[str] = set()
    found: dict[str, dict[str, object] | None] = {}
    for layer in ("baseline/x", f"{host.workplace_class}/x", f"municipality/{host.municipality}"):
        for entry in json.loads(sources[f"policies/{layer}.yml"]):
            name, on = entry["id"], entry["on"]
            says = next((word for word in SAYS if word in entry), "")
            answers = on.get("choice", {}).items()
            if (says and name not in known) or any(chosen[choice] not in wanted for choice, wanted in answers):
                continue
            known.add(name)
            if host.ring in on.get("ring", RINGS):
                found[name] = _value(entry, says, found.get(name), document, host)
    return found


def _value(
    entry: Mapping[str, object], says: str, before: Mapping[str, object] | None, document: object, host: Host
) -> dict[str, object] | None:
    if says == "ignore":
        return None
    if says == "absent":
        return {"state": "absent", "own": False}
    registry = entry["registry"]
    if "list" not in registry:
        own = registry["data"] == {"from": "registry.serial"}
        data = host.record["serial"] if own else _given(registry["data"], document)
        return {"state": "present", "data": data, "own": own}
    items = _given(registry["list"], document)
    if says == "merges":
        gone = {item.lower() for item in entry.get("without", ())}
        items = [item for item in before["list"] if item.lower() not in gone] + items
    return {"state": "present", "list": items, "own": False}


def _given(value: object, document: object) -> object:
    if isinstance(value, dict):
        for part in value["from"].split(".")[1:]:
            document = document[part]
        return document
    return [_given(item, document) for item in value] if isinstance(value, list) else value


def _waiver(sources: Mapping[str, bytes], host: Host, name: str, today: str) -> tuple[bool, str]:
    """Whether the host is only to be read, and what its row says."""
    waivers = [
        waiver
        for waiver in json.loads(sources["policies/waivers.yml"])
        if name in waiver["settings"] and waiver["approved"] <= today and in_scope(waiver["scope"], host)
    ]
    if not waivers:
        return False, ""
    end = max(waiver["until"] for waiver in waivers)
    waiver = next(waiver for waiver in waivers if waiver["until"] == end)
    if today <= end:
        return True, f"waiver {waiver['id']} until {end}, approved by {waiver['approver']}: {waiver['reason']}"
    return False, f"its waiver {waiver['id']} ended on {end}"


def in_scope(scope: Mapping[str, list[str]], host: Host) -> bool:
    facts = {
        "municipality": host.municipality,
        "class": host.workplace_class,
        "ring": host.ring,
        "host": host.name,
    }
    return all(facts[name] in wanted for name, wanted in scope.items())
