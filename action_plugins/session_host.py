"""Action plugin session_host: look at a session host, drain it, let people in. Docs: library/session_host.py."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from werkplek.errors import WerkplekError
    from werkplek.rollout.session_hosts import cluster_members, complaints, image_problem
    from werkplek.rollout.waiting import Answer, Patience, people, wait
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
    "empty_within_minutes": {"type": "float"},
    "well_within_seconds": {"type": "float"},
    "interval_seconds": {"type": "float", "default": 10.0},
}
SIGN_OUT_SECONDS = 60.0


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is untyped
    """Calls the module of the host's own system, waits where asked, and judges its answer."""

    _requires_connection = True

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        self.variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, self.variables)
        _, self.wish = self.validate_argument_spec(
            argument_spec=SPEC, required_if=[["login", True, ["well_within_seconds"]]]
        )
        answer = self.call(
            self.wish["state"], log_off=self.wish["log_off"] and self.wish["empty_within_minutes"] is None
        )
        if self.wish["empty_within_minutes"] is not None and not answer.get("failed"):
            answer = {**self.emptied(), "changed": answer["changed"]}
        if self.wish["well_within_seconds"] is not None and not answer.get("failed"):
            answer = {**self.well(), "changed": answer["changed"]}
        result.update(answer)
        if not result.get("failed"):
            cluster, groups = self.variables["registry"]["cluster"], self.variables["groups"]
            result["cluster_members"] = cluster_members(self.variables["inventory_hostname"], cluster, groups)
            self.judge_image(result)
        return result

    def call(self, state: str, *, log_off: bool = False, login: bool = False) -> dict[str, Any]:
        """One module call."""
        wanted: dict[str, Any] = {"state": state, "log_off": log_off, "message": self.wish["message"]}
        linux = "linux" in self.variables["platform_lineage"]
        if linux and login:
            wanted |= {name: self.wish[name] for name in ("login", "login_account", "login_password")}
        wanted = {name: value for name, value in wanted.items() if value is not None}
        module = "linux_session_host" if linux else "windows_session_host"
        return dict(self._execute_module(module_name=module, module_args=wanted, task_vars=self.variables))

    def wait(self, look: Callable[[], Answer], missing: Callable[[Answer], str], seconds: float) -> tuple[Answer, str]:
        """Look until nothing is missing, at most so long; the operator sees what is waited for."""
        host = self.variables["inventory_hostname"]
        patience = Patience(seconds, self.wish["interval_seconds"])
        return wait(look, missing, patience, lambda text: self._display.display(f"  {host} waits: {text}"))

    def emptied(self) -> Answer:
        """Wait until nobody is there; then end what is left where that is allowed, or fail with their names."""
        seconds = self.wish["empty_within_minutes"] * 60
        answer, there = self.wait(lambda: self.answered("status"), present, seconds)
        if there and self.wish["log_off"]:
            self.answered(self.wish["state"], log_off=True)
            answer, there = self.wait(lambda: self.answered("status"), present, SIGN_OUT_SECONDS)
        if there:
            minutes = f"{self.wish['empty_within_minutes']:g} minutes"
            raise AnsibleActionFail(f"People are still there after {minutes}: {there}.", result=dict(answer))
        return answer

    def well(self) -> Answer:
        """Wait until the host serves people, or fail with what does not."""
        login = self.wish["login"]
        look = lambda: self.answered("status", login=login)  # noqa: E731
        answer, ill = self.wait(look, lambda found: complaints(found["health"]), self.wish["well_within_seconds"])
        if ill:
            raise AnsibleActionFail(f"This host does not serve people: {ill}", result=dict(answer))
        return answer

    def answered(self, state: str, **more: bool) -> dict[str, Any]:
        """One module call that must work."""
        answer = self.call(state, **more)
        if answer.get("failed"):
            raise AnsibleActionFail(str(answer.get("msg")), result=answer)
        return answer

    def judge_image(self, result: dict[str, Any]) -> None:
        """Refuse the wrong image, where asked."""
        if self.wish["image_field"]:
            problem = image_problem(self.variables["registry"], self.wish["image_field"], result["image_version"])
            if problem:
                raise AnsibleActionFail(str(WerkplekError("This host runs the wrong image.", [problem])), result=result)


def present(answer: Answer) -> str:
    """Who is there."""
    return people(answer["sessions"])
