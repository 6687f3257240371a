"""The lab's files: whose host keys are known, and how Ansible reaches the switches."""

from __future__ import annotations

import stat
from pathlib import Path

import yaml

from werkplek.lab.switches import inventory, known_hosts
from werkplek.lab.switches.status import NetworkFiles, NetworkLab

OTHERS = "example.nl ssh-ed25519 AAAA\n"
KEYS = "[127.0.0.1]:4001 ssh-ed25519 BBBB\n[127.0.0.1]:4002 ssh-ed25519 BBBB\n"


def test_a_labs_keys_stand_beside_others_and_go_again(tmp_path: Path) -> None:
    file = tmp_path / ".ssh" / "known_hosts"
    file.parent.mkdir()
    file.write_text(OTHERS.rstrip())
    file.chmod(0o640)
    one, other, killed = tmp_path / "een", tmp_path / "twee", tmp_path / "drie"
    for lab, keys in ((killed, KEYS), (one, KEYS), (other, KEYS), (one, KEYS.splitlines(keepends=True)[0])):
        known_hosts.add(file, lab, keys, lambda state: state != killed)
    assert file.read_text().splitlines() == [
        OTHERS.rstrip(),
        *(f"{line} werkplek-lab={other}" for line in KEYS.splitlines()),
        f"{KEYS.splitlines()[0]} werkplek-lab={one}",
    ]
    known_hosts.remove(file, one)
    known_hosts.remove(file, other)
    assert file.read_text() == OTHERS
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_file_that_a_lab_made_goes_with_it(tmp_path: Path) -> None:
    file = tmp_path / ".ssh" / "known_hosts"
    known_hosts.remove(file, tmp_path)
    known_hosts.add(file, tmp_path, KEYS, Path.exists)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    known_hosts.remove(file, tmp_path)
    assert not file.exists()


def test_the_inventory_has_a_port_for_each_switch_and_the_password_for_nobody_else(tmp_path: Path) -> None:
    files = NetworkFiles(tmp_path)
    files.password.write_text("geheim\n")
    ports, systems = {"pap-sw-01": 4001}, {"pap-sw-01": "cisco-ios"}
    lab = NetworkLab(tmp_path, 1, 1, "http://127.0.0.1:1", ports, systems, fabric=False)
    inventory.write(lab)
    source = yaml.safe_load(lab.registry.read_text())
    assert (source["plugin"], source["snapshot"]) == ("registry_snapshot", str(files.estate))
    host = yaml.safe_load((files.inventory / "host_vars" / "pap-sw-01.yml").read_text())
    assert host == {"ansible_host": "127.0.0.1", "ansible_port": 4001}
    everybody = files.inventory / "group_vars" / "network" / "90-lab.yml"
    assert yaml.safe_load(everybody.read_text()) == {
        "ansible_user": "beheer",
        "ansible_password": "geheim",
        "ansible_host_key_checking": True,
    }
    assert stat.S_IMODE(everybody.stat().st_mode) == 0o600
    assert str(files.known_hosts) in files.ssh_config.read_text()
