"""Action plugin network_plan: what every switch should be, and in which order they are changed. Docs: library/."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from werkplek.errors import WerkplekError
    from werkplek.files import ROOT, state_dir
    from werkplek.network.order import DEFAULT_AT_ONCE, order
    from werkplek.network.planning import keep, network_of
    from werkplek.policy.compiled import open_store
    from werkplek.registry.hosts import QUARANTINE
except ImportError as error:
    raise AnsibleActionFail(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from error

SPEC = {"at_once": {"type": "int", "default": DEFAULT_AT_ONCE}}


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is untyped
    """Works on the controller with the whole inventory, and opens no connection."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        _, arguments = self.validate_argument_spec(argument_spec=SPEC)
        if arguments["at_once"] < 1:
            raise AnsibleActionFail(f"at_once: found {arguments['at_once']}; expected 1 or more")
        store = open_store(ROOT, state_dir() / "policy")
        try:
            known = variables["hostvars"].raw_get
            network, records = network_of(switches(variables["groups"], known), known, store.plans())
        except WerkplekError as error:
            raise AnsibleActionFail(str(error)) from error
        chosen = [host for host in variables["ansible_play_hosts_all"] if host in records]
        rings = {name: record.ring for name, record in records.items()}
        found = order(chosen, rings, network.topology, arguments["at_once"])
        hosts = [host for batch in found.batches for host in batch]
        result.update(
            changed=False,
            folder=str(keep(network, state_dir())),
            hosts=hosts,
            # who only looks need not wait for anybody
            batches=[len(hosts)] if self._task.check_mode else [len(batch) for batch in found.batches],
            after={host: list(behind) for host, behind in found.after.items() if behind},
        )
        return result


def switches(groups: Mapping[str, Sequence[str]], known: Callable[[str], Mapping[str, Any]]) -> list[str]:
    """All of them, those in quarantine too: trunks must carry what they need, though no run changes them."""
    names = {name for group in ("network", QUARANTINE) for name in groups.get(group, ())}
    return sorted(name for name in names if known(name).get("workplace_class") == "network")
