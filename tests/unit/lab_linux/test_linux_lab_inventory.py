"""The inventory of a lab: the repository's own options over the lab's hosts, and the lab's keys."""

from __future__ import annotations

import yaml
from linux_lab_backend import HOSTS

from werkplek.files import ROOT
from werkplek.lab.linux import control
from werkplek.lab.linux.model import LinuxFiles


def up(state):
    return control.up(state, HOSTS, "podman")


def test_the_inventory_is_the_repositorys_over_the_labs_snapshot(backend, state):
    lab, files = up(state), LinuxFiles(state)
    options = yaml.safe_load(lab.registry.read_text())
    real = yaml.safe_load((ROOT / "registry.yml").read_text())
    own = {
        "plugin": "registry_snapshot",
        "snapshot": str(files.estate),
        "municipalities_dir": str(ROOT / "municipalities"),
    }
    assert options == {**{name: real[name] for name in real.keys() - {"include", "shrink_limit"}}, **own}
    assert lab.registry == state / "inventory" / "registry.yml"


def test_ansible_reaches_hosts_by_the_labs_keys_and_trusts_no_other(backend, state):
    up(state)
    groups = LinuxFiles(state).inventory / "group_vars"
    assert yaml.safe_load((groups / "linux" / "90-lab.yml").read_text()) == {
        "ansible_user": "beheer",
        "ansible_ssh_private_key_file": f"{state}/id_ed25519",
        "ansible_ssh_common_args": f"-o UserKnownHostsFile={state}/known_hosts -o GlobalKnownHostsFile=/dev/null"
        " -o StrictHostKeyChecking=yes -o IdentitiesOnly=yes",
    }
    assert (groups / "windows" / "00-repository.yml").resolve() == ROOT / "group_vars" / "windows.yml"


def test_a_second_start_writes_the_inventory_anew(backend, state):
    up(state)
    stray = LinuxFiles(state).inventory / "group_vars" / "linux" / "99-stray.yml"
    stray.touch()
    backend.running.clear()
    up(state)
    assert not stray.exists()
