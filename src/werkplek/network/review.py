"""A switch's intended configuration to look at, and a saved one compared with it. Secrets are `<secret>` throughout."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from werkplek.errors import Problem, WerkplekError
from werkplek.network.compare import Comparison, Difference, compare
from werkplek.network.document import SwitchDocument
from werkplek.network.lines import Line, Rendering, Section
from werkplek.network.planning import network_of, with_settings
from werkplek.network.platform import Platform
from werkplek.network.platforms import support_of
from werkplek.policy.compiled import open_store
from werkplek.policy.hosts import facts_of
from werkplek.policy.model import HostFacts, SettingSource
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
    call = store.resolve(facts).engines.get(ENGINE)
    if call is None:
        raise WerkplekError("There is nothing to look at.", [_no_switch(name, facts)])
    switches = {host.name: host.vars for host in inventory.hosts if host.vars.get("workplace_class") == "network"}
    network, _records = network_of(switches, switches.__getitem__, store.plans())
    support = support_of(name, facts.platform_lineage, str(facts.registry["url"]))
    request = call.request(dict.fromkeys(call.secrets, SECRET))
    document = with_settings(network.documents[name], request)
    return Subject(document, support.platform, {one.id: one for one in call.settings})


def _no_switch(name: str, facts: HostFacts) -> Problem:
    return Problem(
        f"host {name} ({facts.registry['url']})",
        f"class {facts.workplace_class}, for which the policy has no setting of {ENGINE}",
        "a switch",
        "`ansible-inventory --graph network` lists them.",
    )


def compared(switch: Subject, text: str) -> Comparison:
    """A configuration, with or without its secrets, against what it should be. Both are compared without them."""
    platform, wanted = switch.platform, switch.rendering
    lines = tuple(line._replace(text=platform.mask(line.text)) for line in wanted.lines)
    return compare(replace(wanted, lines=lines), platform.parse(platform.mask(text)), platform)


def as_shown(lines: Sequence[Line], system: str) -> list[tuple[int, str, str]]:
    """(depth, text, setting) of each line below its sections, as a switch of platform `system` shows a configuration.

    A section that no line of ours opens (a port is there in any case) has no setting.
    """
    opened = {line.path: line.setting for line in lines}
    below: dict[Section, list[Section]] = {}
    for line in lines:
        for depth in range(len(line.path)):
            children = below.setdefault(line.path[:depth], [])
            if line.path[: depth + 1] not in children:
                children.append(line.path[: depth + 1])
    shown: list[tuple[int, str, str]] = []

    def show(path: Section) -> None:
        for child in below.get(path, ()):
            shown.append((len(path), _marked(child[-1], system), opened.get(child, "")))
            show(child)

    show(())
    return shown


def _marked(text: str, system: str) -> str:
    """A banner with what stands around it on a switch: `^C` on IOS, `EOF` at its end on EOS."""
    if not text.startswith("banner "):
        return text
    mark = " ^C" if system == "ios" else ""
    return text.replace("\n", f"{mark}\n", 1) + f"\n{mark.strip() or 'EOF'}"


def verdicts(switch: Subject, found: Comparison) -> list[tuple[str, str, Difference]]:
    """(setting, complies | differs | waived | unsupported, difference) of every setting."""
    rendering = switch.rendering
    rows: list[tuple[str, str, Difference]] = []
    for setting in switch.document.settings:
        difference = found.differences.get(setting.id, Difference())
        word = "waived" if setting.waived and difference else "differs" if difference else "complies"
        rows.append((setting.id, "unsupported" if setting.id in rendering.unsupported else word, difference))
    return rows
