"""The lab's Windows host, compiled as the lab contract says: the module's C# with lab/windows, run by mono."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[3]
CLASS = "Ansible.WorkplacePolicy.Policy"


def shipped(name: str) -> Path:
    return Path(str(files("ansible.module_utils.csharp"))) / name


def engine() -> list[Path]:
    """All C# of this repository that Ansible sends to hosts, and what it needs of ansible-core's own."""
    return [shipped("Ansible.Basic.cs"), shipped("Ansible.Privilege.cs"), *sorted(ROOT.glob("module_utils/*.cs"))]


def mcs(output: Path, sources: Sequence[Path], *options: str) -> str:
    references = ["-r:System.Web.Extensions", "-r:System.Core", "-r:System"]
    command = ["mcs", "-langversion:5", "-define:WINDOWS", f"-out:{output}", *references, *options, *map(str, sources)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


class LabHost:
    """One host: a folder and the commands of lab.exe on it."""

    def __init__(self, exe: Path, folder: Path, platform: str = "windows-11") -> None:
        self.exe, self.folder, self.state = exe, folder, folder / "state"
        self.seed = ROOT / f"lab/windows/{platform}.json"
        self.state.mkdir()
        self.dump()  # fills the fresh folder

    def lab(self, *args: str) -> subprocess.CompletedProcess[str]:
        env = os.environ | {
            "WERKPLEK_LAB_STATE": str(self.state),
            "WERKPLEK_LAB_SEED": str(self.seed),
            "WERKPLEK_LAB_ARGS": str(self.folder / "args.json"),
            "MONO_REGISTRY_PATH": str(self.state / "registry"),
            "HOME": str(self.state),
            "LC_ALL": "C",
        }
        return subprocess.run(
            ["mono", str(self.exe), *args], capture_output=True, check=False, env=env, encoding="utf-8"
        )

    def call(self, policy: str, *, check: bool = False, reclaim: bool = False) -> dict[str, Any]:
        """Run windows_policy on a policy text."""
        return self.module(CLASS, {"policy": policy, "reclaim": reclaim}, check=check)

    def module(self, entry: str, options: dict[str, Any], *, check: bool = False) -> dict[str, Any]:
        """Run a module by its class."""
        args = {**options, "_ansible_check_mode": check, "_ansible_diff": True}
        (self.folder / "args.json").write_text(json.dumps(args))
        done = self.lab("run", entry)
        assert done.stderr == ""
        answer: dict[str, Any] = json.loads(done.stdout)
        assert done.returncode == int(answer.get("failed", False))
        return answer

    def run(self, settings: list[dict[str, Any]], *, check: bool = False, reclaim: bool = False) -> Answer:
        answer = self.call(json.dumps({"schema": 1, "settings": settings}), check=check, reclaim=reclaim)
        assert "msg" not in answer, answer["msg"]
        return Answer(answer["changed"], {r["id"]: r for r in json.loads(answer["settings"])}, answer["diff"])

    def edit(self, *edits: dict[str, Any]) -> None:
        (self.folder / "edits.json").write_text(json.dumps(edits))
        done = self.lab("edit", str(self.folder / "edits.json"))
        assert done.returncode == 0, done.stderr

    def dump(self) -> dict[str, Any]:
        done = self.lab("dump")
        assert done.returncode == 0, done.stderr
        result: dict[str, Any] = json.loads(done.stdout)
        return result

    def on_disk(self) -> dict[str, str]:
        """A digest of every file of the host, but for mono's note of when its registry was last opened."""
        found = (p for p in self.state.rglob("*") if p.is_file() and p.name != "last-btime")
        return {str(p.relative_to(self.state)): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}


class Answer:
    """What the module said."""

    def __init__(self, changed: bool, results: dict[str, dict[str, Any]], diff: dict[str, str]) -> None:
        self.changed, self.results, self.diff = changed, results, diff

    def of(self, setting: str) -> tuple[str, str, str]:
        result = self.results[setting]
        return result["status"], result["before"], result["after"]

    @property
    def statuses(self) -> set[str]:
        return {r["status"] for r in self.results.values()}
