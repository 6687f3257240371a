"""windows_session_host on the lab's host, from module arguments to files, and the lab's people and restarts."""

from __future__ import annotations

import re
from typing import Any

import pytest
from windows_lab import LabHost

CLASS = "Ansible.WorkplaceSessions.SessionHost"
TERMINAL = r"HKLM:\SYSTEM\CurrentControlSet\Control\Terminal Server"
WINLOGON = r"HKLM:\SOFTWARE\Microsoft\Windows NT\CurrentVersion\Winlogon"
JANSEN, VRIES = "PAPENDRECHT\\jjansen", "DORDRECHT\\pdevries"
FACTORY_BOOT = "2026-01-12T05:30:00Z"


def person(user: str, state: str, **more: Any) -> dict[str, Any]:
    return {"kind": "session", "user": user, "state": state, **more}


def value(path: str, name: str, type_: str, data: Any) -> dict[str, Any]:
    return {"kind": "registry", "path": path, "name": name, "type": type_, "data": data}


def service(name: str, status: str) -> dict[str, Any]:
    return {"kind": "service", "name": name, "start": "manual", "status": status}


@pytest.fixture
def vdi(host: LabHost) -> LabHost:
    """A session host with one person at work and one who had to break off."""
    host.edit(
        value(TERMINAL, "fDenyTSConnections", "dword", 0),
        *(service(name, "running") for name in ("TermService", "SessionEnv", "UmRdpService")),
        person(JANSEN, "active"),
        person(VRIES, "disconnected", idle=90),
    )
    return host


def refusal(host: LabHost, edit: dict[str, Any]) -> str:
    """Why the lab refuses an edit: the first line of what it says."""
    with pytest.raises(AssertionError) as caught:
        host.edit(edit)
    return re.search(r"lab: System\.(?:Invalid\w+|Argument)Exception: (.*)", str(caught.value))[1]


def who(answer: dict[str, Any]) -> list[tuple[int, str, str]]:
    return [(session["id"], session["user"], session["state"]) for session in answer["sessions"]]


def test_the_status_of_a_session_host(vdi: LabHost) -> None:
    before = vdi.on_disk()
    answer = vdi.module(CLASS, {})
    assert vdi.on_disk() == before
    del answer["invocation"]
    assert answer == {
        "changed": False,
        "draining": False,
        "sessions": [
            {"id": 2, "user": JANSEN, "state": "active", "idle_seconds": 0},
            {"id": 3, "user": VRIES, "state": "disconnected", "idle_seconds": 90},
        ],
        "image_version": None,
        "reboot_required": False,
        "reboot_because": [],
        "boot_time": FACTORY_BOOT,
        "healthy": True,
        "health": [
            {"check": "service TermService", "ok": True, "found": "running"},
            {"check": "service SessionEnv", "ok": True, "found": "running"},
            {"check": "service UmRdpService", "ok": True, "found": "running"},
            {"check": "remote sessions", "ok": True, "found": "allowed"},
            {"check": "RDP listener", "ok": True, "found": "port 3389: answers"},
        ],
        "diff": {"before": "", "after": ""},
    }


def test_a_fresh_workplace_is_no_session_host(host: LabHost) -> None:
    answer = host.module(CLASS, {"state": "status"})
    assert (answer["healthy"], answer["sessions"]) == (False, [])
    assert [row["found"] for row in answer["health"] if not row["ok"]] == [
        "stopped",
        "denied: fDenyTSConnections is 1",
        "port 3389: Connection refused",
    ]


def test_draining_says_what_it_did_and_is_seen_by_who_is_new_and_who_comes_back(vdi: LabHost) -> None:
    drained = vdi.module(CLASS, {"state": "drained", "message": "Tien uur"})
    assert (drained["changed"], drained["draining"], drained["healthy"]) == (True, True, True)
    assert drained["diff"]["after"] == (f"drain mode 0 to 2\ntell session 2 ({JANSEN})\ntell session 3 ({VRIES})\n")
    assert [session["told"] for session in vdi.dump()["sessions"].values()] == [["Tien uur"], ["Tien uur"]]
    assert refusal(vdi, person("PAPENDRECHT\\nieuw", "active")) == (
        "PAPENDRECHT\\nieuw cannot sign in: this host takes no new sessions (TSServerDrainMode 2)"
    )
    vdi.edit(person(VRIES.upper(), "active"), person(JANSEN, "disconnected"), person(JANSEN, "gone"))
    assert who(vdi.module(CLASS, {})) == [(3, VRIES.upper(), "active")]
    assert vdi.module(CLASS, {"state": "accepting"})["changed"] is True
    vdi.edit(person("PAPENDRECHT\\nieuw", "active"))
    assert who(vdi.module(CLASS, {}))[-1] == (4, "PAPENDRECHT\\nieuw", "active")


def test_a_drain_that_does_not_stick_fails(vdi: LabHost) -> None:
    vdi.edit({"kind": "faults", "write_ignored": [f"{TERMINAL}\\TSServerDrainMode"]})
    answer = vdi.module(CLASS, {"state": "drained"})
    assert answer["msg"] == f"{TERMINAL}\\TSServerDrainMode is still 0 after 2 was written"
    assert (answer["failed"], answer["changed"]) == (True, True)


@pytest.mark.parametrize(
    ("fault", "state", "text"),
    [
        ({"read_denied": ["session list"]}, "status", "Access is denied."),
        ({"write_denied": ["session 3"]}, "drained", "Access is denied."),
        (
            {"write_ignored": ["session 3"]},
            "drained",
            f"session 3 ({VRIES}) had not logged off after 180 seconds",
        ),
    ],
)
def test_what_windows_refuses_fails(vdi: LabHost, fault: dict[str, list[str]], state: str, text: str) -> None:
    vdi.edit({"kind": "faults", **fault})
    answer = vdi.module(CLASS, {"state": state, "log_off": state == "drained"})
    assert (answer["failed"], answer["msg"]) == (True, text)


def test_log_off_needs_a_drained_host(vdi: LabHost) -> None:
    before = vdi.on_disk()
    answer = vdi.module(CLASS, {"state": "accepting", "log_off": True})
    assert answer["msg"] == "log_off ends sessions only with state drained; found state accepting"
    assert vdi.on_disk() == before


def test_a_restart_finishes_what_waits_for_it_and_signs_everyone_out(vdi: LabHost) -> None:
    vdi.module(CLASS, {"state": "drained"})
    reasons = ("servicing", "windows_update", "file_rename", "computer_rename")
    vdi.edit(*({"kind": "pending_restart", "because": because} for because in reasons))
    vdi.edit({"kind": "image", "version": "2026.11.1"})
    before = vdi.module(CLASS, {})
    assert (before["reboot_required"], before["reboot_because"]) == (
        True,
        [
            "Windows has features or updates to finish (Component Based Servicing, RebootPending)",
            "Windows Update asks for it (RebootRequired)",
            "files wait to be replaced or removed (PendingFileRenameOperations)",
            "the computer is to be renamed from WIN-OLD to WIN-NEW",
        ],
    )
    vdi.edit({"kind": "restart"})
    after = vdi.module(CLASS, {})
    assert (after["reboot_required"], after["sessions"], after["draining"]) == (False, [], True)
    assert after["boot_time"] > FACTORY_BOOT
    assert after["image_version"] == "2026.11.1"
    assert vdi.dump()["booted"] == after["boot_time"]


def test_a_drain_until_the_restart_ends_with_it(vdi: LabHost) -> None:
    vdi.edit(value(TERMINAL, "TSServerDrainMode", "dword", 1))
    assert vdi.module(CLASS, {})["draining"] is True
    vdi.edit({"kind": "restart"})
    assert vdi.module(CLASS, {})["draining"] is False


@pytest.mark.parametrize(
    ("edit", "text"),
    [
        (value(TERMINAL, "fDenyTSConnections", "dword", 1), "no RDP listener (TermService, fDenyTSConnections)"),
        (service("TermService", "stopped"), "no RDP listener (TermService, fDenyTSConnections)"),
        (value(WINLOGON, "WinStationsDisabled", "string", "1"), "logons are disabled (WinStationsDisabled)"),
    ],
)
def test_a_host_that_denies_sessions_refuses_also_who_comes_back(vdi: LabHost, edit: dict[str, Any], text: str) -> None:
    vdi.edit(edit)
    assert refusal(vdi, person(VRIES, "active")) == f"{VRIES} cannot come back: {text}"
    assert refusal(vdi, person("A\\b", "active")) == f"A\\b cannot sign in: {text}"
    assert vdi.module(CLASS, {})["healthy"] is False
    vdi.edit(person(JANSEN, "disconnected"))


def test_edits_that_make_no_sense_are_refused(vdi: LabHost) -> None:
    before = vdi.dump()
    edits = {
        "A\\b has no session here": person("A\\b", "gone"),
        r"user: found 'b'; expected DOMAIN\name": person("b", "active"),
        "state: found 'away'; expected one of active, disconnected, gone": person("A\\b", "away"),
        "idle: found -1; expected a whole number, 0 to 2147483647": person("A\\b", "active", idle=-1),
        "version: found nothing; expected a version": {"kind": "image"},
        "because: found 'fun'; expected one of servicing, windows_update, file_rename, computer_rename": {
            "kind": "pending_restart",
            "because": "fun",
        },
    }
    assert [refusal(vdi, edit).endswith(text) for text, edit in edits.items()] == [True] * len(edits)
    assert vdi.dump() == before
