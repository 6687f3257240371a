"""The inventory of a Linux lab: its registry snapshot, and how Ansible reaches the hosts."""

from __future__ import annotations

import shutil

import yaml

from werkplek.files import ROOT, write_atomic
from werkplek.lab.control import CONNECTION_OPTIONS, link_group_vars
from werkplek.lab.linux import estate
from werkplek.lab.linux.model import ACCOUNT, LinuxFiles, LinuxLab
from werkplek.lab.windows_estate import registry_options
from werkplek.registry.snapshot import to_bytes


def write(lab: LinuxLab) -> None:
    """Write `inventory/`: registry.yml over the lab's snapshot, and the repository's group_vars under the lab's own."""
    files = LinuxFiles(lab.state)
    write_atomic(files.estate, to_bytes(estate.snapshot(lab.hosts)))
    shutil.rmtree(files.inventory, ignore_errors=True)
    groups = files.inventory / "group_vars"
    groups.mkdir(mode=0o700, parents=True)
    kept = {name: value for name, value in registry_options(ROOT / "registry.yml").items() if name not in LIVE_ONLY}
    options = {**kept, "plugin": "registry_snapshot", "snapshot": str(files.estate)}
    options["municipalities_dir"] = str(ROOT / "municipalities")
    write_atomic(lab.registry, yaml.safe_dump(options, sort_keys=False))
    link_group_vars(groups)
    (groups / "linux").mkdir(exist_ok=True)
    write_atomic(groups / "linux" / "90-lab.yml", yaml.safe_dump(connection(files), sort_keys=False))


# Options of netbox_registry that a snapshot has no use for.
LIVE_ONLY = (*CONNECTION_OPTIONS, "include", "shrink_limit")


def connection(files: LinuxFiles) -> dict[str, object]:
    """How Ansible reaches the hosts: the lab's key, and the lab's own list of host keys, strictly."""
    return {
        "ansible_user": ACCOUNT,
        "ansible_ssh_private_key_file": str(files.key),
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={files.known_hosts} -o GlobalKnownHostsFile=/dev/null"
        " -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes",
    }
