"""What a lab host has in the way of software: packages, products, optional features and scheduled tasks.

It stands in `software.json` in the host's folder and begins as lab/windows/windows-11-software.json. Names are told
apart without capitals, as Windows does.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from werkplek.errors import WerkplekError
from werkplek.files import ROOT, write_atomic

SEED = ROOT / "lab" / "windows" / "windows-11-software.json"
CHOCOLATEY = "chocolatey"
PENDING = {"EnablePending": "Enabled", "DisablePending": "Disabled"}  # what a restart makes of a feature's state


class Software:
    """The software of one host.

    `packages` maps a Chocolatey package to its version; without the package `chocolatey` there is no Chocolatey.
    `feed` maps what its source offers to the versions, oldest first. `products` maps a ProductCode to `name` and
    `restart` (removal needs one). `features` maps a name to its DISM `state` and `restart` (a change needs one).
    `tasks` maps a path to a task as win_scheduled_task sets it.
    """

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.packages: dict[str, str] = dict(document["packages"])
        self.feed: dict[str, list[str]] = dict(document["feed"])
        self.products: dict[str, dict[str, Any]] = dict(document["products"])
        self.features: dict[str, dict[str, Any]] = dict(document["features"])
        self.tasks: dict[str, dict[str, Any]] = dict(document["tasks"])

    @classmethod
    def of(cls, folder: Path) -> Software:
        """The software of the host in `folder`."""
        file = folder / "software.json"
        return cls(json.loads((file if file.exists() else SEED).read_bytes()))

    def save(self, folder: Path) -> None:
        """Write it to the host's folder, whole or not at all."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_atomic(folder / "software.json", json.dumps(vars(self)))

    def dump(self) -> dict[str, Any]:
        """What a host has; what its package source offers is not a part of that."""
        return {name: part for name, part in vars(self).items() if name != "feed"}


def key_of(section: Mapping[str, Any], name: str) -> str:
    """The key under which a section holds a name, or would."""
    return next((key for key in section if key.casefold() == name.casefold()), name)


EDITS = ("package", "product", "feature", "scheduled_task", "restart")


def edited(software: Software, edits: Sequence[Mapping[str, Any]]) -> Software:
    """Changes behind Ansible's back; each edit is of one of the kinds in `EDITS`. `state` is present or absent.

    package: name, state, version. product: code, state, name, restart. feature: name, state (it is made so at once).
    scheduled_task: name, path, state; and in `task` what changes of the task. restart: finishes what waits for one.

    Raises WerkplekError for anything else.
    """
    for edit in edits:
        fields = dict(edit)
        kind = fields.pop("kind")
        try:
            _EDITS[kind](software, fields)
        except KeyError as error:
            raise WerkplekError(f"the lab cannot make this edit: {json.dumps(edit)} lacks {error}") from None
        if fields:
            raise WerkplekError(f"the lab cannot make this edit: {json.dumps(edit)} has unknown {', '.join(fields)}")
    return software


def _absent(fields: dict[str, Any], section: dict[str, Any], key: str) -> bool:
    state = fields.pop("state", "present")
    if state not in {"present", "absent"}:
        raise WerkplekError(f"the lab cannot make this edit: state {state!r} is neither present nor absent")
    if state == "absent":
        section.pop(key, None)
    return bool(state == "absent")


def _edit_package(software: Software, fields: dict[str, Any]) -> None:
    key = key_of(software.packages, fields.pop("name"))
    if not _absent(fields, software.packages, key):
        software.packages[key] = fields.pop("version")


def _edit_product(software: Software, fields: dict[str, Any]) -> None:
    key = key_of(software.products, fields.pop("code"))
    if not _absent(fields, software.products, key):
        software.products[key] = {"name": fields.pop("name"), "restart": fields.pop("restart", False)}


def _edit_feature(software: Software, fields: dict[str, Any]) -> None:
    key = key_of(software.features, fields.pop("name"))
    feature = dict(software.features[key])
    absent = _absent(fields, {}, key)
    software.features[key] = {**feature, "state": "Disabled" if absent else "Enabled"}


def _edit_task(software: Software, fields: dict[str, Any]) -> None:
    key = key_of(software.tasks, f"{fields.pop('path').rstrip('\\')}\\{fields.pop('name')}")
    if not _absent(fields, software.tasks, key):
        task, change = software.tasks[key], fields.pop("task")
        if unknown := sorted(change.keys() - task.keys()):
            raise WerkplekError(f"the lab cannot make this edit: a task has no {', '.join(unknown)}")
        software.tasks[key] = {**task, **change}


def _restart(software: Software, _fields: dict[str, Any]) -> None:
    for key, feature in software.features.items():
        software.features[key] = {**feature, "state": PENDING.get(feature["state"], feature["state"])}


_EDITS = {
    "package": _edit_package,
    "product": _edit_product,
    "feature": _edit_feature,
    "scheduled_task": _edit_task,
    "restart": _restart,
}
