"""Settings as they are written and as a host gets them, and the facts of the sources, in a form that compares."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import yaml

from werkplek.policy.hosts import DEFAULT_PLATFORMS
from werkplek.policy.kinds import KINDS
from werkplek.policy.loader import Repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve

ROOT = Path(__file__).parents[3]
type Target = tuple[str, str, str]  # kind, registry path, name: without capitals
# What the sources say of the Windows hosts of a class.
FACTS = {"workstation": ("windows_apps", "windows_11"), "vdi_host": ("windows_apps", "windows_server_rds")}


@dataclass(frozen=True)
class Written:
    """One setting as it is written. `body` is the content of its kind."""

    file: str
    kind: str
    head: dict
    body: dict

    @property
    def id(self) -> str:
        return self.head["id"]

    @property
    def controls(self) -> tuple[str, ...]:
        return tuple(self.head.get("controls", ()))

    @property
    def choice(self) -> dict[str, tuple[object, ...]]:
        """The choices that it is for, each with its answers."""
        chosen = self.head.get("on", {}).get("choice", {})
        return {name: tuple(given) if isinstance(given, list) else (given,) for name, given in chosen.items()}


@dataclass(frozen=True)
class Fact:
    """What a source says about one target."""

    value: object
    controls: frozenset[str]


def read_settings() -> list[Written]:
    """Every setting; entries that take an earlier layer's away (absent, ignore) have no kind and are left out."""
    return [setting for path in sorted((ROOT / "policies").rglob("*.yml")) for setting in _settings_of(path)]


def _settings_of(path: Path) -> Iterator[Written]:
    for head in yaml.safe_load(path.read_text()):
        if {"absent", "ignore"} & head.keys():
            continue
        (kind,) = [kind for kind in KINDS if kind in head]
        if True in head:  # YAML 1.1 reads the key `on` as a boolean
            head["on"] = head.pop(True)
        yield Written(path.relative_to(ROOT / "policies").as_posix(), kind, head, head[kind])


def of_class(written: list[Written], workplace_class: str, family: str = "windows") -> list[Written]:
    """What the hosts of a class and OS family can get, without what the class replaces for all of them."""
    own, shared = f"{workplace_class}/{family}/", f"baseline/{family}/"
    replaced = {
        setting.id
        for setting in written
        if setting.file.startswith(own) and "overrides" in setting.head and "on" not in setting.head
    }
    return [
        setting
        for setting in written
        if setting.file.startswith(own) or (setting.file.startswith(shared) and setting.id not in replaced)
    ]


def host_settings(
    repository: Repository,
    slug: str,
    ring: str = "broad",
    of: str = "workstation",
    site: str = "stadhuis",
    platform: str | None = None,
) -> dict[str, dict]:
    """What a Windows host of class `of` is sent: the wire form of each setting by its id."""
    combination = Combination(of, (platform or DEFAULT_PLATFORMS[of], "windows"), slug, ring, site)
    policy = resolve(repository.parts[of, slug], combination).for_host(
        {"url": "https://netbox.example/dcim/devices/1/"}
    )
    requests = (call.request(dict.fromkeys(call.secrets, "secret")) for call in policy.engines.values())
    settings = [setting for request in requests for setting in json.loads(request)["settings"]]
    assert len({setting["id"] for setting in settings}) == len(settings)
    return {setting["id"]: setting for setting in settings}


def claims(setting: Written) -> Iterator[tuple[Target, object]]:
    """Each target of a setting with the value it asks for; a numbered list has a target per item."""
    body = setting.body
    if setting.kind == "registry":
        path = body["path"].lower()
        items = body.get("list", ())
        for number, item in enumerate(items if isinstance(items, list) else (), 1):
            yield ("registry", path, str(number)), ("string", item)
        if body.get("state", "present") == "present" and "name" in body:
            yield ("registry", path, str(body["name"]).lower()), (body["type"], _comparable(body["data"]))
    elif setting.kind == "service":
        yield ("service", "", body["name"].lower()), (body["start"], body.get("status"))
    elif setting.kind == "user_right":
        yield ("user_right", "", body["right"].lower()), frozenset(body["members"])
    elif setting.kind == "audit":
        yield ("audit", body["subcategory"].lower(), body["name"].lower()), frozenset(body["events"])
    elif setting.kind in {"account_policy", "security_option"}:
        yield (setting.kind, "", body["name"].lower()), body["data"]
    elif setting.kind == "local_group":
        yield ("local_group", "", body["group"].lower()), frozenset(body["members"])


def _comparable(data: object) -> object:
    return tuple(map(str, data)) if isinstance(data, list) else str(data) if isinstance(data, dict) else data


@cache
def read_facts(*names: str) -> dict[Target, Fact]:
    """Facts of tests/data/baselines/<name>.csv by target."""
    return {
        target: Fact(_value(target[0], row), frozenset(row["controls"].split(";")))
        for name in names
        for target, row in _rows(name)
    }


def read_fact_ids(*names: str) -> dict[Target, str]:
    """Ids that tests/data/baselines/<name>.csv gives its facts, by target."""
    return {target: row["id"] for name in names for target, row in _rows(name)}


def facts_of_one_platform(name: str) -> dict[str, str]:
    """Ids of facts of tests/data/baselines/<name>.csv that hold on one platform only, with that platform."""
    notes = {row["id"]: row["note"] for _, row in _rows(name)}
    return {key: "windows-server-2025" for key, note in notes.items() if note == "Windows Server 2025 only"}


def _rows(name: str) -> Iterator[tuple[Target, dict[str, str]]]:
    with (ROOT / f"tests/data/baselines/{name}.csv").open(newline="") as file:
        for row in csv.DictReader(file):
            kind = "registry" if row["kind"] == "firewall" else row["kind"]
            path = row["path"].lower() if kind in {"registry", "audit"} else ""
            yield (kind, path, row["name"].lower()), row


def _value(kind: str, row: dict[str, str]) -> object:
    parts = tuple(part for part in row["data"].split("|") if part)
    if kind == "registry":
        data = {"dword": lambda: int(row["data"]), "multistring": lambda: parts}.get(row["type"], lambda: row["data"])
        return row["type"], data()
    if kind == "service":
        return row["data"], row["state"]
    return frozenset(parts) if kind in {"user_right", "audit", "local_group"} else int(row["data"])
