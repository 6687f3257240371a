"""Platform Arista EOS."""

from __future__ import annotations

from collections.abc import Sequence

from werkplek.network.document import SwitchDocument
from werkplek.network.eos_form import canonical, mask, negate, parse_eos
from werkplek.network.eos_render import render
from werkplek.network.lines import Config, Rendering, Section


class Eos:
    """See `Platform`."""

    name = "eos"
    order: Sequence[str] = (
        "management security",
        "vlan",
        "ip access-list",
        "tacacs-server",
        "radius-server",
        "aaa group server",
        "snmp-server engineID",
        "snmp-server view",
        "snmp-server group",
    )

    def render(self, document: SwitchDocument) -> Rendering:
        """See `Platform.render`."""
        return render(document)

    def parse(self, text: str) -> Config:
        """See `Platform.parse`."""
        return parse_eos(text)

    def canonical(self, section: Section, text: str) -> str:
        """See `Platform.canonical`."""
        return canonical(section, text)

    def negate(self, section: Section, text: str) -> str:
        """See `Platform.negate`."""
        return negate(section, text)

    def mask(self, text: str) -> str:
        """See `Platform.mask`."""
        return mask(text)
