"""Action plugin enforce_switch: resolve a switch's policy, and enforce it in one session. Docs: library/."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from werkplek.enforcement.facts import host_facts
    from werkplek.enforcement.results import action_result, rows_of
    from werkplek.enforcement.secrets import secret_values
    from werkplek.enforcement.vault import opened_vault
    from werkplek.errors import Problem, WerkplekError
    from werkplek.files import ROOT, state_dir
    from werkplek.network.connecting import access
    from werkplek.network.engine import Options, enforce
    from werkplek.network.health import Patience
    from werkplek.network.planning import read, with_settings
    from werkplek.network.platforms import support_of
    from werkplek.policy.compiled import open_store
except ImportError as error:
    raise AnsibleActionFail(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from error

ENGINE = "network_policy"
SPEC = {
    "plan": {"type": "path", "required": True},
    "after": {"type": "list", "elements": "str", "default": []},
    "drift_fails": {"type": "bool", "default": False},
    "confirm_minutes": {"type": "int", "default": 5},
    "settle_seconds": {"type": "int", "default": 60},
}


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is untyped
    """Enforces the switch's resolved policy over a connection of its own; in check mode it only compares."""

    # Ansible would start a helper process for a network connection; the plugin is used in this process instead.
    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        _, arguments = self.validate_argument_spec(argument_spec=SPEC)
        try:
            self.wait_for(arguments["after"], variables)
            result.update(self.enforce(arguments, variables))
        except WerkplekError as error:
            raise AnsibleActionFail(str(error)) from error
        return result

    def wait_for(self, after: list[str], variables: dict[str, Any]) -> None:
        """Stop where a switch behind this one failed: this one may be its only way out."""
        failed = sorted(set(after) - set(variables["ansible_play_hosts"]))
        if failed:
            raise WerkplekError(
                "This switch is left as it is.",
                [
                    Problem(
                        f"switch {variables['inventory_hostname']} ({variables['registry']['url']})",
                        f"a failure in this run on {', '.join(failed)}, reached through it",
                        "every switch behind it changed, or left alone, without a failure",
                        "Mend that switch first, and run again.",
                    )
                ],
            )

    def enforce(self, arguments: Mapping[str, Any], variables: dict[str, Any]) -> dict[str, Any]:
        """Resolve, and let the engine do it."""
        name = variables["inventory_hostname"]
        facts = host_facts(name, variables, variables["group_names"])
        policy = open_store(ROOT, state_dir() / "policy").resolve(facts)
        call = policy.engines[ENGINE]
        secrets = secret_values(call.secrets, facts.municipality, os.environ, opened_vault(self._loader))
        document, planned = read(Path(arguments["plan"]), name)
        support = support_of(name, facts.platform_lineage, str(facts.registry["url"]))
        options = Options(
            check=bool(self._task.check_mode),
            diff=bool(self._task.diff),
            minutes=arguments["confirm_minutes"],
            patience=Patience(float(arguments["settle_seconds"])),
            state=state_dir(),
            now=lambda: datetime.now(UTC),
        )
        wanted = with_settings(document, call.request(secrets))
        with access(self, variables) as ways:
            answer = enforce(wanted, support.platform, support.session(ways), options)
        context = {
            "municipality": facts.municipality,
            "workplace_class": facts.workplace_class,
            "ring": facts.ring,
            "policy_digest": hashlib.sha256(f"{policy.digest} {planned}".encode()).hexdigest(),
            "check_mode": bool(self._task.check_mode),
            "object_url": facts.registry.get("url"),
        }
        made = action_result(rows_of(ENGINE, call, answer), context, drift_fails=arguments["drift_fails"])
        if failure := answer.get("failure"):  # the same of every setting that was to change
            made["msg"] = f"{made['counts']['failed']} settings were not enforced: {failure}"
        more = {key: answer[key] for key in ("diff", "backup", "preview") if key in answer}
        return {**made, **more}
