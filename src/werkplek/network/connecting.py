"""A network connection in the worker's own process, with the options that a host's variables give."""

from __future__ import annotations

import os
from typing import Any

from ansible import constants
from ansible.plugins.loader import become_loader, connection_loader


def connection(play_context: Any, variables: dict[str, Any], templar: Any, task: str) -> Any:
    """A new connection object of the host's own plugin. `task` is the task's identity.

    `play_context` and `templar` are those of the action plugin.
    """
    known = {key: templar.template(value) for key, value in variables.items() if key.startswith("ansible_")}
    context = play_context.copy()
    context.network_os = known.get("ansible_network_os")
    context.remote_addr = known.get("ansible_host", variables["inventory_hostname"])
    context.port = known.get("ansible_port")
    context.remote_user = known.get("ansible_user")
    context.password = known.get("ansible_password")
    context.become = bool(known.get("ansible_become"))
    made = connection_loader.get(
        known["ansible_connection"], context, "/dev/null", task_uuid=task, ansible_playbook_pid=os.getppid()
    )
    options = constants.config.get_plugin_vars("connection", made._load_name)
    made.set_options(var_options={key: known[key] for key in options if key in known})
    if context.become:
        made.set_become_plugin(become_loader.get(known["ansible_become_method"]))
    return made
