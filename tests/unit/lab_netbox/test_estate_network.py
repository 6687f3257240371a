"""The networks of estates: plans of VLANs, ports and what is plugged into them, cables from switch to switch."""

from collections import Counter, defaultdict
from typing import NamedTuple

import pytest

from werkplek.lab.estate import embedded, generate
from werkplek.lab.estate_cables import DOWNLINKS
from werkplek.lab.switches.estate import hosts, switch_estate

USES = ("werkplek", "telefonie", "printers", "gasten", "vdi", "wifi", "beheer", "leeg", "parkeer")
DIGITS = (10, 20, 30, 40, 50, 60, 90, 98, 99)
ESTATES = {
    "embedded": embedded(),
    "small": generate(60, 1),
    "large": generate(3000, 5),
    "switches": switch_estate(120),
}
CARRIED = {"werkplek", "telefonie", "printers", "gasten", "vdi", "wifi", "beheer"}


class Network(NamedTuple):
    """An estate's devices, ports and VLANs by id, and the slugs of roles."""

    devices: dict
    ports: dict
    vlans: dict
    roles: dict

    def is_access(self, device):
        return self.roles[self.devices[device].role] == "access-switch"

    def cabled(self):
        return [port for port in self.ports.values() if port.peer]

    def uses(self, port):
        """What the VLANs of a port are for, by its switch's tenant."""
        return {
            self.vlans[number].name.split("-", 1)[1] for number in (port.untagged_vlan, *port.tagged_vlans) if number
        }


def network(snapshot):
    objects = snapshot.objects
    return Network(
        {row.id: row for row in objects.devices},
        {row.id: row for row in objects.interfaces},
        {row.id: row for row in objects.vlans},
        {row.id: row.slug for row in objects.device_roles},
    )


@pytest.fixture(params=ESTATES)
def found(request):
    return network(ESTATES[request.param])


def test_each_tenant_has_the_same_plan_in_a_hundred_of_its_own(found):
    plans = defaultdict(dict)
    for vlan in found.vlans.values():
        plans[vlan.tenant][vlan.vid] = vlan.name
    letters = ("alb", "drd", "hia", "pap", "sld", "zwd", "drs")
    assert plans == {
        tenant: {100 * tenant + digits: f"{start}-{use}" for digits, use in zip(DIGITS, USES, strict=True)}
        for tenant, start in enumerate(letters, start=1)
    }
    # So that a switch of another site may carry them.
    assert {vlan.site for vlan in found.vlans.values()} == {None}


def test_ports_of_people_have_vlans_of_their_own_municipality(found):
    for port in found.ports.values():
        if found.is_access(port.device) and not port.peer:
            used = [found.vlans[number] for number in (port.untagged_vlan, *port.tagged_vlans) if number]
            assert {vlan.tenant for vlan in used} <= {found.devices[port.device].tenant}


def test_what_is_plugged_into_an_access_switch(found):
    kinds = defaultdict(Counter)
    for port in found.ports.values():
        if found.is_access(port.device) and port.type == "1000base-t":
            tagged = tuple(found.vlans[number].name.split("-", 1)[1] for number in port.tagged_vlans)
            untagged = port.untagged_vlan and found.vlans[port.untagged_vlan].name.split("-", 1)[1]
            kinds[port.device][port.enabled, port.mode, untagged, tagged] += 1
    for counted in kinds.values():
        assert counted == {
            (True, "tagged", "werkplek", ("telefonie",)): 12,
            (True, "access", "vdi", ()): 3,
            (True, "access", "printers", ()): 2,
            (True, "access", "telefonie", ()): 2,
            (True, "tagged", "wifi", ("werkplek", "gasten")): 2,
            (True, "access", "werkplek", ()): 1,
            (False, None, None, ()): 2,
        }


def test_ports_are_called_as_their_make_calls_them(found):
    platforms = {7: "cisco-ios", 8: "arista-eos"}
    named = defaultdict(set)
    for port in found.ports.values():
        named[port.device].add(port.name)
    for device, names in named.items():
        row = found.devices[device]
        member = row.vc_position or 1
        if not found.is_access(device):
            wanted = {f"TenGigabitEthernet1/0/{place}" for place in range(1, 17)} | {
                "TenGigabitEthernet1/1/1",
                "TenGigabitEthernet1/1/2",
            }
        elif platforms[row.platform] == "arista-eos":
            wanted = {f"Ethernet{place}" for place in range(1, 27)}
        else:
            wanted = {f"GigabitEthernet{member}/0/{place}" for place in range(1, 25)}
            wanted |= {f"TenGigabitEthernet{member}/1/{place}" for place in (1, 2)}
        assert names == wanted


def test_a_cable_has_two_ends_that_know_each_other_and_are_equally_fast(found):
    for port in found.cabled():
        far = found.ports[port.peer.id]
        assert (far.peer.id, far.peer.name, far.peer.device) == (port.id, port.name, port.device)
        assert far.peer.device_name == found.devices[port.device].name
        assert port.device != far.device
        assert {port.type, far.type} == {"10gbase-x-sfpp"}
        assert port.enabled and (port.mode, port.tagged_vlans) == (far.mode, far.tagged_vlans)
        assert {port.description, far.description} == {"uplink", "downlink"}


def test_each_access_switch_has_one_or_two_uplinks_and_reaches_a_distribution_switch(found):
    up = defaultdict(list)
    for port in found.cabled():
        if port.description == "uplink":
            up[port.device].append(port)
    for device, row in found.devices.items():
        if found.roles[row.role] != "access-switch":
            continue
        if row.vc_position == 2:
            assert device not in up, "a stack is reached through its first member"
            continue
        assert len(up[device]) in (1, 2)
        above = {port.peer.device for port in up[device]}
        assert len(above) == len(up[device]), "two cables up lead to two switches"
        if len(above) == 1 and found.is_access(next(iter(above))):
            (higher,) = above
            assert found.devices[higher].site == row.site
            assert not any(found.is_access(port.peer.device) for port in up[higher])
        else:
            assert not any(map(found.is_access, above))


def test_distribution_switches_are_one_tree(found):
    tops = [device for device, row in found.devices.items() if found.roles[row.role] == "distribution-switch"]
    above = {
        port.device: port.peer.device for port in found.cabled() if port.device in tops and port.description == "uplink"
    }
    assert set(above) == set(tops[1:])
    assert all(tops.index(higher) < tops.index(lower) for lower, higher in above.items())
    used = Counter(port.device for port in found.cabled() if port.device in tops and port.description == "downlink")
    assert max(used.values()) <= DOWNLINKS


def test_trunks_to_access_switches_carry_what_is_behind_them_and_the_management(found):
    for port in found.cabled():
        if port.description != "uplink" or not found.is_access(port.device):
            continue
        if found.devices[port.device].virtual_chassis:
            assert (port.mode, port.tagged_vlans) == ("tagged-all", ())
            continue
        assert (port.mode, found.uses(port)) == ("tagged", CARRIED)
        assert {found.vlans[number].tenant for number in port.tagged_vlans} == {found.devices[port.device].tenant}


def test_large_networks_have_chains_second_cables_and_stacks():
    found = network(ESTATES["large"])
    up = [port for port in found.cabled() if port.description == "uplink" and found.is_access(port.device)]
    assert sum(found.is_access(port.peer.device) for port in up) >= 10
    assert sum(count == 2 for count in Counter(port.device for port in up).values()) >= 5
    assert len(ESTATES["large"].objects.virtual_chassis) == 7
    members = [row for row in found.devices.values() if row.virtual_chassis]
    assert {(row.platform, row.device_type) for row in members} == {(7, 7)}, "of the make that stacks"


def test_a_distribution_switch_serves_several_municipalities():
    found = network(ESTATES["large"])
    below = defaultdict(set)
    for port in found.cabled():
        if port.description == "uplink" and not found.is_access(port.peer.device) and found.is_access(port.device):
            below[port.peer.device].add(found.devices[port.device].tenant)
    assert all(len(tenants) > 1 for tenants in below.values())


def test_an_estate_without_distribution_switches_has_no_cables():
    found = network(generate(40, 5))
    assert len(found.ports) == 2 * 26
    assert found.cabled() == []
    assert {port.enabled for port in found.ports.values() if port.type == "10gbase-x-sfpp"} == {False}


def test_the_embedded_network():
    described = {
        host.name: (host.municipality, host.platform, [member.position for member in host.members], len(host.ports))
        for host in hosts(embedded())
    }
    assert described == {
        "DRD-SW-0001": ("dordrecht", "arista-eos", [1], 26),
        "DRD-SW-0002": ("dordrecht", "cisco-ios", [1, 2], 52),
        "PAP-SW-0001": ("papendrecht", "cisco-ios", [1], 26),
        "SLD-SW-0001": ("sliedrecht", "cisco-ios", [1], 26),
        "DRS-DSW-0001": ("drechtsteden", "cisco-ios", [1], 18),
        "DRS-DSW-0002": ("drechtsteden", "cisco-ios", [1], 18),
    }


@pytest.mark.parametrize("count", [2, 3, 11, 12, 25, 200])
def test_an_estate_of_switches_has_as_many_as_asked_for(count):
    snapshot = switch_estate(count)
    assert switch_estate(count) == snapshot
    found = hosts(snapshot)
    assert len(found) == len({host.name for host in found}) == count
    tops = [host for host in found if host.role == "distribution-switch"]
    assert len(tops) == -(-count // 11)
    assert len({host.municipality for host in found}) == min(7, count)
    assert len({host.address for host in found}) == count
    assert all(host.address and host.address.startswith("10.") for host in found)


def test_fewer_than_two_switches_are_no_network():
    with pytest.raises(ValueError, match="a network of 1 switches; at least 2 are needed"):
        switch_estate(1)


def test_what_a_double_begins_with():
    found = {host.name: host for host in hosts(embedded())}
    stack, top = found["DRD-SW-0002"], found["DRS-DSW-0002"]
    assert (stack.role, stack.address, stack.management_vlan) == ("access-switch", "127.0.12.14", 290)
    assert [(member.position, member.model) for member in stack.members] == [(1, "C9300-24P"), (2, "C9300-24P")]
    assert all(len(member.serial) == 10 for member in stack.members)
    assert {port.name: port.peer for port in top.ports if port.peer} == {
        "TenGigabitEthernet1/0/1": ("DRD-SW-0001", "Ethernet25"),
        "TenGigabitEthernet1/0/2": ("SLD-SW-0001", "TenGigabitEthernet1/1/1"),
        "TenGigabitEthernet1/1/1": ("DRS-DSW-0001", "TenGigabitEthernet1/0/1"),
    }
    places = {port.name: (port.member, port.kind) for port in stack.ports}
    assert places["GigabitEthernet2/0/24"] == (2, "1000base-t")
    assert places["TenGigabitEthernet1/1/1"] == (1, "10gbase-x-sfpp")


def test_a_peer_on_a_member_of_a_stack_is_on_the_stack():
    found = hosts(switch_estate(200))
    known = {host.name: {port.name for port in host.ports} for host in found}
    peers = [port.peer for host in found for port in host.ports if port.peer]
    assert all(port in known[name] for name, port in peers)
    assert len(peers) == len(set(peers)) >= 400
