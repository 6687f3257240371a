"""What both inventory plugins share: options in, a compiled inventory out, hosts handed to Ansible. Needs Ansible."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleError, AnsibleParserError, AnsibleUndefinedVariable
from ansible.inventory.host import Host
from ansible.plugins.inventory import BaseInventoryPlugin
from ansible.template import Templar, trust_as_template
from ansible.utils.path import basedir

from werkplek.errors import WerkplekError
from werkplek.registry.config import registry_config
from werkplek.registry.constructed import Evaluate
from werkplek.registry.expressions import Undefined
from werkplek.registry.hosts import Inventory
from werkplek.registry.inventory import compile_inventory
from werkplek.registry.live import Result, live_source, read_inventory
from werkplek.registry.options import beside, refuse, unclear_booleans, unknown_options
from werkplek.registry.snapshot import load

type Reader = Callable[[Mapping[str, object], Path, Evaluate, bool], Result]


def accepts(path: str, plugin: str) -> bool:
    """True for `registry.yml` and `<something>.registry.yml` that name this plugin.

    The file is read as text, so that a malformed source still reaches the plugin that can say what is wrong.
    """
    file = Path(path)
    if file.name != "registry.yml" and not file.name.endswith(".registry.yml"):
        return False
    text = file.read_text(encoding="utf-8", errors="replace")
    return re.search(rf"^plugin:\s*[\"']?{plugin}[\"']?\s*(#.*)?$", text, re.MULTILINE) is not None


def parse(plugin: BaseInventoryPlugin, inventory: Any, path: str, read: Reader, *, cache: bool) -> None:
    """Fill Ansible's inventory with all hosts, or raise AnsibleParserError and add none."""
    file = Path(path).absolute()
    config = plugin._read_config_data(path)
    options = {name: plugin.get_option(name) for name in plugin._options}
    try:
        problems = unknown_options(config, options.keys() | {"plugin"}, file)
        problems += unclear_booleans(config, os.environ, file)
        if problems:
            refuse(str(file), problems)
        result = read(options, file, partial(evaluate, plugin.loader), cache)
    except WerkplekError as error:
        # Ansible prints a message twice and help text once.
        raise AnsibleParserError(error.summary, help_text="\n".join(map(str, error.problems))) from None
    for warning in result.warnings:
        plugin.display.warning(warning)
    for remark in result.remarks:
        plugin.display.v(f"{file}: {remark}")
    found = result.inventory
    plugin.display.v(f"{file}: {len(found.hosts)} hosts; {found.unmanaged} objects of roles without a class")
    fill(inventory, found)


def read_netbox(options: Mapping[str, object], file: Path, evaluate: Evaluate, cache: bool) -> Result:
    """The inventory of a live NetBox. Without `cache` (`--flush-cache`) everything is read."""
    return read_inventory(live_source(options, file, fresh=not cache), evaluate)


def read_snapshot(options: Mapping[str, object], file: Path, evaluate: Evaluate, _cache: bool) -> Result:
    """The inventory of a snapshot file."""
    config = registry_config(options, file)
    inventory = compile_inventory(load(beside(file, options["snapshot"])), config, evaluate)
    return Result(inventory, inventory.warnings, ())


def evaluate(loader: Any, expression: str, variables: Mapping[str, Any]) -> Any:
    """An expression of the source by Ansible's templating: the source is the operator's, the values never are."""
    try:
        return Templar(loader, variables=dict(variables)).evaluate_expression(trust_as_template(expression))
    except AnsibleUndefinedVariable as error:
        raise Undefined(str(error)) from None
    except AnsibleError as error:
        raise ValueError(str(error)) from None


# Text of which no template can be made. Handing it over as such spares Ansible's output a wrapper around each word.
WORD = re.compile(r"[A-Za-z0-9_.:/@+ -]*").fullmatch


def fill(inventory: Any, compiled: Inventory) -> None:
    """Hand a compiled inventory to Ansible's InventoryData.

    Hosts are put where `add_host`, `set_variable` and `add_child` would put them, which takes those several times as
    long; a test compares both. Text that could be a template stays untrusted, so that Ansible never renders it.
    """
    for group in compiled.groups:
        inventory.add_group(group.name)
    for group in compiled.groups:
        for child in group.children:
            inventory.add_child(group.name, child)
    known: dict[str, Any] = {}
    lines: dict[tuple[str, ...], list[Any]] = {}
    where = {"inventory_file": inventory.current_source, "inventory_dir": _folder(inventory.current_source)}
    for found in compiled.hosts:
        if found.groups not in lines:
            lines[found.groups] = _line([inventory.groups[name] for name in found.groups])
        host = inventory.hosts.setdefault(found.name, Host(found.name))  # another source may have it already
        record = {**_mapping(found.vars["registry"]), "fetched_at": compiled.fetched_at}
        host.vars = {**where, **host.vars, **_plain({**found.vars, "registry": record}, known)}
        host.groups = [*host.groups, *(group for group in lines[found.groups] if group not in host.groups)]
    for group in compiled.groups:
        target, hosts = inventory.groups[group.name], [inventory.hosts[name] for name in group.hosts]
        if target.hosts:  # of another source
            for host in hosts:
                target.add_host(host)
        else:
            target.hosts, target._hosts = hosts, None
            target.clear_hosts_cache()


def _line(groups: Iterable[Any]) -> list[Any]:
    """The groups of a host with all above them, in the order in which Ansible's `Host.add_group` has them."""
    line: list[Any] = []
    for group in groups:
        line += [above for above in group.get_ancestors() if above not in line]
        line += [group] if group not in line else []
    return line


def _folder(source: str | None) -> str | None:
    return basedir(source) if source else None


def _mapping(value: object) -> Mapping[str, object]:
    assert isinstance(value, Mapping)
    return value


def _plain(value: Any, known: dict[str, Any]) -> Any:
    """Words marked as harmless, each once; everything else as it is."""
    if type(value) is str:
        found = known.get(value)
        if found is None:
            found = known[value] = trust_as_template(value) if WORD(value) else value
        return found
    if isinstance(value, dict):
        return {key: _plain(item, known) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item, known) for item in value]
    return value
