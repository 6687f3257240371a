"""What tests do to real Debian hosts, over SSH as an operator would."""

from __future__ import annotations

import os
import subprocess

import pytest

from werkplek.lab.linux.model import ACCOUNT, LinuxFiles, LinuxLab


def needs_long() -> None:
    """Skip a test that takes minutes, unless WERKPLEK_TEST_LONG asks for all: CI has half an hour on two cores."""
    if os.environ.get("WERKPLEK_TEST_LONG", "0") == "0":
        pytest.skip("takes minutes: WERKPLEK_TEST_LONG=1 runs it")


def ssh(lab: LinuxLab, host: str, script: str, *, check: bool = True) -> str:
    """Run a shell script as root on a host; its output."""
    files = LinuxFiles(lab.state)
    address = next(one.address for one in lab.hosts if one.name == host)
    options = [f"UserKnownHostsFile={files.known_hosts}", "StrictHostKeyChecking=yes", "IdentitiesOnly=yes"]
    command = ["ssh", "-q", "-i", str(files.key), *(part for one in options for part in ("-o", one))]
    result = subprocess.run(
        [*command, f"{ACCOUNT}@{address}", "sudo", "sh", "-s"],
        input=script,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if check and result.returncode:
        raise AssertionError(f"{script!r} on {host} ended with {result.returncode}: {result.stdout}{result.stderr}")
    return result.stdout.strip()


def signs_in(lab: LinuxLab, host: str, user: str, password: str) -> bool:
    """Whether a person gets a desktop on a session host: a new one, or the one that waits."""
    answer = ssh(lab, host, f"printf %s '{password}' | xrdp-sesrun -F 0 {user} 2>&1", check=False)
    return "ok display=" in answer


def signed_in(lab: LinuxLab, host: str) -> list[str]:
    """Who has a desktop on a session host."""
    script = "for id in $(loginctl list-sessions --no-legend | awk '{print $1}'); do"
    script += " loginctl show-session $id --property=Service --property=Name --property=State | paste -sd' '; done"
    lines = [line.split() for line in ssh(lab, host, script).splitlines()]
    found = [dict(field.partition("=")[::2] for field in line) for line in lines]
    alive = [one for one in found if one.get("Service") == "xrdp-sesman" and one.get("State") != "closing"]
    return sorted(one["Name"] for one in alive)
