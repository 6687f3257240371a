from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from werkplek.lab.windows import Host
from werkplek.lab.windows_modules import SIMULATED, ModuleFailure, win_ping, win_regedit


@pytest.fixture
def host(tmp_path: Path) -> Host:
    return Host("PAP-WS-001", "127.0.91.1", tmp_path)


def regedit(host: Host, *, check: bool = False, **options: Any) -> dict[str, Any]:
    return win_regedit(host, {"path": r"HKLM:\SOFTWARE\X", "name": "V", **options}, check)


def test_only_three_modules_are_simulated() -> None:
    assert {name.rpartition(".")[2] for name in SIMULATED} == {"win_ping", "setup", "win_regedit"}


def test_win_ping_crashes_on_request(host: Host) -> None:
    assert win_ping(host, {"data": "hello"}, False) == {"changed": False, "ping": "hello"}
    with pytest.raises(ModuleFailure, match=r"^Unhandled exception while executing module: boom$"):
        win_ping(host, {"data": "crash"}, False)


def test_win_regedit_changes_once_and_not_in_check_mode(host: Host) -> None:
    assert [regedit(host, data=5, type="dword", check=check)["changed"] for check in (True, True, False, False)] == [
        True,
        True,
        True,
        False,
    ]
    assert regedit(host, data=6, type="dword") == {"changed": True, "data_changed": True, "data_type_changed": False}
    assert regedit(host, data="6") == {"changed": True, "data_changed": True, "data_type_changed": True}
    assert regedit(host, state="absent")["changed"] is True
    assert regedit(host, state="absent")["changed"] is False


def test_numbers_are_compared_as_numbers(host: Host) -> None:
    regedit(host, data=-1, type="dword")
    assert regedit(host, data="0xffffffff", type="dword")["changed"] is False


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"path": "X:\\Y"}, r"path: X:\Y is not a valid powershell path, see module documentation for examples."),
        ({"name": None}, "the lab simulates win_regedit only for named values of a known type"),
        ({"data": 1 << 32, "type": "dword"}, "data cannot be larger than 0xffffffff when type is dword"),
        ({"data": "x", "type": "qword"}, "data 'x' is not a number, which type qword needs"),
    ],
)
def test_win_regedit_refuses(host: Host, options: dict[str, Any], text: str) -> None:
    with pytest.raises(ModuleFailure) as caught:
        regedit(host, **options)
    assert str(caught.value) == text
