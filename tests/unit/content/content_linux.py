"""Settings of Linux as they are written and as a host gets them, and the facts that they come from."""

import csv
import json

from content_facts import ROOT, Written

from werkplek.policy.loader import Repository
from werkplek.policy.model import Combination
from werkplek.policy.resolver import resolve


def facts_of_linux() -> dict[str, dict[str, str]]:
    """Rows of tests/data/baselines/linux_debian.csv by id."""
    with (ROOT / "tests/data/baselines/linux_debian.csv").open(newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def linux_settings(
    repository: Repository, slug: str, of: str = "workstation", ring: str = "broad", platform: str = "debian-13"
) -> dict[str, dict]:
    """What a Linux host of class `of` is sent: the wire form of each setting by its id."""
    place = Combination(of, (platform, "debian", "linux"), slug, ring, "stadhuis")
    calls = resolve(repository.parts[of, slug], place).for_host({}).engines
    assert list(calls) == ["linux_policy"]
    settings = json.loads(calls["linux_policy"].request())["settings"]
    assert len({setting["id"] for setting in settings}) == len(settings)
    return {setting["id"]: setting for setting in settings}


def about(setting: Written) -> tuple[str, ...]:
    """What a setting decides, in the words of the facts: the object, and its value."""
    body = setting.body
    match setting.kind:
        case "sysctl" | "sshd_option":
            return body["name"], body["value"]
        case "kernel_module" | "deb_package":
            return body["name"], body.get("state", "present")
        case "mount_option":
            return body["path"], body["option"]
        case "systemd_unit":
            return body["name"], body["enabled"], body["status"]
        case "file":
            return body["path"], f"{body.get('owner')}:{body.get('group')}", body.get("mode", "")
        case "config_line":
            return body["key"], body.get("value", "")
        case "dconf":
            return body["key"], body["value"]
    return (body["rule"],)


_UNITS = {"enabled,started": ("enabled", "running"), "disabled,stopped,masked": ("masked", "stopped")}


def told(row: dict[str, str]) -> tuple[str, ...]:
    """What a fact asks for, in the form of `about`."""
    match row["kind"]:
        case "kernel_module":
            return row["name"], "blocked"
        case "service":
            return row["name"], *_UNITS[row["value"]]
        case "file_mode":
            return row["target"], row["name"], row["value"]
        case "audit_rule":
            return (row["value"],)
        case "dconf":
            section, _, key = row["name"].partition(" ")
            return f"/{section.strip('[]')}/{key}", row["value"]
    return row["name"], row["value"]
