"""A switch's intended configuration to look at, and a saved one compared with it. Secrets are `<secret>` throughout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from werkplek.network.compare import Comparison, Difference, compare
from werkplek.network.document import SwitchDocument
from werkplek.network.lines import Line, Rendering, Section
from werkplek.network.planning import network_of, with_settings
from werkplek.network.platform import Platform
from werkplek.network.platforms import support_of
from werkplek.policy.compiled import open_store
from werkplek.policy.hosts import facts_of
from werkplek.policy.model import SettingSource
from werkplek.registry.hosts import Inventory

ENGINE = "network_policy"
SECRET = "<secret>"  # noqa: S105 - what `Platform.mask` puts in a secret's place


@dataclass(frozen=True, slots=True)
class Subject:
    """A switch with its settings, on its platform; `sources` says where each setting comes from."""

    document: SwitchDocument
    platform: Platform
    sources: Mapping[str, SettingSource]

    @property
    def rendering(self) -> Rendering:
        """The document in the platform's lines."""
        return self.platform.render(self.document)


def subject(inventory: Inventory, name: str, root: Path, state: Path) -> Subject:
    """A switch of the inventory. Raises WerkplekError where there is none of that name, or it cannot be worked out."""
    facts = facts_of(inventory, name)
    store = open_store(root, state / "policy")
    switches = {host.name: host.vars for host in inventory.hosts if host.vars.get("workplace_class") == "network"}
    network, _records = network_of(switches, switches.__getitem__, store.plans())
    support = support_of(name, facts.platform_lineage, str(facts.registry["url"]))
    call = store.resolve(facts).engines[ENGINE]
    request = call.request(dict.fromkeys(call.secrets, SECRET))
    document = with_settings(network.documents[name], request)
    return Subject(document, support.platform, {one.id: one for one in call.settings})


def compared(switch: Subject, text: str) -> Comparison:
    """A configuration, with or without its secrets, against what it should be."""
    masked = switch.platform.mask(text)
    return compare(switch.rendering, switch.platform.parse(masked), switch.platform)


def in_sections(rendering: Rendering) -> list[tuple[Section, list[Line]]]:
    """The lines by section, in the order in which they are first needed; those of one section together."""
    found: dict[Section, list[Line]] = {}
    for line in rendering.lines:
        found.setdefault(line.section, []).append(line)
    return list(found.items())


def verdicts(switch: Subject, found: Comparison) -> list[tuple[str, str, Difference]]:
    """(setting, complies | differs | waived | unsupported, difference) of every setting."""
    rendering = switch.rendering
    rows: list[tuple[str, str, Difference]] = []
    for setting in switch.document.settings:
        difference = found.differences.get(setting.id, Difference())
        word = "waived" if setting.waived and difference else "differs" if difference else "complies"
        rows.append((setting.id, "unsupported" if setting.id in rendering.unsupported else word, difference))
    return rows
