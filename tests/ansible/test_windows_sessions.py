"""windows_session_host and win_reboot, as real Ansible runs them over the lab, whose Windows is pretended."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.lab import control
from werkplek.lab.client import LabClient
from werkplek.lab.status import LabStatus

ESTATE = Path(__file__).parents[1] / "data" / "lab" / "estate.json"
HOST = "PAP-WS-001"
JANSEN, VRIES = "PAPENDRECHT\\jjansen", "DORDRECHT\\pdevries"
TERMINAL = r"HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server"
SESSION_HOST = [
    {"kind": "registry", "path": TERMINAL, "name": "fDenyTSConnections", "type": "dword", "data": 0},
    *(
        {"kind": "service", "name": name, "start": "manual", "status": "running"}
        for name in ("TermService", "SessionEnv", "UmRdpService")
    ),
]
type Call = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def lab(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LabStatus]:
    state = tmp_path_factory.mktemp("lab")
    yield control.up(state, estate=ESTATE)
    control.down(state)


@pytest.fixture
def client(lab: LabStatus) -> Iterator[LabClient]:
    """The control of the lab, on whose HOST one person has a session and another had to break off."""
    with LabClient(lab.state) as found:
        found.reset(HOST)
        found.edit(HOST, [*SESSION_HOST, person(JANSEN, "active"), person(VRIES, "disconnected")])
        yield found


@pytest.fixture
def call(lab: LabStatus, tmp_path: Path) -> Call:
    """Run one module on HOST with real `ansible`; its result, with `rc`."""

    def run(module: str, *more: str, **options: Any) -> dict[str, Any]:
        command = [
            *(str(Path(sys.executable).with_name("ansible")), HOST, "-m", module, "-i", str(lab.registry)),
            *("--playbook-dir", str(ROOT / "playbooks"), *(["-a", json.dumps(options)] if options else []), *more),
        ]
        environment = {
            **os.environ,
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_CALLBACK_RESULT_FORMAT": "json",
            "ANSIBLE_NOCOLOR": "1",
            "WERKPLEK_STATE": str(tmp_path / "state"),
        }
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
        head = re.search(rf"^{HOST} \| [^>]+> ", done.stdout, re.MULTILINE)
        assert head is not None, done.stdout + done.stderr
        return {**json.JSONDecoder().raw_decode(done.stdout, head.end())[0], "rc": done.returncode}

    return run


def person(user: str, state: str) -> dict[str, Any]:
    return {"kind": "session", "user": user, "state": state}


def who(result: dict[str, Any]) -> dict[str, str]:
    return {session["user"]: session["state"] for session in result["sessions"]}


def told(client: LabClient) -> dict[str, list[str]]:
    return {session["user"]: session["told"] for session in client.dump(HOST)["sessions"].values()}


def refusal(client: LabClient, edit: dict[str, Any]) -> str:
    with pytest.raises(WerkplekError) as caught:
        client.edit(HOST, [edit])
    return str(caught.value)


def test_a_drain_from_its_beginning_to_its_end(client: LabClient, call: Call) -> None:
    status = call("windows_session_host")
    assert (status["changed"], status["draining"], status["healthy"]) == (False, False, True), status
    assert who(status) == {JANSEN: "active", VRIES: "disconnected"}
    drained = [call("windows_session_host", state="drained", message="Restart at ten") for _ in range(2)]
    assert [(result["changed"], result["draining"]) for result in drained] == [(True, True), (False, True)]
    assert told(client) == {JANSEN: ["Restart at ten"], VRIES: ["Restart at ten"]}
    assert "DORDRECHT\\new cannot sign in: this host takes no new sessions (TSServerDrainMode 2)" in refusal(
        client, person("DORDRECHT\\new", "active")
    )
    client.edit(HOST, [person(VRIES, "active")])
    assert who(call("windows_session_host")) == {JANSEN: "active", VRIES: "active"}
    accepting = call("windows_session_host", state="accepting")
    assert (accepting["changed"], accepting["draining"]) == (True, False)
    client.edit(HOST, [person("DORDRECHT\\new", "active")])


def test_check_mode_says_what_it_would_do_and_touches_nothing(client: LabClient, call: Call) -> None:
    before = client.dump(HOST)
    checked = call("windows_session_host", "--check", state="drained", message="Out", log_off=True)
    assert (checked["changed"], checked["draining"]) == (True, False)
    assert client.dump(HOST) == before


def test_sessions_are_ended_where_the_caller_says_so(client: LabClient, call: Call) -> None:
    refused = call("windows_session_host", log_off=True)
    assert refused["msg"] == "log_off ends sessions only with state drained; found state status"
    ended = [call("windows_session_host", state="drained", log_off=True) for _ in range(2)]
    assert [(result["changed"], result["sessions"]) for result in ended] == [(True, []), (False, [])]
    assert client.dump(HOST)["sessions"] == {}


def test_win_reboot_restarts_a_drained_host_that_stays_drained(client: LabClient, call: Call) -> None:
    client.edit(HOST, [{"kind": "image", "version": "2026.11.1"}, {"kind": "pending_restart", "because": "servicing"}])
    before = call("windows_session_host", state="drained")
    assert (before["reboot_required"], before["image_version"]) == (True, "2026.11.1")
    restarted = call("ansible.windows.win_reboot", reboot_timeout=120)
    assert (restarted["rc"], restarted["changed"], restarted["rebooted"]) == (0, True, True), restarted
    after = call("windows_session_host")
    assert (after["draining"], after["sessions"], after["reboot_because"]) == (True, [], [])
    assert after["boot_time"] > before["boot_time"]
