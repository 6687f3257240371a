"""The inventory of a lab's switches: their registry snapshot, and how Ansible reaches each."""

from __future__ import annotations

import shutil

import yaml

from werkplek.files import ROOT, write_atomic
from werkplek.lab.control import link_group_vars
from werkplek.lab.linux.inventory import LIVE_ONLY
from werkplek.lab.switches import fabric_control
from werkplek.lab.switches.server import LOOPBACK
from werkplek.lab.switches.status import ACCOUNT, NetworkFiles, NetworkLab
from werkplek.lab.windows_estate import registry_options

# For people with OpenSSH; see ssh_config(5).
SSH_CONFIG = "Host *\n  UserKnownHostsFile {known}\n  GlobalKnownHostsFile /dev/null\n  StrictHostKeyChecking yes\n"


def write(lab: NetworkLab) -> None:
    """Write `inventory/`: registry.yml over the lab's snapshot, the repository's group_vars, and a file per switch.

    Files that hold the password have mode 0600.
    """
    files = NetworkFiles(lab.state)
    write_atomic(files.ssh_config, SSH_CONFIG.format(known=files.known_hosts))
    shutil.rmtree(files.inventory, ignore_errors=True)
    for name in ("group_vars", "host_vars"):
        (files.inventory / name).mkdir(mode=0o700, parents=True)
    kept = {name: value for name, value in registry_options(ROOT / "registry.yml").items() if name not in LIVE_ONLY}
    options = {**kept, "plugin": "registry_snapshot", "snapshot": str(files.estate)}
    options["municipalities_dir"] = str(ROOT / "municipalities")
    write_atomic(lab.registry, yaml.safe_dump(options, sort_keys=False))
    link_group_vars(files.inventory / "group_vars")
    (files.inventory / "group_vars" / "network").mkdir(exist_ok=True)
    everybody = yaml.safe_dump(connection(files), sort_keys=False)
    write_atomic(files.inventory / "group_vars" / "network" / "90-lab.yml", everybody)
    variables: dict[str, dict[str, object]] = {
        name: {"ansible_host": LOOPBACK, "ansible_port": port} for name, port in lab.ports.items()
    }
    if (fabric := fabric_control.get(lab.state)) is not None:
        variables |= {name: {**fabric.variables(name)} for name in fabric.plan.own}
    for name, own in variables.items():
        write_atomic(files.inventory / "host_vars" / f"{name}.yml", yaml.safe_dump(own, sort_keys=False))


def connection(files: NetworkFiles) -> dict[str, object]:
    """How Ansible reaches the switches: the lab's account; host keys are checked (see `known_hosts.py`)."""
    password = files.password.read_text().strip()
    return {
        "ansible_user": ACCOUNT,
        "ansible_password": password,
        "ansible_host_key_checking": True,
    }
