"""Action plugin session_host: look at a session host, drain it, let people in. Docs: library/session_host.py."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from werkplek.errors import WerkplekError
    from werkplek.rollout.session_hosts import cluster_members, complaints, image_problem
except ImportError as error:
    raise AnsibleActionFail(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from error

SPEC = {
    "state": {"type": "str", "choices": ["status", "drained", "accepting"], "default": "status"},
    "message": {"type": "str"},
    "log_off": {"type": "bool", "default": False},
    "image_field": {"type": "str"},
    "login": {"type": "bool", "default": False},
    "login_account": {"type": "str"},
    "login_password": {"type": "str", "no_log": True},
    "must_be_well": {"type": "bool", "default": False},
}
BOTH = ("state", "message", "log_off")
LOGIN = ("login", "login_account", "login_password")


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is untyped
    """One module call, of the host's own system, and what the registry and the operator say about its answer."""

    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        _, arguments = self.validate_argument_spec(argument_spec=SPEC)
        linux = "linux" in variables["platform_lineage"]
        names = (*BOTH, *LOGIN) if linux else BOTH
        module = "linux_session_host" if linux else "windows_session_host"
        wanted = {name: arguments[name] for name in names if arguments[name] is not None}
        answer = self._execute_module(module_name=module, module_args=wanted, task_vars=variables)
        result.update(answer)
        if not result.get("failed"):
            cluster, groups = variables["registry"]["cluster"], variables["groups"]
            result["cluster_members"] = cluster_members(variables["inventory_hostname"], cluster, groups)
            self.judge(result, arguments, variables)
        return result

    def judge(self, result: dict[str, Any], arguments: dict[str, Any], variables: dict[str, Any]) -> None:
        """Refuse the wrong image and, where asked, a host that is not well."""
        if arguments["image_field"]:
            problem = image_problem(variables["registry"], arguments["image_field"], result["image_version"])
            if problem:
                raise AnsibleActionFail(str(WerkplekError("This host runs the wrong image.", [problem])), result=result)
        if arguments["must_be_well"] and not result["healthy"]:
            raise AnsibleActionFail(f"This host does not serve people: {complaints(result['health'])}", result=result)
