"""Action plugin enforce_policy: resolve, one module call per engine, per-setting results. Docs: library/."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from ansible.errors import AnsibleActionFail, AnsibleError
from ansible.plugins.action import ActionBase

try:
    from werkplek.enforcement.facts import host_facts
    from werkplek.enforcement.results import action_result, rows_of
    from werkplek.enforcement.secrets import secret_values
    from werkplek.errors import Problem, WerkplekError
    from werkplek.files import ROOT, state_dir
    from werkplek.policy.compiled import open_store
    from werkplek.policy.model import HostFacts, HostPolicy
except ImportError as error:
    raise AnsibleActionFail(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from error

SPEC = {"drift_fails": {"type": "bool", "default": False}}


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is untyped
    """Enforces the host's resolved policy; in check mode it only compares."""

    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        _, arguments = self.validate_argument_spec(argument_spec=SPEC)
        host = variables["inventory_hostname"]
        try:
            facts = host_facts(host, variables, variables["group_names"])
            policy = open_store(ROOT, state_dir() / "policy").resolve(facts)
            result.update(self.enforce(policy, facts, variables, drift_fails=arguments["drift_fails"]))
        except WerkplekError as error:
            raise AnsibleActionFail(str(error)) from error
        return result

    def vault(self, name: str) -> Mapping[str, object]:
        """The content of an encrypted file of this repository, with the run's vault passwords; empty without it."""
        file = ROOT / name
        if not file.exists():
            return {}
        try:
            content = self._loader.load_from_file(str(file), unsafe=True, cache="none")
        except AnsibleError:  # its text can quote a line of the decrypted file
            expected = "YAML that the run's vault password opens (--vault-password-file, or an AWX vault credential)"
            raise WerkplekError("A vault cannot be opened.", [Problem(name, "no such YAML", expected)]) from None
        if not isinstance(content, dict):
            raise WerkplekError("A vault cannot be used.", [Problem(name, "no mapping", "secrets by name")])
        return content

    def enforce(
        self, policy: HostPolicy, facts: HostFacts, variables: dict[str, Any], *, drift_fails: bool
    ) -> dict[str, Any]:
        """Call each engine once, and put the answers together. An engine that fails whole is the host's failure."""
        rows: list[dict[str, Any]] = []
        diffs: list[dict[str, Any]] = []
        for engine, call in policy.engines.items():
            request = call.request(secret_values(call.secrets, facts.municipality, os.environ, self.vault))
            answer = self._execute_module(module_name=engine, module_args={"policy": request}, task_vars=variables)
            if answer.get("failed"):
                answer.pop("invocation", None)
                return dict(answer)
            rows += rows_of(engine, call, answer)
            diffs += [answer["diff"]] if "diff" in answer else []
        context = {
            "municipality": facts.municipality,
            "workplace_class": facts.workplace_class,
            "ring": facts.ring,
            "policy_digest": policy.digest,
            "check_mode": bool(self._task.check_mode),
            "object_url": facts.registry.get("url"),
        }
        return {**action_result(rows, context, drift_fails=drift_fails), **({"diff": diffs} if diffs else {})}
