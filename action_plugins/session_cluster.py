"""Action plugin session_cluster: the order of a run over session hosts, and leave for one. Docs: library/."""

from __future__ import annotations

from typing import Any

from ansible.errors import AnsibleActionFail
from ansible.plugins.action import ActionBase

try:
    from werkplek.enforcement.facts import plain
    from werkplek.errors import WerkplekError
    from werkplek.rollout.session_hosts import Candidate, Leave, batches, leave_problem, member
except ImportError as error:
    raise AnsibleActionFail(
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) from error

SPEC = {
    "at_once": {"type": "int", "default": 1},
    "outage_allowed": {"type": "bool", "default": False},
    "members": {"type": "list", "elements": "dict"},
    "answers_in": {"type": "str"},
}


class ActionModule(ActionBase):  # type: ignore[misc]  # ansible-core is untyped
    """Works on the controller with what session_host answered before."""

    _requires_connection = False

    def run(self, tmp: str | None = None, task_vars: dict[str, Any] | None = None) -> dict[str, Any]:
        variables = task_vars or {}
        result: dict[str, Any] = super().run(tmp, variables)
        _, arguments = self.validate_argument_spec(argument_spec=SPEC, required_one_of=[["members", "answers_in"]])
        if arguments["at_once"] < 1:
            raise AnsibleActionFail(f"at_once: found {arguments['at_once']}; expected 1 or more")
        if arguments["answers_in"]:
            rows = self.order(arguments, variables)
            result.update(
                changed=False, hosts=[host for row in rows for host in row], batches=[len(row) for row in rows]
            )
            return result
        self.leave(arguments, variables)
        result.update(changed=False)
        return result

    def order(self, arguments: dict[str, Any], variables: dict[str, Any]) -> list[list[str]]:
        """Batches of the hosts that are still in the play."""
        hostvars, name = variables["hostvars"], arguments["answers_in"]
        candidates = []
        for host in variables["ansible_play_hosts"]:
            known = hostvars[host]
            registry = known["registry"]
            out = bool(member(host, known[name]).out)
            candidates.append(Candidate(host, registry["cluster"], registry["ring"], out))
        return batches(candidates, arguments["at_once"])

    def leave(self, arguments: dict[str, Any], variables: dict[str, Any]) -> None:
        """Fail where this host may not leave its cluster now."""
        answers = [plain(answer) for answer in arguments["members"]]
        host, cluster = variables["inventory_hostname"], variables["registry"]["cluster"]
        leave = Leave(host, cluster, arguments["at_once"], arguments["outage_allowed"])
        problem = leave_problem(leave, [member(answer["item"], answer) for answer in answers])
        if problem:
            raise AnsibleActionFail(str(WerkplekError("This host stays in service.", [problem])))
