"""The molecule scenarios: check, apply, second run changes nothing, drift, found and mended, on real Debian hosts."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from debian_hosts import needs_long

from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.lab.linux import control

SEQUENCE = ("syntax", "create", "prepare", "check", "converge", "idempotence", "side_effect", "verify", "destroy")

# In podman the same Debian gets the same role: tested is that it comes up, answers and is understood.
SHORT = ("syntax", "create", "prepare", "check", "destroy")
LONG = ("directory_member",)


@pytest.mark.parametrize(
    ("scenario", "backend"),
    [("workstation", "nspawn"), ("vdi_host", "nspawn"), ("directory_member", "nspawn"), ("podman", "podman")],
)
def test_the_ritual_of_a_role(scenario, backend, tmp_path):
    if scenario in LONG:
        needs_long()
    try:
        control.choose(backend)
    except WerkplekError as error:
        pytest.skip(str(error))
    bin_folder = Path(sys.executable).parent
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("ANSIBLE_", "NETBOX_"))}
    own = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "NO_COLOR": "1", "COLUMNS": "200"}
    own["MOLECULE_EPHEMERAL_DIRECTORY"] = str(tmp_path / "molecule")
    result = subprocess.run(
        [bin_folder / "molecule", "test", "--scenario-name", scenario],
        cwd=ROOT,
        env={**environment, **own},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=900,
        check=False,
    )
    assert result.returncode == 0, result.stdout[-20_000:]
    sequence = SHORT if scenario == "podman" else SEQUENCE
    plain = re.sub(r"\x1b\[[0-9;]*m", "", result.stdout)
    done = [step for step in sequence if re.search(rf"{scenario} [➜>] {step}[\]:]+ Executed: Successful", plain)]
    assert tuple(done) == sequence, result.stdout[-20_000:]
