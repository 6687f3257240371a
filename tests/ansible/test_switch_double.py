"""Cisco's own Ansible modules, over SSH, against the double of IOS: it is what they take it for."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from debian_hosts import needs_long
from vendor_modules import results

from werkplek.lab.switches import manage
from werkplek.lab.switches.client import NetworkClient
from werkplek.lab.switches.status import NetworkLab

SWITCH = "ALB-SW-0001"
L2 = [
    {"name": "GigabitEthernet1/0/1", "mode": "access", "access": {"vlan": 901}, "voice": {"vlan": 902}},
    {
        "name": "GigabitEthernet1/0/8",
        "mode": "trunk",
        "trunk": {"allowed_vlans": ["901-902", "905"], "native_vlan": 902},
    },
]
ACL = {
    "name": "PROEF",
    "acl_type": "standard",
    "aces": [{"sequence": 10, "grant": "permit", "source": {"address": "192.0.2.0", "wildcard_bits": "0.0.0.255"}}],
}
MODULES: dict[str, dict[str, Any]] = {
    "ios_hostname": {"config": {"hostname": "proef"}},
    "ios_vlans": {"config": [{"vlan_id": 901, "name": "proef-een"}, {"vlan_id": 902, "name": "proef-twee"}]},
    "ios_l2_interfaces": {"config": L2},
    "ios_interfaces": {"config": [{"name": "GigabitEthernet1/0/1", "description": "Balie 1", "enabled": False}]},
    "ios_config": {"lines": ["udld enable", "ip domain name proef.nl"]},
    "ios_ntp_global": {"config": {"servers": [{"server": "192.0.2.1"}], "authenticate": True}},
    "ios_logging_global": {"config": {"hosts": [{"host": "192.0.2.9"}], "userinfo": True}},
    # no users: the module gives a user with keys anew each time, since no switch shows its keys
    "ios_snmp_server": {
        "config": {
            "location": "Proefkamer",
            "groups": [{"group": "G", "version": "v3", "version_option": "priv", "read": "V"}],
            "views": [{"name": "V", "family_name": "iso", "included": True}],
            "hosts": [{"host": "192.0.2.7", "version": "3", "version_option": "priv", "community_string": "mon"}],
        }
    },
    "ios_acls": {"config": [{"afi": "ipv4", "acls": [ACL]}]},
    "ios_lldp_global": {"config": {"enabled": True, "timer": 60}},
    "ios_lldp_interfaces": {"config": [{"name": "GigabitEthernet1/0/2", "transmit": False, "receive": True}]},
    "ios_banner": {"banner": "login", "text": "Alleen\nvoor beheerders", "state": "present"},
    "ios_command": {
        "commands": ["show vlan brief", "show running-config | section ^interface GigabitEthernet1/0/[18]$"]
    },
    "ios_facts": {"gather_subset": ["min", "config"], "gather_network_resources": ["vlans", "l2_interfaces", "acls"]},
}
LOOKS = {"ios_command", "ios_facts"}
PORTS = [
    "interface GigabitEthernet1/0/1",
    " description Balie 1",
    " switchport access vlan 901",
    " switchport mode access",
    " switchport voice vlan 902",
    " shutdown",
    "interface GigabitEthernet1/0/8",
    " switchport trunk native vlan 902",
    " switchport trunk allowed vlan 901,902,905",
    " switchport mode trunk",
]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[NetworkLab]:
    needs_long()
    state = tmp_path_factory.mktemp("ios")
    yield manage.up(state, 4)
    manage.down(state)


@pytest.fixture
def client(lab: NetworkLab) -> Iterator[NetworkClient]:
    """The lab; afterwards the switch runs what it ran before."""
    with NetworkClient(lab.state) as network:
        before = network.show(SWITCH)["running"]
        yield network
        network.heal(SWITCH)
        network.configure(SWITCH, before, save=True)


def tasks(names: dict[str, dict[str, Any]]) -> list[dict[str, Any]]:
    """Tasks that call Cisco's modules."""
    return [{f"cisco.ios.{name}": arguments} for name, arguments in names.items()]


def test_every_module_does_its_work_and_finds_nothing_to_do_the_second_time(
    lab: NetworkLab, client: NetworkClient, tmp_path: Path
) -> None:
    before = client.show(SWITCH)["sessions"]["opened"]
    found = results(lab, SWITCH, tmp_path, [*tasks(MODULES), *tasks(MODULES)])
    first, second = found[: len(MODULES)], found[len(MODULES) :]
    changed = [{name: one["changed"] for name, one in zip(MODULES, run, strict=True)} for run in (first, second)]
    assert changed == [{name: name not in LOOKS for name in MODULES}, dict.fromkeys(MODULES, False)]
    shown = client.show(SWITCH)
    for line in (
        "hostname proef",
        "vlan 901\n name proef-een\n",
        "udld enable",
        "ip access-list standard PROEF\n 10 permit 192.0.2.0 0.0.0.255\n",
        "lldp timer 60",
        " no lldp transmit",
        "banner login ^C\nAlleen\nvoor beheerders\n^C",
        "snmp-server host 192.0.2.7 version 3 priv mon",
    ):
        assert line in shown["running"]
    assert second[list(MODULES).index("ios_command")]["stdout_lines"][1] == PORTS
    facts = second[-1]["ansible_facts"]
    assert (facts["ansible_net_iostype"], facts["ansible_net_model"]) == ("IOS-XE", "C9300-24P")
    names = {vlan["vlan_id"]: vlan["name"] for vlan in facts["ansible_network_resources"]["vlans"]}
    assert (names[901], names[902]) == ("proef-een", "proef-twee")
    assert shown["sessions"]["opened"] == before + 1, "one session for all tasks"


def test_an_unknown_command_is_refused_and_leaves_nothing(
    lab: NetworkLab, client: NetworkClient, tmp_path: Path
) -> None:
    before = client.show(SWITCH)["running"]
    wrong: list[dict[str, Any]] = [
        {"cisco.ios.ios_config": {"lines": ["ip https server"]}, "ignore_errors": True},
        {"cisco.ios.ios_command": {"commands": ["show foo"]}, "ignore_errors": True},
    ]
    for one in results(lab, SWITCH, tmp_path, wrong):
        assert one["failed"]
        assert "% Invalid input detected at '^' marker." in one["msg"]
    assert client.show(SWITCH)["running"] == before


def test_a_switch_that_lets_nobody_in_is_an_error(lab: NetworkLab, client: NetworkClient, tmp_path: Path) -> None:
    client.fault(SWITCH, refuse_sign_in=True)
    task = {"cisco.ios.ios_command": {"commands": ["show version"]}, "ignore_errors": True}
    [found] = results(lab, SWITCH, tmp_path, [task])
    assert "Failed to authenticate" in found["msg"]


def test_a_change_that_nobody_confirms_goes_back(lab: NetworkLab, client: NetworkClient, tmp_path: Path) -> None:
    client.edit(SWITCH, ["archive", "path flash:bewaard"])
    before = client.show(SWITCH)["running"]
    options = {"ansible_ios_commit_confirm_timeout": 1, "ansible_command_timeout": 30}
    task = {"cisco.ios.ios_config": {"lines": ["hostname onbevestigd"]}, "vars": options}
    [found] = results(lab, SWITCH, tmp_path, [task])
    assert found["changed"]
    assert "hostname onbevestigd" in client.show(SWITCH)["running"]
    assert client.show(SWITCH)["pending"].keys() == {"revert"}
    client.advance(60)
    assert client.show(SWITCH)["running"] == before
