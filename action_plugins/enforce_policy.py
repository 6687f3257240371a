"""Action plugin enforce_policy: resolve, enforce with each engine, per-setting results. Docs: library/."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from werkplek.enforcement import module_calls
    from werkplek.enforcement.facts import host_facts
    from werkplek.enforcement.module_answers import ModuleCall
    from werkplek.enforcement.results import Aftermath, action_result, rows_of
    from werkplek.enforcement.secrets import secret_values
    from werkplek.enforcement.vault import opened_vault
    from werkplek.errors import WerkplekError
    from werkplek.files import ROOT, state_dir
    from werkplek.policy.compiled import open_store
    from werkplek.policy.model import EngineCall, HostFacts, HostPolicy
except ImportError as error:
    raise AnsibleActionFail(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from error

SPEC = {
    "drift_fails": {"type": "bool", "default": False},
    "reclaim": {"type": "bool", "default": False},
    "preliminary": {"type": "bool", "default": False},
}


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
            result.update(self.enforce(policy, facts, variables, arguments))
        except WerkplekError as error:
            raise AnsibleActionFail(str(error)) from error
        return result

    def enforce(
        self, policy: HostPolicy, facts: HostFacts, variables: dict[str, Any], arguments: Mapping[str, Any]
    ) -> dict[str, Any]:
        """Ask each engine, and put the answers together. An engine that fails whole is the host's failure."""
        rows: list[dict[str, Any]] = []
        diffs: list[dict[str, Any]] = []
        aftermath = Aftermath()
        for engine, call in policy.engines.items():
            answer = self.answer(engine, self.request(call, facts), variables, reclaim=arguments["reclaim"])
            if answer.get("failed"):
                answer.pop("invocation", None)
                return answer
            rows += rows_of(engine, call, answer)
            diffs += [answer["diff"]] if "diff" in answer else []
            aftermath = aftermath.joined(answer)
        context = {
            "municipality": facts.municipality,
            "workplace_class": facts.workplace_class,
            "ring": facts.ring,
            "policy_digest": policy.digest,
            "check_mode": bool(self._task.check_mode),
            "object_url": facts.registry.get("url"),
        }
        result = action_result(rows, context, drift_fails=arguments["drift_fails"])
        if arguments["preliminary"] and result["changed"] and not result.get("failed"):
            result["preliminary"] = True  # a look before a change; the change is the evidence
        return {**result, **aftermath.to_json(), **({"diff": diffs} if diffs else {})}

    def request(self, call: EngineCall, facts: HostFacts) -> str:
        """What is sent to an engine, secrets included: the one place where they are filled in."""
        return call.request(secret_values(call.secrets, facts.municipality, os.environ, opened_vault(self._loader)))

    def answer(self, engine: str, request: str, variables: dict[str, Any], *, reclaim: bool) -> dict[str, Any]:
        """The engine's answer: of the module of its name, or of the modules that it stands for."""
        if engine == module_calls.ENGINE:
            return module_calls.answered(
                request,
                lambda call: self.module(call, variables),
                check=bool(self._task.check_mode),
                diff=bool(self._task.diff),
            )
        options = {"policy": request, **({"reclaim": reclaim} if engine == "windows_policy" else {})}
        return dict(self._execute_module(module_name=engine, module_args=options, task_vars=variables))

    def module(self, call: ModuleCall, variables: dict[str, Any]) -> dict[str, Any]:
        """Run one module, in check mode where the call says so, whatever the task's own mode is."""
        with self.mode(check=call.check or bool(self._task.check_mode)):
            arguments = dict(call.arguments)
            return dict(self._execute_module(module_name=call.module, module_args=arguments, task_vars=variables))

    @contextmanager
    def mode(self, *, check: bool) -> Iterator[None]:
        """The task's check mode as given, and its diff mode on: a row tells what differs."""
        before = self._task.check_mode, self._task.diff
        self._task.check_mode, self._task.diff = check, True
        try:
            yield
        finally:
            self._task.check_mode, self._task.diff = before
