"""A copy of this repository with fewer settings, so that figures speak of a stated number."""

from __future__ import annotations

import shutil
from pathlib import Path

import yaml

from werkplek.files import ROOT

PARTS = "action_plugins callback_plugins inventory_plugins library module_utils municipalities playbooks policies roles"


def trimmed(folder: Path, settings: int) -> Path:
    """A copy of this repository whose workstations have only so many settings."""
    for part in (*PARTS.split(), "src"):
        shutil.copytree(ROOT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "ansible.cfg", folder)
    (folder / "registry.yml").touch()
    shutil.rmtree(folder / "policies" / "municipality")
    left = settings
    for file in sorted((folder / "policies").rglob("windows/*.yml")):
        # PyYAML reads YAML 1.1, where the key `on` is true
        rows = [{"on" if key is True else key: row[key] for key in row} for row in yaml.safe_load(file.read_text())]
        shared = [row for row in rows if not {"ring", "site"} & row.get("on", {}).keys()][:left]
        left -= len(shared)
        file.write_text(yaml.safe_dump(shared))
    return folder
