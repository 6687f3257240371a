"""Runs a vendor's own modules on a switch of the lab, in one run of ansible-playbook, and gives their results."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import yaml

from werkplek.files import ROOT
from werkplek.lab.switches.status import NetworkLab

# After each answer network_cli waits for more, 0.2 s by default; on loopback nothing comes late.
QUICKLY = {"ansible_buffer_read_timeout": 0.02}
LOCALLY = {"ansible_connection": "local", "ansible_become": False, "ansible_python_interpreter": sys.executable}


def results(lab: NetworkLab, switch: str, folder: Path, tasks: list[dict[str, Any]]) -> list[Any]:
    """What each task came to, as its module returned it. A task that fails ends the run unless it ignores errors."""
    out = folder / "results.json"
    named = [{**task, "register": f"result_{place}"} for place, task in enumerate(tasks)]
    told = {
        "ansible.builtin.copy": {
            "content": f"{{{{ [{', '.join(task['register'] for task in named)}] | to_json }}}}",
            "dest": str(out),
            "mode": "0600",
        },
        "delegate_to": "localhost",
        "vars": LOCALLY,
    }
    play = {"hosts": switch, "gather_facts": False, "vars": QUICKLY, "tasks": [*named, told]}
    book = folder / "play.yml"
    book.write_text(yaml.safe_dump([play]))
    run = subprocess.run(
        [str(Path(sys.executable).with_name("ansible-playbook")), str(book), "-i", str(lab.registry)],
        cwd=ROOT,
        env={
            **os.environ,
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_NOCOLOR": "1",
            "WERKPLEK_STATE": str(folder / "state"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert out.exists(), run.stdout + run.stderr
    found: list[Any] = json.loads(out.read_text())
    return found
