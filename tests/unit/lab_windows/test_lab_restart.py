"""What win_reboot sends, answered by the endpoint as pywinrm sees it, and the restart that comes of it."""

from __future__ import annotations

import asyncio
import base64
import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests
from lab_wire import PING, connect, run
from winrm.protocol import Protocol

from werkplek.lab import control, windows_restart
from werkplek.lab.client import LabClient
from werkplek.lab.status import LabStatus
from werkplek.lab.windows import Host, Outcome, stop_restart
from werkplek.lab.windows_restart import ABORT, BOOT_TIME, LINE, LOGON_KEY, SHUTDOWN, TAIL, TEST, Restarts, script_of
from werkplek.lab.windows_software_options import module_file

WORD = "success-0b1c2d3e-0000-4000-8000-1234567890ab"
FACTORY = 134126694000000000  # 2026-01-12T05:30:00Z
REFUSED = (b"", b"the lab runs modules only, no raw commands\r\n", 1)


def restart(delay: int, text: str = "'Reboot initiated by Ansible'") -> str:
    return SHUTDOWN % ("True", LOGON_KEY, delay, text)


def line(script: str) -> str:
    return LINE + base64.b64encode((script + TAIL).encode("utf-16-le")).decode()


def asked(windows: Protocol, script: str) -> tuple[bytes, bytes, int]:
    """What the host answers to a script, sent as win_reboot does."""
    return raw(windows, line(script))


def raw(windows: Protocol, command_line: str) -> tuple[bytes, bytes, int]:
    shell = windows.open_shell()
    result: tuple[bytes, bytes, int] = windows.get_command_output(shell, windows.run_command(shell, command_line))
    windows.close_shell(shell)
    return result


@pytest.fixture
def client(lab: LabStatus) -> Iterator[LabClient]:
    with LabClient(lab.state) as found:
        yield found
        found.reset("PAP-WS-001")


@pytest.fixture
def windows(lab: LabStatus, client: LabClient) -> Protocol:
    return connect(lab)


def test_the_texts_are_those_of_the_real_win_reboot() -> None:
    source = (module_file("ansible.windows.win_reboot", "py").parents[1] / "plugin_utils/_reboot.py").read_text()
    first, second = BOOT_TIME.split(")", 1)
    assert f'"{first})"\n    "{second}"' in source
    assert f'r"{LOGON_KEY}"' in source
    assert (
        f'r"""{SHUTDOWN}""" % (\n        str(not test_command),\n        _LOGON_UI_KEY,\n        int(pre_reboot_delay),'
        in source
    )
    assert f'f"{TEST % ("{_LOGON_UI_KEY}", "{expected_test_result}")}"' in source
    assert 'f"success-{uuid.uuid4()}"' in source
    assert f'r"{ABORT}"' in source
    assert f'command + "{TAIL}"' in source
    assert f'f"{LINE}{{encoded_command}}"' in source


def test_a_restart_from_its_command_to_the_sign_in_screen(windows: Protocol, client: LabClient) -> None:
    assert asked(windows, BOOT_TIME) == (f"{FACTORY}\r\n".encode(), b"", 0)
    assert asked(windows, TEST % (LOGON_KEY, WORD)) == (f"{WORD}\r\n".encode(), b"", 0)
    client.edit("PAP-WS-001", [{"kind": "pending_restart", "because": "servicing"}])
    pending = r"HKLM:\software\microsoft\windows\currentversion\component based servicing\rebootpending"
    assert pending in client.dump("PAP-WS-001")["registry"]
    shell = windows.open_shell()
    stdout, _, code = asked(windows, restart(1, "'It''s time'"))
    assert (json.loads(stdout), code) == ({"stderr": "", "rc": 0, "stdout": ""}, 0)
    down, boot_time = awaited(windows)
    assert down > 0
    assert boot_time > FACTORY
    missing = f"Get-Item : Cannot find path '{LOGON_KEY}' because it does not exist.\r\n".encode()
    seen = [asked(windows, TEST % (LOGON_KEY, WORD))]
    while seen[-1][2]:
        time.sleep(0.05)
        seen.append(asked(windows, TEST % (LOGON_KEY, WORD)))
    assert set(seen[:-1]) <= {(b"", missing, 1)}
    with pytest.raises(Exception, match="The shell was not found on the server"):
        windows.run_command(shell, line(BOOT_TIME))
    assert pending not in client.dump("PAP-WS-001")["registry"]


def awaited(windows: Protocol) -> tuple[int, int]:
    """How often the host did not answer, and when it started, once that is another time than before."""
    down, boot_time = 0, FACTORY
    while boot_time == FACTORY:
        try:
            boot_time = int(asked(windows, BOOT_TIME)[0])
        except requests.exceptions.ConnectionError:
            down += 1
            time.sleep(0.05)
    return down, boot_time


def test_a_second_restart_waits_for_the_first_to_be_called_off(windows: Protocol) -> None:
    asked(windows, restart(600))
    scheduled = "A system shutdown has already been scheduled.(1190)"
    assert json.loads(asked(windows, restart(600))[0]) == {"stderr": scheduled, "rc": 1190, "stdout": ""}
    assert asked(windows, ABORT) == (b"\r\n", b"", 0)
    none = b"Unable to abort the system shutdown because no shutdown was in progress.(1116)\r\n"
    assert asked(windows, ABORT) == (b"", none, 1116)


def test_what_is_not_win_reboots_own_is_refused(windows: Protocol) -> None:
    others = [
        line("(Get-Date).ToFileTime()"),
        line(SHUTDOWN % ("False", LOGON_KEY, 2, "'x'")),
        line(SHUTDOWN % ("True", LOGON_KEY, 2, "'x'; Remove-Item C:\\ '")),
        line(SHUTDOWN.replace("/r", "/s") % ("True", LOGON_KEY, 2, "'x'")),
        line(TEST % (LOGON_KEY, "success-'; Remove-Item C:\\")),
        line(f"{BOOT_TIME} "),
        line(BOOT_TIME).lower(),
        f"{LINE}AAA",
    ]
    assert [raw(windows, other) for other in others] == [REFUSED] * len(others)


def test_a_script_needs_its_end() -> None:
    assert script_of(line(BOOT_TIME)) == BOOT_TIME
    assert script_of(LINE + base64.b64encode(BOOT_TIME.encode("utf-16-le")).decode()) is None
    assert script_of(LINE + base64.b64encode(b"\x00\xd8").decode()) is None


def test_a_reset_calls_a_restart_off(windows: Protocol, client: LabClient) -> None:
    asked(windows, restart(1))
    client.reset("PAP-WS-001")
    assert run(windows, PING)[2] == 0
    assert asked(windows, ABORT)[2] == 1116


def test_a_lab_goes_down_with_a_restart_under_way(tmp_path: Path, estate: Path) -> None:
    lab = control.up(tmp_path, estate=estate)
    asked(connect(lab), restart(600))
    assert control.down(tmp_path) is True


def test_a_host_whose_restart_fails_stays_away_until_it_is_reset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(windows_restart, "OFF_SECONDS", 0)
    host = Host("PAP-WS-001", "127.0.91.1", tmp_path)

    async def booted(_host: Host) -> datetime:
        return datetime(2026, 1, 12, 5, 30, tzinfo=UTC)

    async def finish(_host: Host) -> None:
        raise windows_restart.WerkplekError("no disk")

    async def play() -> Outcome | None:
        restarts = Restarts(booted, finish)
        answer = await restarts.run(host, restart(0))
        assert host.power.restart is not None
        await host.power.restart
        assert host.power.off
        await stop_restart(host)
        assert not host.power.off
        return answer

    assert asyncio.run(play()) == Outcome(b'{"stderr": "", "rc": 0, "stdout": ""}\r\n')
