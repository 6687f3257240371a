"""A network connection in the worker's own process, with the options that a host's variables give."""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.plugins.loader import become_loader, connection_loader

from werkplek.network.cli_terminal import CliTerminal
from werkplek.network.platforms import Access

# libssh warns of every file that it looked for and did not find; what matters comes as an exception.
logging.getLogger("ansible-pylibssh").addHandler(logging.NullHandler())


@contextmanager
def access(action: Any, variables: dict[str, Any]) -> Iterator[Access]:
    """Ways to the host that an action plugin works for; what was opened is closed at the end."""
    known = {
        key: action._templar.template(value)
        for key, value in variables.items()
        if key.startswith(("ansible_", "openvswitch_")) or key == "inventory_hostname"
    }
    opened: list[CliTerminal] = []

    def terminal() -> CliTerminal:
        opened.append(CliTerminal(lambda: _connection(action, known)))
        return opened[-1]

    try:
        yield Access(terminal, known)
    finally:
        for one in opened:
            one.close()


def _connection(action: Any, known: Mapping[str, Any]) -> Any:
    """A new connection object of the host's own plugin, with its options as the task executor sets them."""
    context = action._play_context.copy()
    context.network_os = known.get("ansible_network_os")
    context.remote_addr = known.get("ansible_host", known["inventory_hostname"])
    context.port = known.get("ansible_port")
    context.remote_user = known.get("ansible_user")
    context.password = known.get("ansible_password")
    context.become = bool(known.get("ansible_become"))
    made = connection_loader.get(
        known["ansible_connection"],
        context,
        "/dev/null",
        task_uuid=action._task._uuid,
        ansible_playbook_pid=os.getppid(),
    )
    made.set_options(var_options=dict(known))  # also those of the SSH plugin within it
    # Otherwise a second sign-in would be a second shell of the first, and closing it would end both.
    sys.modules[type(made.ssh_type_conn).__module__].SSH_CONNECTION_CACHE.clear()
    if context.become:
        made.set_become_plugin(become_loader.get(known["ansible_become_method"]))
    return made
