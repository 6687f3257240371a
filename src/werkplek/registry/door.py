"""What both inventory plugins share: options in, a compiled inventory out, hosts handed to Ansible. Needs Ansible."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

from werkplek.errors import WerkplekError
from werkplek.registry.config import api_config, beside, refuse, registry_config, unknown_options
from werkplek.registry.inventory import Inventory, compile_inventory
from werkplek.registry.netbox import snapshot_from_api
from werkplek.registry.shrink import keep_last_good
from werkplek.registry.snapshot import load

type Reader = Callable[[Mapping[str, object], Path], Inventory]


def accepts(path: str, plugin: str) -> bool:
    """True for `registry.yml` and `<something>.registry.yml` that name this plugin.

    The file is read as text, so that a malformed source still reaches the plugin that can say what is wrong.
    """
    file = Path(path)
    if file.name != "registry.yml" and not file.name.endswith(".registry.yml"):
        return False
    text = file.read_text(encoding="utf-8", errors="replace")
    return re.search(rf"^plugin:\s*[\"']?{plugin}[\"']?\s*(#.*)?$", text, re.MULTILINE) is not None


def parse(plugin: BaseInventoryPlugin, inventory: Any, path: str, read: Reader) -> None:
    """Fill Ansible's inventory with all hosts, or raise AnsibleParserError and add none."""
    file = Path(path).absolute()
    config = plugin._read_config_data(path)
    options = {name: plugin.get_option(name) for name in plugin._options}
    try:
        problems = unknown_options(config, options.keys() | {"plugin"}, file)
        if problems:
            refuse(str(file), problems)
        compiled = read(options, file)
    except WerkplekError as error:
        # Ansible prints a message twice and help text once.
        raise AnsibleParserError(error.summary, help_text="\n".join(map(str, error.problems))) from None
    for warning in compiled.warnings:
        plugin.display.warning(warning)
    plugin.display.v(f"{file}: {len(compiled.hosts)} hosts; {compiled.unmanaged} objects of roles without a class")
    fill(inventory, compiled)


def read_netbox(options: Mapping[str, object], file: Path) -> Inventory:
    """The inventory of a live NetBox. Keeps what was read as the last good snapshot."""
    api, config = api_config(options, file), registry_config(options, file)
    snapshot = snapshot_from_api(api)
    compiled = compile_inventory(snapshot, config)
    keep_last_good(snapshot, config, api.shrink_limit, os.environ)
    return compiled


def read_snapshot(options: Mapping[str, object], file: Path) -> Inventory:
    """The inventory of a snapshot file."""
    config = registry_config(options, file)
    return compile_inventory(load(beside(file, options["snapshot"])), config)


def fill(inventory: Any, compiled: Inventory) -> None:
    """Hand a compiled inventory to Ansible's InventoryData. Values stay plain text, which Ansible never templates."""
    for group in compiled.groups:
        inventory.add_group(group.name)
    for group in compiled.groups:
        for child in group.children:
            inventory.add_child(group.name, child)
    for host in compiled.hosts:
        inventory.add_host(host.name)
        for name, value in host.vars.items():
            inventory.set_variable(host.name, name, value)
        for name in host.groups:
            inventory.add_child(name, host.name)
