"""Arista's own Ansible modules, over SSH, against the double of EOS: it is what they take it for."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from debian_hosts import needs_long

from werkplek.files import ROOT
from werkplek.lab.switches import manage
from werkplek.lab.switches.client import NetworkClient
from werkplek.lab.switches.status import NetworkLab

VLANS = [{"vlan_id": 901, "name": "proef-een"}, {"vlan_id": 902, "name": "proef-twee", "state": "suspend"}]
L2 = [
    # a mode that EOS has by itself is not shown, and the module would find it missing each time
    {"name": "Ethernet1", "access": {"vlan": 901}},
    {"name": "Ethernet2", "mode": "trunk", "trunk": {"native_vlan": 902, "trunk_allowed_vlans": ["901-902", "905"]}},
]
MODULES: dict[str, dict[str, Any]] = {
    "eos_vlans": {"config": VLANS},
    "eos_l2_interfaces": {"config": L2},
    "eos_interfaces": {"config": [{"name": "Ethernet1", "description": "Balie 1", "enabled": False}]},
    "eos_hostname": {"config": {"hostname": "proef"}},
    "eos_ntp_global": {
        "config": {
            "servers": [{"server": "192.0.2.1", "key_id": 1}],
            "trusted_key": "1",
            "authentication_keys": [{"id": 1, "algorithm": "sha1", "encryption": 7, "key": "070C285F4D06"}],
        }
    },
    "eos_logging_global": {"config": {"hosts": [{"name": "192.0.2.9"}], "trap": {"severity": "errors"}}},
    "eos_snmp_server": {
        "config": {
            "location": "Proefkamer",
            "groups": [{"group": "G", "version": "v3", "auth_privacy": "priv", "read": "V"}],
            "communities": [{"name": "proef", "ro": True}],
        }
    },
    "eos_config": {"lines": ["ip dhcp snooping", "spanning-tree mode rapid-pvst"], "save_when": "modified"},
    "eos_command": {"commands": ["show version", "show lldp neighbors", "show vlan"]},
    "eos_facts": {"gather_subset": ["all"], "gather_network_resources": ["vlans", "interfaces", "l2_interfaces"]},
}


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkLab]:
    needs_long()
    state = tmp_path_factory.mktemp("network")
    yield manage.up(state, 8)
    manage.down(state)


@pytest.fixture(scope="module")
def switch(lab: NetworkLab) -> str:
    return next(name for name, system in sorted(lab.systems.items()) if system == "arista-eos")


@pytest.fixture
def client(lab: NetworkLab, switch: str) -> Iterator[NetworkClient]:
    """The lab; afterwards the switch runs what it ran before."""
    with NetworkClient(lab.state) as network:
        before = network.show(switch)["running"]
        yield network
        network.heal(switch)
        network.configure(switch, before, save=True)


def played(lab: NetworkLab, switch: str, tmp_path: Path, tasks: list[dict[str, Any]], **options: Any) -> list[Any]:
    """The results of tasks, in one run of ansible-playbook."""
    out = tmp_path / "results.json"
    named = [{**task, "register": f"result_{place}"} for place, task in enumerate(tasks)]
    results = "{{ [" + ", ".join(f"result_{place}" for place in range(len(tasks))) + "] | to_json }}"
    told = {
        "ansible.builtin.copy": {"content": results, "dest": str(out), "mode": "0600"},
        "delegate_to": "localhost",
        "vars": {"ansible_connection": "local", "ansible_become": False, "ansible_python_interpreter": sys.executable},
        "check_mode": False,
        "diff": False,
    }
    play = {"hosts": switch, "gather_facts": False, "tasks": [*named, told], **options}
    book = tmp_path / "play.yml"
    book.write_text(yaml.safe_dump([play]))
    run = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), str(book), "-i", str(lab.registry)],
        cwd=ROOT,
        env={
            **os.environ,
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "WERKPLEK_STATE": str(tmp_path / "state"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert out.exists(), run.stdout + run.stderr
    found: list[Any] = json.loads(out.read_text())
    return found


def modules(names: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks that call Arista's modules."""
    return [{f"arista.eos.{name}": arguments} for name, arguments in names.items()]


def test_every_module_does_its_work_and_finds_nothing_to_do_the_second_time(
    lab: NetworkLab, switch: str, client: NetworkClient, tmp_path: Path
) -> None:
    results = played(lab, switch, tmp_path, [*modules(MODULES), *modules(MODULES)])
    first, second = results[: len(MODULES)], results[len(MODULES) :]
    looks = {"eos_command", "eos_facts"}
    assert {name: one["changed"] for name, one in zip(MODULES, first, strict=True)} == {
        name: name not in looks for name in MODULES
    }
    assert {name: one["changed"] for name, one in zip(MODULES, second, strict=True)} == dict.fromkeys(MODULES, False)
    shown = client.show(switch)
    for line in (
        "hostname proef",
        "vlan 901\n   name proef-een",
        "vlan 902\n   name proef-twee\n   state suspend",
        "interface Ethernet1\n   description Balie 1\n   shutdown\n   switchport access vlan 901\n",
        "interface Ethernet2\n   switchport trunk native vlan 902\n   switchport trunk allowed vlan 901-902,905\n"
        "   switchport mode trunk\n",
        "ntp authentication-key 1 sha1 7 070C285F4D06\nntp trusted-key 1\nntp server 192.0.2.1 key 1",
        "logging host 192.0.2.9",
        "logging trap errors",
        "snmp-server location Proefkamer",
        "snmp-server community proef ro",
        "ip dhcp snooping",
        "spanning-tree mode rapid-pvst",
    ):
        assert line in shown["running"]
    assert shown["startup"] == shown["running"], "eos_config saved it"
    facts = second[-1]["ansible_facts"]
    assert facts["ansible_net_system"] == "eos"
    assert facts["ansible_net_version"] == "4.35.0F"
    assert facts["ansible_net_fqdn"] == "proef"  # the connection keeps the host name that it saw first
    assert facts["ansible_net_interfaces"]["Ethernet1"]["operstatus"] == "disabled"
    assert {"vlan_id": 901, "name": "proef-een", "state": "active"} in facts["ansible_network_resources"]["vlans"]


def test_check_mode_changes_nothing_and_leaves_no_session(
    lab: NetworkLab, switch: str, client: NetworkClient, tmp_path: Path
) -> None:
    before = client.show(switch)["running"]
    config = {"eos_config": {"lines": ["name proef"], "parents": ["vlan 903"]}}
    sessions = {"eos_command": {"commands": ["show configuration sessions"]}}
    found, told = played(
        lab,
        switch,
        tmp_path,
        [*modules(config), {**modules(sessions)[0], "check_mode": False}],
        check_mode=True,
        diff=True,
    )
    assert found["changed"] is True
    assert found["diff"]["prepared"].splitlines()[1:] == [
        f"+++ session:/{found['session']}-session-config",
        "+vlan 903",
        "+   name proef",
    ]
    assert " pending " not in "\n".join(line for line in told["stdout_lines"][0] if not line.startswith("Maximum"))
    assert client.show(switch)["running"] == before


def test_a_refused_line_is_an_error_and_leaves_nothing(
    lab: NetworkLab, switch: str, client: NetworkClient, tmp_path: Path
) -> None:
    before = client.show(switch)["running"]
    config = {"eos_config": {"lines": ["ip dhcp snooping", "ip finger"]}}
    (found,) = played(lab, switch, tmp_path, [{**modules(config)[0], "ignore_errors": True}])
    assert "% Invalid input (at token 1: 'finger')" in found["msg"]
    assert client.show(switch)["running"] == before


def test_a_banner_and_a_commit_timer_go_over_ssh(
    lab: NetworkLab, switch: str, client: NetworkClient, tmp_path: Path
) -> None:
    before = client.show(switch)["running"]
    session = ["configure session proef", "vlan 904", "commit timer 00:05:00"]
    tasks = {
        "eos_banner": {"banner": "login", "text": "Gemeente\nAlleen voor bevoegden", "state": "present"},
        "eos_command": {"commands": session},
    }
    results = played(lab, switch, tmp_path, modules(tasks))
    assert [one["changed"] for one in results] == [True, False]
    shown = client.show(switch)["running"]
    assert "banner login\nGemeente\nAlleen voor bevoegden\nEOF\n" in shown
    assert "904" in shown
    client.advance(300)
    assert "904" not in client.show(switch)["running"]
    assert "banner login" in client.show(switch)["running"], "only the session's change goes back"
    assert before != shown
