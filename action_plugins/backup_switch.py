"""Action plugin backup_switch: read a switch and keep its configuration without secrets. Docs: library/."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from werkplek.enforcement.facts import host_facts
    from werkplek.errors import WerkplekError
    from werkplek.files import state_dir
    from werkplek.network import backup
    from werkplek.network.connecting import access
    from werkplek.network.platform import TerminalError
    from werkplek.network.platforms import support_of
except ImportError as error:
    raise AnsibleActionFail(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from error


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is untyped
    """Reads only: on the switch nothing changes, in check mode nothing here either."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        self.validate_argument_spec(argument_spec={})
        name = variables["inventory_hostname"]
        try:
            facts = host_facts(name, variables, variables["group_names"])
            support = support_of(name, facts.platform_lineage, str(facts.registry["url"]))
            with access(self, variables) as ways:
                text = support.platform.mask(support.session(ways).look().running)
        except (WerkplekError, TerminalError) as error:
            raise AnsibleActionFail(f"{name}: {error}") from error
        before = backup.latest(state_dir(), name)
        if not self._task.check_mode:
            result["backup"] = str(backup.keep(state_dir(), name, text, datetime.now(UTC)))
        result["changed"] = False
        result["new"] = str(before) != result.get("backup", str(before))
        return result
