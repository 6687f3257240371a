"""A fabric that is up, and what can be done with it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from werkplek.errors import Problem, WerkplekError
from werkplek.lab.switches.fabric import OWN_BRIDGE, Place, Plan
from werkplek.lab.switches.fabric_ovs import OpenVSwitch
from werkplek.lab.switches.fabric_rows import EDGE, PortForwarding, columns
from werkplek.lab.switches.fabric_space import Spaces, batch
from werkplek.lab.switches.fabric_wiring import End, Wiring


def folder_of(state: Path) -> Path:
    """Where a fabric in a state folder has its files."""
    return state.resolve() / "fabric"


@dataclass(frozen=True, slots=True)
class Fabric:
    """A fabric that is up."""

    state: Path
    plan: Plan
    wired: Wiring
    spaces: Spaces

    def apply(self, switch: str, ports: Sequence[PortForwarding]) -> None:
        """Make a switch forward what its accepted configuration says; a port that is not mentioned is dead.

        When it is done, frames go that way; with rings, once the spanning tree has settled.

        Raises:
            WerkplekError: the plan has no such switch or port, or Open vSwitch does not follow.
        """
        if switch not in self.wired.bridges:
            raise WerkplekError(f"The fabric has no emulated switch {switch}.")
        names = [one.name for one in ports]
        known = self.plan.switches[switch]
        problems = [
            *(Problem(str(Place(switch, one)), "no such port", "one of the plan") for one in names if one not in known),
            *(
                Problem(str(Place(switch, one)), "two of it", "one")
                for one in sorted(set(names))
                if names.count(one) > 1
            ),
        ]
        if problems:
            raise WerkplekError(f"The fabric cannot forward what switch {switch} says.", problems)
        self._apply(switch, ports)

    def _apply(self, switch: str, ports: Sequence[PortForwarding]) -> None:
        attached = self.wired.at(switch)
        alive = tuple(
            (end.name, {**row, **self.edge(end)})
            for one in ports
            if (end := attached.get(one.name)) and (row := columns(one)) is not None
        )
        dead = sorted({end.name for end in attached.values()} - dict(alive).keys())
        # A port's link is up before frames may pass, and down after they may not.
        batch(self.spaces.switches, (f"link set dev {name} up" for name, _columns in alive))
        self.open_vswitch().replace(self.wired.bridges[switch], alive)
        batch(self.spaces.switches, (f"link set dev {name} down" for name in dead))

    def settle(self) -> None:
        """Wait until the spanning tree has decided which ways are open, which takes seconds after a link came up."""
        if self.plan.ringed:
            for switch in ("", *self.plan.own):
                self.open_vswitch(switch).settle()

    def edge(self, end: End) -> Mapping[str, Any]:
        """Columns of a port, by whether it leads to another switch."""
        return {} if end in self.wired.trunks else EDGE

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return folder_of(self.state)

    def open_vswitch(self, switch: str = "") -> OpenVSwitch:
        """The Open vSwitch that a switch is which decides for itself; empty: that of all emulated ones."""
        folder = self.folder / (f"own-{switch}" if switch else "switches")
        return OpenVSwitch(folder, self.spaces.of_switch(switch), self.spaces.environment())

    def variables(self, switch: str) -> dict[str, str]:
        """The host variables by which a switch that decides for itself is reached."""
        return {
            "openvswitch_remote": f"unix:{self.open_vswitch(switch).socket}",
            "openvswitch_bridge": OWN_BRIDGE,
        }
