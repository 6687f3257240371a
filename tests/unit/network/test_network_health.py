"""Whether a switch is well after a change, and whether it is the one that is meant before it."""

import pytest
from network_samples import network, port, switch, wired
from network_switch import FakeSession, Time, tree

from werkplek.network.checks import mismatches
from werkplek.network.compare import Command
from werkplek.network.health import Patience, missing, touches_ways_in, unhealthy
from werkplek.network.platform import Links, Look, Neighbour, TerminalError

DOCUMENT = network(*wired(("P1", "D1"), P1=[port("Gi1", 410), port("Gi2")])).documents["P1"]
PEER, PHONE = Neighbour("to-D1", "D1", "to-P1"), Neighbour("Gi1", "SEP001", "port 1")
BEFORE = Links(frozenset({"to-D1", "Gi1", "Gi2"}), frozenset({PEER, PHONE, Neighbour("Gi2", "old", "x")}))


@pytest.mark.parametrize(
    ("up", "neighbours", "told"),
    [
        ({"to-D1", "Gi1", "Gi2"}, {PEER, PHONE, Neighbour("Gi2", "old", "x")}, ""),
        ({"to-D1", "Gi1", "Gi3"}, {PEER, PHONE}, ""),
        ({"to-D1"}, {PEER, PHONE}, ""),
        ({"Gi1"}, {PEER, PHONE}, "uplink(s) down: to-D1"),
        (set(), set(), "uplink(s) down: to-D1"),
        ({"to-D1"}, {PHONE}, "neighbour(s) gone: D1 at to-D1"),
        ({"to-D1"}, set(), "neighbour(s) gone: SEP001 at Gi1, D1 at to-D1"),
        ({"to-D1"}, {PHONE, Neighbour("to-D1", "D2", "x")}, "neighbour(s) gone: D1 at to-D1"),
    ],
)
def test_uplinks_and_neighbours_must_be_there_as_before(up, neighbours, told):
    assert missing(DOCUMENT, BEFORE, Links(frozenset(up), frozenset(neighbours))) == told


def test_what_was_not_there_before_need_not_come():
    assert missing(DOCUMENT, Links(frozenset(), frozenset()), Links(frozenset(), frozenset())) == ""


def unhealthy_after(*ups, commands=(), faults=None, settle=6.0):
    time = Time()
    session = FakeSession(tree("a\n"), time, up_after=[frozenset(up) for up in ups], faults=faults or {})
    session.calls.append("links")  # the look before the change
    before = Links(frozenset({"to-D1"}), frozenset())
    told = unhealthy(DOCUMENT, before, session, commands, Patience(settle, time.pause, time.clock))
    return told, time.now, session.calls[1:]


def test_a_link_that_is_back_at_once_costs_no_time():
    assert unhealthy_after({"to-D1"}) == ("", 0.0, ["links"])


def test_a_link_may_come_back_within_the_time_given():
    assert unhealthy_after(set(), set(), {"to-D1"}) == ("", 4.0, ["links"] * 3)


def test_a_link_that_does_not_is_told_after_that_time():
    assert unhealthy_after(*[set()] * 9) == ("uplink(s) down: to-D1", 6.0, ["links"] * 4)


def test_without_any_patience_links_are_read_once():
    assert unhealthy_after(set(), settle=0.0) == ("uplink(s) down: to-D1", 0.0, ["links"])


def command(*path):
    return Command(path[:-1], path[-1], "s")


@pytest.mark.parametrize(
    "entered",
    [
        command("aaa new-model"),
        command("no aaa new-model"),
        command("line vty 0 15", "transport input ssh"),
        command("username beheer privilege 15 secret 9 x"),
        command("no username oud"),
        command("ip ssh version 2"),
        command("ip access-list standard WERKPLEK-BEHEER", "permit 10.4.249.0 0.0.0.255"),
        command("ip default-gateway 10.4.249.1"),
        command("login block-for 900 attempts 3 within 120"),
        command("tacacs server T", "key x"),
        command("no tacacs-server host 10.0.0.1"),
        command("radius server R", "key x"),
        command("no radius-server key"),
        command("management ssh", "idle-timeout 10"),
        command("enable secret 9 x"),
        command("crypto key generate"),
    ],
)
def test_after_what_decides_who_gets_in_a_sign_in_must_work(entered):
    assert touches_ways_in([command("vlan 410", "name x"), entered])
    assert unhealthy_after({"to-D1"}, commands=[entered])[2] == ["links", "sign_in_again"]


@pytest.mark.parametrize(
    "entered",
    [
        command("vlan 410", "name x"),
        command("interface Gi1", "shutdown"),
        command("ntp server 10.0.0.1"),
        command("logging host 10.0.0.1"),
        command("ip domain name x"),
        command("spanning-tree mode rapid-pvst"),
    ],
)
def test_after_anything_else_nobody_signs_in_again(entered):
    assert unhealthy_after({"to-D1"}, commands=[entered])[2] == ["links"]


def test_a_sign_in_that_fails_is_told():
    faults = {"sign_in_again": [TerminalError("Authentication failed", gone=True)]}
    told, _, _ = unhealthy_after({"to-D1"}, commands=[command("aaa new-model")], faults=faults)
    assert told == "nobody could sign in any more: Authentication failed"


def test_nobody_signs_in_while_links_are_missing():
    assert unhealthy_after(*[set()] * 9, commands=[command("aaa new-model")])[2] == ["links"] * 4


def test_a_session_that_is_lost_is_not_told_to_be_ill():
    with pytest.raises(TerminalError, match="timed out"):
        unhealthy_after({"to-D1"}, faults={"links": [TerminalError("timed out", gone=True)]})


WHERE = "switch P1 (https://netbox.example/dcim/devices/P1/): found"


def told_of(document=DOCUMENT, system="ios", members=(1,), ports=("Gi1", "Gi2", "to-D1", "Vlan490")):
    return [
        str(one) for one in mismatches(document, "ios", Look(system, "17.9", "C9300", members, frozenset(ports), ""))
    ]


def test_the_switch_that_is_meant_has_no_mismatch():
    assert told_of() == []


def test_another_system_is_told_and_nothing_else_of_it():
    assert told_of(system="NX-OS", members=(), ports=()) == [
        f"{WHERE} a switch that says of itself: NX-OS; expected platform cisco-ios, as the registry says. Correct the"
        " platform or the address in NetBox."
    ]


def test_a_missing_member_of_a_stack_is_told():
    stack = network(switch("P1", port("Gi1", 410), members=3)).documents["P1"]
    assert told_of(stack, members=(1, 3)) == [
        f"{WHERE} 2 member(s) of the stack: 1, 3; expected 3, as the registry says. Bring the missing member back, or"
        " correct the virtual chassis in NetBox."
    ]


def test_a_member_too_many_is_told():
    assert told_of(members=(1, 2)) == [
        f"{WHERE} 2 member(s) of the stack: 1, 2; expected 1, as the registry says. Bring the missing member back, or"
        " correct the virtual chassis in NetBox."
    ]


def test_ports_that_the_switch_has_not_are_told():
    assert told_of(ports=("Te1", "Gi1", "Vlan490", "Gi3")) == [
        f"{WHERE} 2 port(s) that the switch has not: Gi2, to-D1 (https://netbox.example/dcim/interfaces/Gi2/); expected"
        " names of its own ports, such as Gi1, Gi3, Te1. Correct the interfaces' names in NetBox."
    ]


def test_many_of_them_are_told_in_short():
    many = network(switch("P1", *(port(f"Fa{number:02}") for number in range(12)))).documents["P1"]
    names = ", ".join(f"Fa{number:02}" for number in range(10))
    assert told_of(many)[0].startswith(f"{WHERE} 12 port(s) that the switch has not: {names} ... (https://")
