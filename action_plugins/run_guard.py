"""Action plugin run_guard: the first task of every playbook. Docs: library/run_guard.py."""

from __future__ import annotations

from typing import Any

from ansible import context
from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from werkplek.enforcement.facts import host_facts
    from werkplek.errors import WerkplekError
    from werkplek.files import ROOT, state_dir
    from werkplek.network.planning import network_of
    from werkplek.policy.compiled import open_store
    from werkplek.rollout.guard import DEFAULT_CEILING, Scope, Verdict, judge, said
except ImportError as error:
    raise AnsibleActionFail(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from error

SPEC = {
    "targets": {"type": "list", "elements": "str", "required": True},
    "ceiling": {"type": "int", "default": DEFAULT_CEILING},
    "scope": {"type": "str"},
    "part": {"type": "bool", "default": False},
}


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is untyped
    """Stops the run before a host is touched; runs once, on the controller, and opens no connection."""

    BYPASS_HOST_LOOP = True
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        _, arguments = self.validate_argument_spec(argument_spec=SPEC)
        scope = Scope(
            limit=context.CLIARGS.get("subset"),
            pattern=arguments["scope"],
            targets=tuple(arguments["targets"]),
            ceiling=arguments["ceiling"],
            part=arguments["part"],
        )
        verdict = judge(scope, variables["ansible_play_hosts_all"], variables["groups"])
        try:
            if verdict.problems:
                raise WerkplekError("The guard stops this run; no host was touched.", verdict.problems)
            self.prove_policy(verdict, variables)
        except WerkplekError as error:
            raise AnsibleActionFail(str(error)) from error
        words = said(verdict)
        self._display.display(f"  {words}")
        result.update(changed=False, hosts=list(verdict.hosts), left_out=dict(verdict.left_out), msg=words)
        return result

    def prove_policy(self, verdict: Verdict, variables: dict[str, Any]) -> None:
        """Load the policy and every document, and resolve each host's facts, so that no mistake shows half way."""
        store = open_store(ROOT, state_dir() / "policy")
        known_of = variables["hostvars"].raw_get
        for host in verdict.hosts:
            known = known_of(host)
            store.resolve(host_facts(host, known, known["group_names"]))
        switches = variables["groups"].get("network", ())
        if not set(verdict.hosts).isdisjoint(switches):
            network_of(switches, known_of, store.plans())
