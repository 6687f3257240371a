"""Switches made from an estate, and how they begin."""

from __future__ import annotations

import pytest
from ios_bench import IOS, Bench

from werkplek.lab.switches.device import Device
from werkplek.lab.switches.estate import hosts, switch_estate
from werkplek.lab.switches.forwarding import decisions
from werkplek.lab.switches.lab import devices

ACCOUNT = ("beheer", "geheim")


@pytest.fixture(scope="module")
def made() -> dict[str, Device]:
    return devices(hosts(switch_estate(6)), {"cisco-ios": IOS}, ACCOUNT)


def test_every_switch_of_the_system_is_made_and_can_be_signed_in_to(made: dict[str, Device]) -> None:
    estate = hosts(switch_estate(6))
    assert sorted(made) == [host.name for host in estate if host.platform == "cisco-ios"]
    assert all(IOS.signs_in(device, *ACCOUNT) and IOS.privilege(device, "beheer") == 15 for device in made.values())


def test_a_switch_begins_with_its_name_its_address_and_its_cables(made: dict[str, Device]) -> None:
    host = next(host for host in hosts(switch_estate(6)) if host.name in made and host.role == "access-switch")
    bench = Bench(made[host.name])
    assert f"hostname {host.name}" in bench.shown()
    assert bench.shown(f"interface Vlan{host.management_vlan}") == [f"ip address {host.address} 255.255.255.0"]
    [uplink] = [port for port in host.ports if port.peer in {(far, port.peer and port.peer[1]) for far in made}]
    assert bench.shown(f"interface {uplink.name}") == ["switchport mode trunk"]
    assert "Total entries displayed: 1" in bench.type("show lldp neighbors")


def test_what_runs_first_is_saved(made: dict[str, Device]) -> None:
    assert all(device.startup == IOS.running_text(device) for device in made.values())


def test_all_switches_have_one_clock_and_reach_each_other(made: dict[str, Device]) -> None:
    one, other, *_rest = made.values()
    assert one.clock is other.clock
    address = next(line for line in Bench(other).shown() if line.startswith(" ip address ")).split()[2]
    assert "100 percent" in Bench(one).type(f"ping {address}")


def test_an_old_switch_has_what_no_policy_wants() -> None:
    old = devices(hosts(switch_estate(4)), {"cisco-ios": IOS}, ACCOUNT, old=True)
    for device in old.values():
        bench = Bench(device)
        assert "snmp-server community public RO" in bench.shown()
        assert bench.shown("line vty 0 4")[0] == "exec-timeout 0 0"
        assert any(item.port.access == 20 for item in decisions(device))
