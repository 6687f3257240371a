"""The demo as a user runs it: its last line, its report, and that it leaves nothing running."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from werkplek import processes
from werkplek.lab.status import MARK

COMMAND = [str(Path(sys.executable).with_name("werkplek")), "demo", "--json"]


def environment(state: Path) -> dict[str, str]:
    return {**os.environ, "WERKPLEK_STATE": str(state), "NO_COLOR": "1"}


def left_over(state: Path) -> list[str]:
    """Command lines of processes that know the state folder, by their environment or their arguments."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int(entry.name) != os.getpid():
            try:
                words = (entry / "environ").read_bytes() + (entry / "cmdline").read_bytes()
            except OSError:
                continue
            if str(state).encode() in words:
                found.append((entry / "cmdline").read_text().replace("\0", " "))
    return found


def test_the_demo_tells_the_whole_story(tmp_path):
    state = tmp_path / "state"
    result = subprocess.run(COMMAND, env=environment(state), capture_output=True, text=True, timeout=600, check=False)
    assert result.returncode == 0, result.stderr
    told = json.loads(result.stdout.splitlines()[-1])
    report = Path(told.pop("report"))
    assert told["first_run"]["changed"] > 1000
    assert told["settings"] > 500
    assert told == {
        "hosts": 32,
        "municipalities": 6,
        "settings": told["settings"],
        "first_run": {"changed": told["first_run"]["changed"], "failed": 0},
        "second_run": {"changed": 0},
        "drift": {"found": 9, "repaired": 9},
    }
    assert report.read_text().startswith("<!doctype html>")
    assert "Drift run: compare only, change nothing" in result.stderr
    assert left_over(state) == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_demo_leaves_nothing_running(tmp_path, number):
    state = tmp_path / "state"
    demo = subprocess.Popen(
        COMMAND, env=environment(state), stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True
    )
    assert demo.stderr is not None
    for line in demo.stderr:
        if "First run" in line:
            break
    deadline = time.monotonic() + 60
    while not any("ansible-playbook" in words for words in left_over(state)):
        assert time.monotonic() < deadline, "ansible-playbook never began"
        time.sleep(0.1)
    demo.send_signal(number)
    time.sleep(0.05)
    demo.send_signal(number)  # an impatient second one must not cut the tidying up short
    demo.stderr.read()
    assert demo.wait(60) == 130
    assert left_over(state) == []
    assert processes.marked(MARK, str(state / "demo" / "lab")) == []
