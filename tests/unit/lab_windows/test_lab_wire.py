"""The endpoint as pywinrm, the client library of Ansible's winrm connection, sees it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import requests
from lab_wire import PING, POWERSHELL, connect, run, stdin
from winrm.exceptions import InvalidCredentialsError, WinRMOperationTimeoutError, WSManFaultError
from winrm.protocol import Protocol

from werkplek.lab.client import LabClient
from werkplek.lab.status import LabStatus
from werkplek.lab.windows_faults import Fault


@pytest.fixture
def client(lab: LabStatus) -> Iterator[LabClient]:
    with LabClient(lab.state) as control:
        yield control
        control.clear_faults()


@pytest.fixture
def windows(lab: LabStatus, client: LabClient) -> Protocol:
    return connect(lab)


def test_a_module_in_two_sends(windows: Protocol, client: LabClient) -> None:
    before: dict[str, Any] = client.stats()
    assert run(windows, PING) == (
        b'{"changed": false, "ping": "pong", "invocation": {"module_args": {}}}\r\n',
        b"",
        0,
    )
    after = client.stats()
    assert after["connections"] - before["connections"] == 1
    assert after["modules"] == {"ansible.windows.win_ping": before["modules"].get("ansible.windows.win_ping", 0) + 1}
    used = {name: after["operations"][name] - before["operations"].get(name, 0) for name in after["operations"]}
    assert used == {"Create": 1, "Command": 1, "Send": 2, "Receive": 1, "Signal": 1, "Delete": 1}


@pytest.mark.parametrize(
    ("data", "line", "stderr"),
    [
        (b"", POWERSHELL, b"the lab runs modules only, no raw commands\r\n"),
        (PING, "cmd /c ver", b"the lab runs modules only, no raw commands\r\n"),
        (b"whoami", POWERSHELL, b"the lab does not know this command: its input is not Ansible's manifest\r\n"),
    ],
)
def test_raw_commands_fail(windows: Protocol, data: bytes, line: str, stderr: bytes) -> None:
    assert run(windows, data, line) == (b"", stderr, 1)


def test_a_module_with_powershell_of_its_own_fails(windows: Protocol) -> None:
    stdout, _, code = run(windows, stdin("$x = 1", name="ansible.legacy.other.ps1"))
    assert (
        stdout == b'{"changed": false, "failed": true, "msg": "the lab does not know module ansible.legacy.other"}\r\n'
    )
    assert code == 1


def test_a_console_command_does_not_wait_for_input(windows: Protocol) -> None:
    shell = windows.open_shell()
    command = windows.run_command(shell, POWERSHELL)
    assert windows.get_command_output(shell, command)[1:] == (b"the lab runs modules only, no raw commands\r\n", 1)
    with pytest.raises(WSManFaultError, match=r"^The pipe has been ended: the command takes no more input\."):
        windows.send_command_input(shell, command, b"late", end=True)
    windows.close_shell(shell)


def test_receive_before_the_input_is_complete_times_out_as_windows_does(windows: Protocol) -> None:
    shell = windows.open_shell()
    command = windows.run_command(shell, POWERSHELL, console_mode_stdin=False)
    with pytest.raises(WinRMOperationTimeoutError):
        windows.get_command_output_raw(shell, command)
    windows.send_command_input(shell, command, PING, end=True)
    assert windows.get_command_output(shell, command)[2] == 0
    windows.close_shell(shell)


def test_a_slow_module_outlasts_the_operation_timeout(windows: Protocol, client: LabClient) -> None:
    client.set_fault("PAP-WS-001", Fault("slow", seconds=1.5, times=1))
    before = client.stats()["operations"]["Receive"]
    assert run(windows, PING)[2] == 0
    assert client.stats()["operations"]["Receive"] - before == 2


def test_an_ended_shell_and_unknown_ids_are_faults(windows: Protocol) -> None:
    shell = windows.open_shell()
    with pytest.raises(WSManFaultError) as unknown:
        windows.get_command_output_raw(shell, "NO-SUCH")
    assert unknown.value.reason == "The parameter is incorrect: the CommandId NO-SUCH is not valid."
    windows.close_shell(shell)
    with pytest.raises(WSManFaultError) as ended:
        windows.run_command(shell, POWERSHELL)
    assert ended.value.reason == f"The shell was not found on the server: the ShellId {shell} is not valid."
    assert (ended.value.wsman_fault_code, ended.value.fault_subcode) == (2150858843, "w:InvalidSelectors")


def test_a_shell_belongs_to_its_host(lab: LabStatus, windows: Protocol) -> None:
    shell = windows.open_shell()
    with pytest.raises(WSManFaultError, match="The shell was not found on the server"):
        connect(lab, "PAP-WS-002").run_command(shell, POWERSHELL)
    windows.close_shell(shell)


def test_a_wrong_password_is_refused(lab: LabStatus, client: LabClient) -> None:
    with pytest.raises(InvalidCredentialsError):
        connect(lab, password="wrong").open_shell()


def test_other_paths_and_methods_do_not_exist(lab: LabStatus) -> None:
    with httpx.Client(base_url=f"http://127.0.91.1:{lab.winrm_port}", trust_env=False) as http:
        assert http.get("/wsman").status_code == 405
        assert http.post("/").status_code == 404
        answer = http.post("/wsman", content=b"")
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Basic realm="WSMAN"')


def test_down_drops_the_connection_of_one_host_only(lab: LabStatus, windows: Protocol, client: LabClient) -> None:
    client.set_fault("PAP-WS-001", Fault("down", times=1))
    with pytest.raises(requests.exceptions.ConnectionError):
        windows.open_shell()
    assert run(connect(lab, "PAP-WS-002"), PING)[2] == 0
    assert run(windows, PING)[2] == 0


def test_cut_at_the_third_request(windows: Protocol, client: LabClient) -> None:
    client.set_fault("PAP-WS-001", Fault("cut", nth=3, times=1))
    shell = windows.open_shell()
    command = windows.run_command(shell, POWERSHELL, console_mode_stdin=False)
    with pytest.raises(requests.exceptions.ConnectionError):
        windows.send_command_input(shell, command, PING, end=True)
    windows.close_shell(shell)


def test_cut_after_the_module_ran(windows: Protocol, client: LabClient) -> None:
    client.set_fault("PAP-WS-001", Fault("cut", times=1))
    before = client.stats()["modules"].get("ansible.windows.win_ping", 0)
    with pytest.raises(requests.exceptions.ConnectionError):
        run(windows, PING)
    assert client.stats()["modules"]["ansible.windows.win_ping"] == before + 1


def test_a_full_disk_and_a_pending_reboot(windows: Protocol, client: LabClient) -> None:
    client.set_fault("PAP-WS-001", Fault("disk_full", times=1))
    stdout, _, code = run(windows, PING)
    assert (code, b'"msg": "There is not enough space on the disk."' in stdout) == (1, True)
    client.set_fault("PAP-WS-001", Fault("reboot_pending"))
    facts = stdin("", name="ansible_collections.ansible.windows.plugins.modules.setup.ps1", csharp={})
    assert b'"ansible_reboot_pending": true' in run(windows, facts)[0]
