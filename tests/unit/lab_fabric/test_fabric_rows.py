"""What a switch forwards, as rows of Open vSwitch's database."""

from __future__ import annotations

from typing import Any

import pytest

from werkplek.lab.switches.fabric_rows import PortForwarding, bridge_row, columns, inserted


def access(vlan: int, voice: int = 0) -> PortForwarding:
    return PortForwarding("1", True, "access", vlan, voice, 0, frozenset())


def trunk(native: int, *allowed: int) -> PortForwarding:
    return PortForwarding("1", True, "trunk", 0, 0, native, frozenset(allowed))


@pytest.mark.parametrize(
    ("port", "mode", "tag", "trunks"),
    [
        (access(410), "access", [410], []),
        (access(410, 420), "native-untagged", [410], [410, 420]),
        (trunk(498, 420, 410), "trunk", [], [410, 420]),
        (trunk(498, 410, 498), "native-untagged", [498], [410, 498]),
        (trunk(498, 498), "native-untagged", [498], [498]),
    ],
)
def test_a_port_has_the_columns_that_let_its_vlans_pass(
    port: PortForwarding, mode: str, tag: list[int], trunks: list[int]
) -> None:
    assert columns(port) == {"vlan_mode": mode, "tag": ["set", tag], "trunks": ["set", trunks]}


@pytest.mark.parametrize("port", [access(410)._replace(up=False), trunk(498, 410)._replace(up=False), trunk(498)])
def test_a_port_through_which_nothing_may_pass_has_no_row(port: PortForwarding) -> None:
    # An empty list of VLANs would mean all of them.
    assert columns(port) is None


def test_a_trunk_that_carries_all_vlans_says_each() -> None:
    found = columns(trunk(1, *range(1, 4095)))
    assert found is not None
    assert found["trunks"] == ["set", list(range(1, 4095))]


def test_rows_are_joined_within_their_transaction_whatever_a_port_is_called() -> None:
    operations, column = inserted((("eth1.5", {"tag": 1}), ("e-2", {})), "s0")
    named = {one["uuid-name"]: one["row"] for one in operations}
    assert named == {
        "interface_s0_0": {"name": "eth1.5"},
        "port_s0_0": {"name": "eth1.5", "interfaces": ["named-uuid", "interface_s0_0"], "tag": 1},
        "interface_s0_1": {"name": "e-2"},
        "port_s0_1": {"name": "e-2", "interfaces": ["named-uuid", "interface_s0_1"]},
    }
    assert column == ["set", [["named-uuid", "port_s0_0"], ["named-uuid", "port_s0_1"]]]


@pytest.mark.parametrize("spanning", [True, False])
def test_a_bridge_learns_addresses_in_user_space(spanning: bool) -> None:
    *ports, bridge = bridge_row("s0", "pap-access", (("e0", {}),), spanning=spanning)
    wanted: dict[str, Any] = {
        "name": "s0",
        "datapath_type": "netdev",
        "fail_mode": "standalone",
        "external_ids": ["map", [["switch", "pap-access"]]],
        "ports": ["set", [["named-uuid", "port_s0_0"]]],
        "rstp_enable": spanning,
    }
    assert [one["table"] for one in ports] == ["Interface", "Port"]
    assert (bridge["table"], bridge["row"]) == ("Bridge", wanted)
