"""Who really reaches whom: real frames through the lab's switches, as the configuration that they accepted says."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from debian_hosts import needs_long

from werkplek import processes
from werkplek.errors import WerkplekError
from werkplek.lab.switches import fabric_control
from werkplek.lab.switches.estate import hosts, switch_estate
from werkplek.lab.switches.fabric import Cable, Endpoint, Place, Plan, Route, Router, Service
from werkplek.lab.switches.fabric_estate import fabric_of
from werkplek.lab.switches.fabric_live import Fabric
from werkplek.lab.switches.fabric_probe import heard, passing, ping, tcp
from werkplek.lab.switches.fabric_rows import PortForwarding
from werkplek.lab.switches.fabric_space import MARK, Spaces, command, enter

PAP, SLI = "pap-access", "sli-access"
CORE = "distribution"


def plan() -> Plan:
    """Two municipalities behind one distribution switch, and a centre that both may use; VLANs 4xx, 5xx and 7xx.

    Each municipality has people and a server, and a router between their networks. Sliedrecht's workplace has an
    address of Papendrecht's network on purpose: only VLANs keep them apart.
    """
    core = {name: Place(CORE, name) for name in (*VLAN_OF, "1", "2")}
    endpoints = (
        Endpoint("pap-pc", Place(PAP, "1"), "10.4.10.21/24", "10.4.10.1"),
        Endpoint("pap-phone", Place(PAP, "1"), "10.4.20.21/24", tag=420),
        Endpoint("pap-colleague", Place(PAP, "2"), "10.4.10.22/24", "10.4.10.1"),
        Endpoint("pap-stranger", Place(PAP, "3"), "10.4.10.66/24"),
        Endpoint("pap-server", core["3"], "10.4.30.10/24", "10.4.30.1"),
        Endpoint("pap-pbx", core["4"], "10.4.20.10/24"),
        Endpoint("sli-pc", Place(SLI, "1"), "10.4.10.31/24", "10.4.10.1"),
        Endpoint("sli-server", core["5"], "10.5.30.10/24", "10.5.30.1"),
        Endpoint("centre-server", core["6"], "10.7.20.10/24", "10.7.20.1"),
    )
    routers = (
        Router(
            "pap-router",
            ((core["7"], "10.4.10.1/24"), (core["8"], "10.4.30.1/24"), (core["9"], "10.7.1.4/24")),
            (Route("10.7.20.0/24", "10.7.1.1"),),
        ),
        Router("sli-router", ((core["10"], "10.5.10.1/24"), (core["11"], "10.5.30.1/24"))),
        Router(
            "centre-router",
            ((core["12"], "10.7.1.1/24"), (core["13"], "10.7.20.1/24")),
            (Route("10.4.0.0/16", "10.7.1.4"),),
        ),
    )
    return Plan(
        switches={PAP: (*"1234", "up"), SLI: (*"1234", "up"), CORE: tuple(core)},
        cables=(Cable(Place(PAP, "up"), core["1"]), Cable(core["2"], Place(SLI, "up"))),
        endpoints=endpoints,
        routers=routers,
        services=(Service("pap-server", 9100, "papendrecht prints"), Service("sli-server", 9100, "sliedrecht prints")),
    )


VLAN_OF = {
    **{"3": 430, "4": 420, "5": 530, "6": 720, "7": 410, "8": 430, "9": 710, "10": 510, "11": 530, "12": 710},
    "13": 720,
}
"""Access ports of the distribution switch."""


def access(name: str, vlan: int, voice: int = 0) -> PortForwarding:
    return PortForwarding(name, True, "access", vlan, voice, 1, frozenset())


def trunk(name: str, native: int, *allowed: int) -> PortForwarding:
    return PortForwarding(name, True, "trunk", 1, 0, native, frozenset(allowed))


def shut(name: str) -> PortForwarding:
    return access(name, 499)._replace(up=False)


def core(*trunks: PortForwarding) -> list[PortForwarding]:
    """The distribution switch with these trunks."""
    return [*trunks, *(access(name, vlan) for name, vlan in VLAN_OF.items())]


def as_wanted(fabric: Fabric) -> None:
    """Every switch forwards what it should, and no more."""
    fabric.apply(PAP, [access("1", 410, 420), access("2", 410), shut("3"), shut("4"), trunk("up", 498, 410, 420)])
    fabric.apply(SLI, [access("1", 510), shut("2"), shut("3"), shut("4"), trunk("up", 598, 510)])
    fabric.apply(CORE, core(trunk("1", 498, 410, 420), trunk("2", 598, 510)))


@pytest.fixture(scope="module")
def fabric_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fabric]:
    needs_long()  # test_network_fabric.py proves the same of whole switches each time
    if reasons := fabric_control.lacks():
        pytest.skip(f"no fabric here: {'; '.join(reasons)}")
    state = tmp_path_factory.mktemp("fabric")
    yield fabric_control.up(state, plan())
    fabric_control.down(state)


@pytest.fixture
def fabric(fabric_up: Fabric) -> Fabric:
    as_wanted(fabric_up)
    return fabric_up


def test_a_workplace_reaches_its_colleague_and_its_services_by_its_router(fabric: Fabric) -> None:
    assert ping(fabric, "pap-pc", "pap-colleague")
    assert ping(fabric, "pap-pc", "pap-server")
    assert tcp(fabric, "pap-pc", "pap-server", 9100) == "papendrecht prints"


def test_two_routers_find_the_way_to_what_is_shared(fabric: Fabric) -> None:
    assert ping(fabric, "pap-pc", "centre-server")
    assert not ping(fabric, "sli-pc", "centre-server"), "its router has no way there"


def test_nobody_reaches_another_municipality(fabric: Fabric) -> None:
    assert not ping(fabric, "pap-pc", "sli-pc")
    assert not ping(fabric, "pap-pc", "sli-server")
    assert tcp(fabric, "pap-pc", "sli-server", 9100) is None
    assert set(heard(fabric, "sli-pc")) == {"sli-router"}


def test_a_trunk_opened_on_purpose_lets_the_forbidden_ping_through(fabric: Fabric) -> None:
    # Counter-proof: without it, the other tests would also pass where nothing is connected at all.
    fabric.apply(SLI, [access("1", 410), trunk("up", 598, 410)])
    assert not ping(fabric, "pap-pc", "sli-pc"), "the distribution switch still keeps 410 away"
    fabric.apply(CORE, core(trunk("1", 498, 410, 420), trunk("2", 598, 410, 510)))
    assert ping(fabric, "pap-pc", "sli-pc")


def test_a_port_moved_to_another_vlan_moves_at_once(fabric: Fabric) -> None:
    assert ping(fabric, "pap-pc", "pap-colleague")
    fabric.apply(PAP, [access("1", 410, 420), access("2", 411), trunk("up", 498, 410, 420)])
    assert not ping(fabric, "pap-pc", "pap-colleague")
    as_wanted(fabric)
    assert ping(fabric, "pap-pc", "pap-colleague")


def test_a_phone_and_the_workplace_behind_it_share_a_port_and_no_network(fabric: Fabric) -> None:
    assert ping(fabric, "pap-phone", "pap-pbx")
    assert heard(fabric, "pap-phone") == {"pap-pbx": None}
    fabric.apply(PAP, [access("1", 410), access("2", 410), trunk("up", 498, 410, 420)])
    assert not ping(fabric, "pap-phone", "pap-pbx"), "a port without a voice VLAN takes no tagged frames"


def test_an_unused_port_is_dead_for_what_is_plugged_in(fabric: Fabric) -> None:
    assert heard(fabric, "pap-stranger") == {}
    assert "pap-stranger" not in heard(fabric, "pap-colleague")
    fabric.apply(PAP, [access("2", 410), access("3", 410), trunk("up", 498, 410, 420)])
    assert "pap-stranger" in heard(fabric, "pap-colleague")


def test_a_tag_of_ones_own_gets_nobody_out_of_an_access_port(fabric: Fabric) -> None:
    assert "pap-pc" in heard(fabric, "pap-colleague")
    assert heard(fabric, "pap-colleague", tag=510) == {}
    assert heard(fabric, "pap-colleague", tag=420) == {}


def test_a_trunk_gives_frames_their_tags(fabric: Fabric) -> None:
    fabric.apply(PAP, [access("1", 410, 420), access("2", 410), trunk("3", 498, 410, 420), trunk("up", 498, 410, 420)])
    assert heard(fabric, "pap-colleague")["pap-stranger"] == 410
    assert heard(fabric, "pap-phone") == {"pap-stranger": 420, "pap-pbx": None}
    assert set(heard(fabric, "pap-stranger", tag=410)) == {"pap-pc", "pap-colleague", "pap-router"}
    assert heard(fabric, "pap-stranger", tag=430) == {}


def test_untagged_frames_on_a_trunk_are_in_its_native_vlan(fabric: Fabric) -> None:
    fabric.apply(PAP, [access("2", 498), trunk("3", 498, 410, 498), trunk("up", 498, 410, 498)])
    assert heard(fabric, "pap-stranger") == {"pap-colleague": None}
    assert heard(fabric, "pap-colleague") == {"pap-stranger": None}
    fabric.apply(PAP, [access("2", 498), trunk("3", 498, 410), trunk("up", 498, 410)])
    assert heard(fabric, "pap-stranger") == {}, "a native VLAN that is not allowed is dropped"


def test_two_ends_of_a_cable_with_other_native_vlans_leak(fabric: Fabric) -> None:
    fabric.apply(PAP, [access("2", 498), trunk("up", 498, 498)])
    fabric.apply(CORE, core(trunk("1", 430, 430)))
    assert heard(fabric, "pap-colleague") == {"pap-server": None, "pap-router": None}


@pytest.mark.parametrize("allowed", [(), (420,)])
def test_a_trunk_on_which_it_is_not_allowed_carries_nothing_of_a_vlan(fabric: Fabric, allowed: tuple[int, ...]) -> None:
    fabric.apply(PAP, [access("1", 410, 420), access("2", 410), trunk("up", 498, *allowed)])
    assert set(heard(fabric, "pap-colleague")) == {"pap-pc"}
    assert ping(fabric, "pap-phone", "pap-pbx") is (420 in allowed)


def test_a_trunk_carries_the_vlans_that_it_should_and_their_tags(fabric: Fabric) -> None:
    with passing(fabric, CORE, "1") as tags:
        for who in ("pap-pc", "pap-phone", "pap-server", "sli-pc", "sli-server"):
            heard(fabric, who)
    assert tags == {410, 420}


def test_a_trunk_carries_its_native_vlan_without_a_tag(fabric: Fabric) -> None:
    fabric.apply(PAP, [access("2", 498), trunk("up", 498, 410, 498)])
    fabric.apply(CORE, [trunk("1", 498, 410, 498), access("3", 498)])
    with passing(fabric, CORE, "1") as tags:
        assert heard(fabric, "pap-colleague") == {"pap-server": None}
    assert tags == {None}


def test_a_cable_that_is_unplugged_at_one_end_is_quiet(fabric: Fabric) -> None:
    fabric.apply(PAP, [access("2", 410)])
    with passing(fabric, CORE, "1") as tags:
        assert heard(fabric, "pap-colleague") == {}
        heard(fabric, "pap-pbx")
    assert tags == set()


def test_a_frame_of_full_size_passes_with_a_tag(fabric: Fabric) -> None:
    full = ["ping", "-q", "-c", "1", "-w", "2", "-s", "1472", "-M", "do", "10.4.30.10"]
    command(*enter(fabric.spaces.of("pap-pc")), *full)


@pytest.mark.parametrize(
    ("switch", "ports", "told"),
    [
        ("nobody", [], "The fabric has no emulated switch nobody."),
        (PAP, [access("9", 410)], "pap-access port 9: found no such port; expected one of the plan"),
        (PAP, [access("1", 410), shut("1")], "pap-access port 1: found two of it; expected one"),
    ],
)
def test_a_switch_that_says_what_cannot_be_is_refused(
    fabric: Fabric, switch: str, ports: list[PortForwarding], told: str
) -> None:
    with pytest.raises(WerkplekError, match=told):
        fabric.apply(switch, ports)


def test_another_process_finds_the_fabric_and_another_one_beside_it(fabric: Fabric, tmp_path: Path) -> None:
    found = fabric_control.get(fabric.state)
    assert found is not None
    assert (found.plan, found.wired) == (fabric.plan, fabric.wired)
    small = Plan({"s": ("1", "2")}, endpoints=(Endpoint("pap-pc", Place("s", "1"), "10.0.0.1/24"),))
    with up(tmp_path, small) as other:
        other.apply("s", [access("1", 410)])
        assert other.spaces.of("pap-pc") != fabric.spaces.of("pap-pc")
        assert ping(fabric, "pap-pc", "pap-server")
    assert ping(fabric, "pap-pc", "pap-server")


@contextmanager
def up(state: Path, plan: Plan) -> Iterator[Fabric]:
    """A fabric for one test, of which nothing is left after it."""
    try:
        yield fabric_control.up(state, plan)
    finally:
        assert fabric_control.down(state)
    assert not fabric_control.down(state)
    assert (Spaces(state).there(), processes.marked(MARK, str(state))) == ([], [])
    assert sorted(path.name for path in state.iterdir()) == ["fabric.lock"]


def test_what_a_killed_starter_left_is_taken_down(fabric: Fabric, tmp_path: Path) -> None:
    script = (
        "import os, signal\nfrom pathlib import Path\nfrom werkplek.lab.switches import fabric_control, fabric_router\n"
        "fabric_router.start = lambda *_: os.kill(os.getpid(), signal.SIGKILL)\n"
        "from werkplek.lab.switches.fabric import Plan\n"
        f"fabric_control.up(Path({str(tmp_path)!r}), Plan({{'s': ('1',)}}))\n"
    )
    killed = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert Spaces(tmp_path).there() == [f"{Spaces(tmp_path).lab}_switches"]
    assert len(processes.marked(MARK, str(tmp_path))) == 2
    with up(tmp_path, Plan({"s": ("1",)})):
        assert len(processes.marked(MARK, str(tmp_path))) == 2


def test_a_way_that_is_cut_is_replaced_by_the_second_one(fabric: Fabric, tmp_path: Path) -> None:
    switches = {"a": ("1", "b", "c"), "b": ("1", "a", "c"), "c": ("a", "b")}
    cables = (Cable(Place("a", "b"), Place("b", "a")), Cable(Place("a", "c"), Place("c", "a")))
    ring = Plan(
        switches,
        (*cables, Cable(Place("b", "c"), Place("c", "b"))),
        (Endpoint("left", Place("a", "1"), "10.0.0.1/24"), Endpoint("right", Place("b", "1"), "10.0.0.2/24")),
    )
    with up(tmp_path, ring) as ringed:
        for switch, ports in switches.items():
            ringed.apply(switch, [access(p, 410) if p == "1" else trunk(p, 498, 410) for p in ports])
        assert heard(ringed, "left") == {"right": None}
        ringed.apply("a", [access("1", 410), trunk("c", 498, 410)])
        with passing(ringed, "c", "b") as tags:
            assert any(ping(ringed, "left", "right") for _ in range(10)), "a spanning tree takes its seconds"
        assert tags == {410}
        ringed.apply("c", [])
        assert not ping(ringed, "left", "right")


def test_an_estate_has_its_people_where_the_registry_has_them(fabric: Fabric, tmp_path: Path) -> None:
    snapshot = switch_estate(8)
    with up(tmp_path, fabric_of(snapshot)) as estate:
        for host in hosts(snapshot):
            estate.apply(host.name, [access(port.name, 410) for port in host.ports if not port.peer])
        assert tcp(estate, "papendrecht-pc", "papendrecht-web", 80) == "the web of papendrecht"
        assert ping(estate, "papendrecht-pc", "papendrecht-colleague")
