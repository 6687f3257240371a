"""The platform Open vSwitch on a real one: read, changed in one transaction, proven by frames, and put back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from werkplek.lab.switches import fabric_control
from werkplek.lab.switches.fabric import OWN_BRIDGE, Cable, Endpoint, Place, Plan
from werkplek.lab.switches.fabric_live import Fabric
from werkplek.lab.switches.fabric_probe import heard, passing
from werkplek.lab.switches.fabric_rows import PortForwarding
from werkplek.network.compare import Command
from werkplek.network.document import Peer, Port, Setting, SwitchDocument
from werkplek.network.engine import Options, enforce
from werkplek.network.health import Patience
from werkplek.network.openvswitch import OpenVSwitch
from werkplek.network.openvswitch_session import OvsSession, session_of
from werkplek.network.ovsdb import set_of
from werkplek.network.platform import TerminalError

OVS, CORE = "pap-ovs", "distribution"
PORTS = ("desk1", "desk2", "printer", "spare1", "spare2", "empty", "up")
PLAN = Plan(
    switches={OVS: PORTS, CORE: ("1", "2")},
    cables=(Cable(Place(OVS, "up"), Place(CORE, "1")),),
    endpoints=(
        Endpoint("pc", Place(OVS, "desk1"), "10.4.10.11/24"),
        Endpoint("phone", Place(OVS, "desk1"), "10.4.20.11/24", tag=420),
        Endpoint("colleague", Place(OVS, "desk2"), "10.4.10.12/24"),
        Endpoint("printer", Place(OVS, "printer"), "10.4.30.91/24"),
        Endpoint("visitor", Place(OVS, "spare1"), "10.4.10.66/24"),
        Endpoint("stranger", Place(OVS, "spare2"), "10.4.10.67/24"),
        Endpoint("server", Place(CORE, "2"), "10.4.10.80/24"),
    ),
    own=(OVS,),
)
TRUNK = PortForwarding("1", True, "trunk", 0, 0, 498, frozenset({410, 420, 430, 490, 510}))


@pytest.fixture(scope="module")
def fabric_up(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fabric]:
    if reasons := fabric_control.lacks():
        pytest.skip(f"no fabric here: {'; '.join(reasons)}")
    state = tmp_path_factory.mktemp("openvswitch")
    try:
        yield fabric_control.up(state, PLAN)
    finally:
        fabric_control.down(state)


@pytest.fixture
def fabric(fabric_up: Fabric) -> Fabric:
    """Its Open vSwitch as a new one: every port carries every VLAN."""
    fabric_up.apply(CORE, [TRUNK, PortForwarding("2", True, "access", 410, 0, 0, frozenset())])
    new = {"vlan_mode": set_of([]), "tag": set_of([]), "trunks": set_of([]), "protected": False}
    with fabric_up.open_vswitch(OVS).database() as database:
        fabric_up.open_vswitch(OVS).commit(database, [{"op": "update", "table": "Port", "where": [], "row": new}])
    return fabric_up


def port(name: str, profile: str, untagged: int, voice: int | None = None, allowed: tuple[int, ...] = ()) -> Port:
    peer = Peer(CORE, "1") if profile == "uplink" else None
    return Port(name, profile, "", untagged, voice, allowed, peer, f"https://netbox/ports/{name}/")


def document() -> SwitchDocument:
    ports = (
        port("desk1", "workplace", 410, 420),
        port("desk2", "workplace", 410),
        port("printer", "printer", 430),
        port("spare1", "unused", 499),
        port("spare2", "unused", 499),
        port("empty", "unused", 499),
        port("up", "uplink", 498, allowed=(410, 420, 430, 490)),
    )
    settings = (
        Setting("ports", "switch_ports", {}, waived=False, secret=False),
        Setting("banner", "switch_banner", {"text": "welkom"}, waived=False, secret=False),
    )
    return SwitchDocument(
        OVS, "https://netbox/dcim/devices/7/", "open-vswitch", "papendrecht", 1, (), ports, 490, settings
    )


def session(fabric: Fabric) -> OvsSession:
    return session_of(OVS, fabric.variables(OVS))


def run(fabric: Fabric, state: Path, own: OvsSession | None = None, *, check: bool = False) -> dict[str, Any]:
    patience = Patience(0.0, pause=lambda _seconds: None, clock=count(0.0, 60.0).__next__)
    options = Options(check, True, 1, patience, state, lambda: datetime(2026, 11, 24, tzinfo=UTC))
    return enforce(document(), OpenVSwitch(), own or session(fabric), options)


def statuses(answer: dict[str, Any]) -> dict[str, str]:
    return {row["id"]: row["status"] for row in json.loads(answer["settings"])}


def test_a_run_makes_a_new_switch_keep_vlans_apart(fabric: Fabric, tmp_path: Path) -> None:
    assert set(heard(fabric, "visitor")) > {"pc", "printer"}, "a new Open vSwitch is one big network"
    assert statuses(run(fabric, tmp_path)) == {"ports": "changed", "banner": "unsupported"}
    assert heard(fabric, "pc") == {"colleague": None, "server": None}
    assert heard(fabric, "printer") == {}
    assert heard(fabric, "visitor") == {}, "unused ports do not even reach each other"
    assert heard(fabric, "visitor", tag=410) == {}
    assert statuses(run(fabric, tmp_path)) == {"ports": "compliant", "banner": "unsupported"}


def test_the_uplink_carries_what_is_allowed_and_no_untagged_frame(fabric: Fabric, tmp_path: Path) -> None:
    run(fabric, tmp_path)
    with passing(fabric, OVS, "up") as tags:
        for who in ("pc", "phone", "printer", "visitor"):
            heard(fabric, who)
    assert tags == {410, 420, 430}


def test_a_check_changes_nothing(fabric: Fabric, tmp_path: Path) -> None:
    before = session(fabric).look().running
    answer = run(fabric, tmp_path, check=True)
    assert statuses(answer)["ports"] == "noncompliant"
    assert session(fabric).look().running == before
    assert " port desk1\n- vlan_mode trunk\n+ vlan_mode native-untagged\n+ tag 410\n+ trunks 410,420\n" in str(
        answer["diff"]["prepared"]
    )


def test_drift_on_one_port_is_found_and_mended_alone(fabric: Fabric, tmp_path: Path) -> None:
    run(fabric, tmp_path)
    edit(fabric, "desk2", {"tag": 430})
    answer = run(fabric, tmp_path)
    assert answer["diff"]["prepared"] == " port desk2\n- tag 430\n+ tag 410\n"
    assert heard(fabric, "pc") == {"colleague": None, "server": None}


def edit(fabric: Fabric, name: str, row: dict[str, Any]) -> None:
    """What somebody else does."""
    with fabric.open_vswitch(OVS).database() as database:
        change = {"op": "update", "table": "Port", "where": [["name", "==", name]], "row": row}
        fabric.open_vswitch(OVS).commit(database, [change])


class Interrupted(OvsSession):
    """Somebody else is quicker: `between` is done after the ports were read, and before they are changed."""

    between: Any = None

    def _commit(self, changes: Any, comment: str) -> None:
        if self.between:
            self.between()
            self.between = None
        super()._commit(changes, comment)


def test_somebody_elses_change_meanwhile_stops_the_whole_transaction(fabric: Fabric, tmp_path: Path) -> None:
    own = session(fabric)
    own.__class__ = Interrupted
    own.between = lambda: edit(fabric, "desk2", {"tag": 666})
    answer = run(fabric, tmp_path, own)
    row = next(row for row in json.loads(answer["settings"]) if row["id"] == "ports")
    assert row["status"] == "failed"
    assert row["message"] == (
        "somebody else changed one of desk1, desk2, empty, printer, spare1, spare2, up while it was looked at;"
        " nothing was changed; it does not run what it ran before: see its backup"
    )
    assert "port desk1\n vlan_mode trunk\nport desk2\n vlan_mode access\n tag 666\n" in own.look().running


def test_a_switch_whose_uplink_goes_down_is_put_back_as_it_was(fabric: Fabric, tmp_path: Path) -> None:
    before = session(fabric).look().running
    own = session(fabric)
    own.__class__ = Interrupted
    own.between = lambda: fabric.apply(CORE, [])  # the far end is shut while ours changes
    answer = run(fabric, tmp_path, own)
    row = next(row for row in json.loads(answer["settings"]) if row["id"] == "ports")
    assert (row["status"], row["message"]) == ("failed", "uplink(s) down: up; it runs what it ran before")
    assert session(fabric).look().running == before


def test_what_was_not_confirmed_is_put_back_when_a_lost_session_returns(fabric: Fabric) -> None:
    own = session(fabric)
    before = own.look().running
    own.apply([Command(("port desk1",), "vlan_mode access", "ports"), Command(("port desk1",), "tag 410", "ports")], 1)
    assert own.look().running != before
    own.reconnect()
    assert own.look().running == before


def test_going_back_leaves_what_somebody_else_changed_since(fabric: Fabric) -> None:
    own = session(fabric)
    own.apply([Command(("port desk1",), "tag 410", "ports"), Command(("port desk2",), "tag 410", "ports")], 1)
    edit(fabric, "desk2", {"tag": 666})
    with pytest.raises(TerminalError, match=r"^somebody else changed desk2 meanwhile; nothing was put back$"):
        own.roll_back()


def test_a_bridge_is_chosen_where_there_are_several(fabric: Fabric) -> None:
    remote = fabric.variables(OVS)["openvswitch_remote"]
    switch = fabric.open_vswitch(OVS)
    one = [["name", "==", "br1"]]
    with switch.database() as database:
        bridge = {
            "op": "insert",
            "table": "Bridge",
            "uuid-name": "b",
            "row": {"name": "br1", "datapath_type": "netdev"},
        }
        add = {
            "op": "mutate",
            "table": "Open_vSwitch",
            "where": [],
            "mutations": [["bridges", "insert", ["named-uuid", "b"]]],
        }
        switch.commit(database, [bridge, add])
        try:
            with pytest.raises(
                TerminalError, match="bridges of this Open vSwitch: br0, br1; expected one, or variable"
            ):
                session_of(OVS, {"openvswitch_remote": remote}).look()
            with pytest.raises(TerminalError, match="bridges of this Open vSwitch: br0, br1; expected one named br2"):
                session_of(OVS, {"openvswitch_remote": remote, "openvswitch_bridge": "br2"}).look()
            assert session_of(
                OVS, {"openvswitch_remote": remote, "openvswitch_bridge": OWN_BRIDGE}
            ).look().ports == set(PORTS)
        finally:
            gone = [row["_uuid"] for row in database.select("Bridge", ["_uuid"], one)]
            switch.commit(database, [{**add, "mutations": [["bridges", "delete", set_of(gone)]]}])
    assert session_of(OVS, {"openvswitch_remote": remote}).look().ports == set(PORTS)


def test_a_port_without_a_cable_has_no_link(fabric: Fabric) -> None:
    assert session(fabric).links().up == {"desk1", "desk2", "printer", "spare1", "spare2", "up"}
