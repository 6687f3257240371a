"""Arista's own Ansible resource modules, asked without a switch: they say the same of VLANs and ports as we do."""

from __future__ import annotations

from typing import Any

import pytest
from ansible_collections.arista.eos.plugins.module_utils.network.eos.config.interfaces.interfaces import Interfaces
from ansible_collections.arista.eos.plugins.module_utils.network.eos.config.l2_interfaces.l2_interfaces import (
    L2_interfaces,
)
from ansible_collections.arista.eos.plugins.module_utils.network.eos.config.vlans.vlans import Vlans
from ansible_collections.arista.eos.plugins.module_utils.network.eos.facts.interfaces.interfaces import InterfacesFacts
from ansible_collections.arista.eos.plugins.module_utils.network.eos.facts.l2_interfaces.l2_interfaces import (
    L2_interfacesFacts,
)
from ansible_collections.arista.eos.plugins.module_utils.network.eos.facts.vlans.vlans import VlansFacts
from eos_switches import DIALECT, PORTS, VLANS, Direct, document, double, setting

from werkplek.network.compare import compare
from werkplek.network.document import Port
from werkplek.network.eos import Eos
from werkplek.network.eos_form import canonical
from werkplek.network.eos_session import EosSession

EOS = Eos()
# the modules know no phones beside a workplace
SIMPLE = tuple(port for port in PORTS if not port.voice)
type Config = list[dict[str, Any]]


class Module:
    """As much of an AnsibleModule as a resource module asks for when it only renders."""

    check_mode = False

    def __init__(self, config: Config, state: str) -> None:
        self.params = {"config": config, "state": state}

    def fail_json(self, **told: Any) -> None:
        raise AssertionError(told)


def rendered(resource: Any, config: Config) -> list[str]:
    """What the module would enter on an empty switch."""
    lines: list[str] = resource(Module(config, "rendered")).execute_module()["rendered"]
    return lines


def differing(resource: Any, config: Config, have: Config) -> list[str]:
    """What the module would enter where a switch is `have`, and is to be `config` and nothing else."""
    asked = resource(Module(config, "rendered"))
    asked._module.params["state"] = "overridden"
    lines: list[str] = asked.set_state(config, have)
    return lines


def facts(reader: Any, name: str, text: str) -> Config:
    """What the module reads out of a running configuration."""
    found: dict[str, Any] = {"ansible_network_resources": {}}
    reader(Module([], "gathered")).populate_facts(None, found, text)
    resources: Config = found["ansible_network_resources"][name]
    return resources


def layer_2(port: Port) -> dict[str, Any]:
    """A port in the words of eos_l2_interfaces. A mode that EOS has by itself is not shown, so it is not asked for."""
    if port.trunk:
        allowed = [str(vid) for vid in port.allowed]
        return {
            "name": port.name,
            "mode": "trunk",
            "trunk": {"native_vlan": port.untagged, "trunk_allowed_vlans": allowed},
        }
    return {"name": port.name, "access": {"vlan": port.untagged}}


def layer_1(port: Port) -> dict[str, Any]:
    """A port in the words of eos_interfaces."""
    words = {"name": port.name, "enabled": port.profile != "unused", "mode": "layer2"}
    return {**words, **({"description": port.description} if port.description else {})}


def ours(kind: str) -> list[str]:
    """Our lines, as they are typed, in their canonical form."""
    typed: list[str] = []
    for line in EOS.render(document(setting(kind))).lines:
        if line.section and line.section[0] not in typed:
            typed.append(line.section[0])
        if not line.by_default:
            typed.append(canonical(line.section, line.text))
    return typed


@pytest.fixture(scope="module")
def running() -> str:
    """The running configuration of a switch on which our lines were entered."""
    device = double()
    commands = compare(EOS.render(document()), EOS.parse(DIALECT.running_text(device)), EOS).commands
    session = EosSession(Direct(device))
    session.apply(commands, 5)
    session.confirm()
    return DIALECT.running_text(device)


def section(text: str, word: str) -> str:
    """What `show running-config | section ^word` leaves."""
    return DIALECT.filters()["section"](text, f"^{word}")


def test_vlans_are_rendered_alike() -> None:
    config = [{"vlan_id": vlan.vid, "name": vlan.name} for vlan in VLANS]
    assert rendered(Vlans, config) == ours("switch_vlans")


def test_ports_are_rendered_alike() -> None:
    theirs = rendered(L2_interfaces, [layer_2(port) for port in SIMPLE]) + rendered(
        Interfaces, [{key: value for key, value in layer_1(port).items() if key != "mode"} for port in SIMPLE]
    )
    voice = {f"interface {port.name}" for port in PORTS if port.voice}
    wanted = EOS.render(document(setting("switch_ports"))).lines
    mine = {line.path for line in wanted if not line.by_default and line.section[0] not in voice}
    assert _paths(theirs) == mine


def _paths(lines: list[str]) -> set[tuple[str, str]]:
    """Lines with their interfaces; lists of VLANs as EOS writes them. `no shutdown` is what holds by default."""
    found: set[tuple[str, str]] = set()
    at = ""
    for line in lines:
        if line.startswith("interface "):
            at = line
        elif line != "no shutdown":
            found.add((at, canonical((at,), line)))
    return found


def test_their_modules_find_nothing_to_do_about_vlans_after_us(running: str) -> None:
    have = facts(VlansFacts, "vlans", section(running, "vlan"))
    wanted = [{"vlan_id": vlan.vid, "name": vlan.name, "state": "active"} for vlan in VLANS]
    assert differing(Vlans, wanted, have) == []


def test_their_modules_find_nothing_to_do_about_ports_after_us(running: str) -> None:
    text = section(running, "interface Ethernet")
    voice = {port.name for port in PORTS if port.voice}
    switched = [one for one in facts(L2_interfacesFacts, "l2_interfaces", text) if one["name"] not in voice]
    assert differing(L2_interfaces, [layer_2(port) for port in SIMPLE], switched) == []
    plain = [{"mode": "layer2", **one} for one in facts(InterfacesFacts, "interfaces", text)]
    assert differing(Interfaces, [layer_1(port) for port in PORTS], plain) == []


def test_they_read_a_port_with_a_phone_as_a_trunk_of_the_workplace_s_vlan(running: str) -> None:
    (found,) = [
        one
        for one in facts(L2_interfacesFacts, "l2_interfaces", section(running, "interface Ethernet"))
        if one["name"] == "Ethernet1"
    ]
    assert found == {"name": "Ethernet1", "mode": "trunk", "trunk": {"native_vlan": 410}}
