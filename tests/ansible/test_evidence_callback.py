"""The callback in real playbook runs, with an enforce_policy that answers as its contract says."""

from __future__ import annotations

import json
import os
import sqlite3
import stat
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from werkplek.evidence.ledger import open_ledger
from werkplek.evidence.summary import RunSummary, latest_runs, run_summary
from werkplek.files import ROOT

FAKE_ACTION = """
import json

from ansible.errors import AnsibleConnectionFailure
from ansible.plugins.action import ActionBase


class ActionModule(ActionBase):
    def run(self, tmp=None, task_vars=None):
        result = super().run(tmp, task_vars)
        told = task_vars["told"]
        if told == "silent":
            raise AnsibleConnectionFailure("no route to host\\nand a long story")
        check = self._task.check_mode
        status = {"drift": "noncompliant" if check else "changed"}.get(told, told)
        row = {"id": "lock", "status": status, "before": "a", "after": "b", "source": "f.yml:3", "targets": ["s3cret"]}
        same = {"id": "same", "status": "compliant", "before": "c", "after": "c", "source": "f.yml:9"}
        context = {
            "schema": 1, "municipality": task_vars["municipality"], "workplace_class": "workstation", "ring": "pilot",
            "policy_digest": "d" * 64, "check_mode": check, "object_url": task_vars["registry"]["url"],
        }
        result.update(
            changed=status in ("changed", "noncompliant"), failed=status == "failed", msg="1 setting failed",
            werkplek=context, counts={}, settings=[row], evidence=json.dumps([row, same]), password="s3cret",
        )
        return result
"""

INVENTORY = {
    "workstation": {
        "hosts": {
            "pap-1": {"told": "drift", "municipality": "papendrecht"},
            "pap-2": {"told": "failed", "municipality": "papendrecht"},
            "sli-1": {"told": "compliant", "municipality": "sliedrecht"},
            "sli-2": {"told": "silent", "municipality": "sliedrecht"},
        },
        "vars": {
            "ansible_connection": "local",
            "ansible_python_interpreter": sys.executable,
            "workplace_class": "workstation",
            "registry": {"url": "https://netbox.example/5/", "ring": "pilot"},
        },
    }
}

PLAYBOOK = """
- hosts: workstation
  gather_facts: false
  tasks:
    - enforce_policy:
"""

Play = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def play(tmp_path: Path) -> Play:
    """Run a playbook in a folder of its own."""
    (tmp_path / "action_plugins").mkdir()
    (tmp_path / "action_plugins" / "enforce_policy.py").write_text(FAKE_ACTION)
    (tmp_path / "hosts.json").write_text(json.dumps(INVENTORY))
    (tmp_path / "ansible.cfg").write_text(
        f"[defaults]\ncallback_plugins = {ROOT / 'callback_plugins'}\ncallbacks_enabled = evidence\n"
        "action_plugins = action_plugins\nforks = 2\n"
    )

    def run(*options: str, playbook: str = PLAYBOOK, **more: str) -> subprocess.CompletedProcess[str]:
        (tmp_path / "site.yml").write_text(playbook)
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("ANSIBLE_", "WERKPLEK_"))}
        environment = {
            **kept,
            "PYTHONPATH": str(ROOT / "src"),
            "WERKPLEK_LEDGER": str(tmp_path / "ledger.sqlite3"),
            "WERKPLEK_STATE": str(tmp_path / "state"),
            "ANSIBLE_HOME": str(tmp_path / "home"),
            "LOGNAME": "j.jansen",
            "COLUMNS": "80",
            **more,
        }
        environment.pop("SUDO_USER", None)
        command = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts.json", "site.yml", *options]
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)

    return run


def newest(tmp_path: Path) -> RunSummary:
    ledger = open_ledger(tmp_path / "ledger.sqlite3")
    return run_summary(ledger, latest_runs(ledger, 1)[0].id)


def printed(output: str) -> str:
    """The table and what is under it."""
    return output[output.index("EVIDENCE") :].partition("\n")[2].rstrip()


def test_a_run_is_in_the_ledger_and_its_table_on_the_screen(play: Play, tmp_path: Path):
    done = play("-e", "werkplek_scope=workstation", "-e", "awx_user_name=p.bakker", "-e", "awx_job_id=41")
    assert done.returncode == 4, done.stdout + done.stderr
    summary = newest(tmp_path)
    assert printed(done.stdout) == textwrap.dedent(f"""\
        municipality  hosts  unreachable  settings  compliant  changed  failed
        ----------------------------------------------------------------------
        papendrecht       2            0         4          2        1       1
        sliedrecht        2            1         2          2        0       0
        ----------------------------------------------------------------------
        total             4            1         6          4        1       1
        run {summary.run.id}: failed, 1 host failed""")
    assert (summary.run.scope, summary.run.started_by) == (
        "werkplek_scope workstation",
        "p.bakker (AWX job 41, as j.jansen)",
    )
    assert (summary.run.playbook, summary.run.inventory) == ("site.yml", str(tmp_path / "hosts.json"))
    assert summary.run.ended_at is not None
    assert [(line.host, line.outcome, line.message) for line in summary.hosts] == [
        ("pap-2", "failed", "1 setting failed"),
        ("sli-2", "unreachable", "Task failed: no route to host"),
    ]
    assert [(line.status, line.hosts) for line in summary.settings] == [("failed", ("pap-2",)), ("changed", ("pap-1",))]


def test_check_mode_says_what_would_change(play: Play, tmp_path: Path):
    done = play("--check", "--limit", "pap-1,sli-1")
    assert done.returncode == 0, done.stdout + done.stderr
    summary = newest(tmp_path)
    assert "compliant  change  failed\n" in printed(done.stdout)
    assert printed(done.stdout).endswith(f"run {summary.run.id}: drift (check mode: nothing was changed)")
    assert (summary.run.check_mode, summary.run.scope) == (True, "--limit pap-1,sli-1")
    assert [(line.status, line.before, line.after) for line in summary.settings] == [("noncompliant", "a", "b")]


def test_a_play_in_check_mode_by_its_keyword_is_a_check(play: Play, tmp_path: Path):
    checked = PLAYBOOK.replace("gather_facts: false", "gather_facts: false\n  check_mode: true")
    play("--limit", "pap-1", playbook=checked)
    assert (newest(tmp_path).run.check_mode, newest(tmp_path).run.outcome) == (True, "drift")
    play("--limit", "sli-1", playbook=PLAYBOOK + checked)
    assert (newest(tmp_path).run.check_mode, newest(tmp_path).run.outcome) == (False, "ok")


def test_where_a_host_is_comes_from_the_registry_when_it_cannot_tell(play: Play, tmp_path: Path):
    play("--limit", "sli-2")
    with sqlite3.connect(tmp_path / "ledger.sqlite3") as connection:
        query = "SELECT host, municipality, workplace_class, ring, object_url, outcome FROM run_host"
        assert connection.execute(query).fetchall() == [
            ("sli-2", "sliedrecht", "workstation", "pilot", "https://netbox.example/5/", "unreachable")
        ]


def test_a_playbook_without_policy_stores_and_prints_nothing(play: Play, tmp_path: Path):
    done = play(playbook="- hosts: workstation\n  gather_facts: false\n  tasks:\n    - fail: {msg: no}\n")
    assert done.returncode == 2
    assert "EVIDENCE" not in done.stdout
    assert not (tmp_path / "ledger.sqlite3").exists()


def test_other_failures_are_recorded_by_name_only(play: Play, tmp_path: Path):
    tasks = "    - {name: Install printers, fail: {msg: s3cret}}\n    - {fail: {msg: no}, ignore_errors: true}\n"
    done = play("--limit", "sli-1", playbook=PLAYBOOK + tasks)
    assert done.returncode == 2
    (line,) = newest(tmp_path).hosts
    assert (line.host, line.outcome, line.message) == ("sli-1", "failed", "task 'Install printers' (fail) failed")


def test_rescued_and_ignored_failures_are_none(play: Play, tmp_path: Path):
    tasks = """\
    - {fail: {msg: no}, ignore_errors: true}
    - block:
        - {fail: {msg: no}}
      rescue:
        - debug:
"""
    done = play("--limit", "sli-1", playbook=PLAYBOOK + tasks)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (newest(tmp_path).hosts, newest(tmp_path).run.outcome) == ((), "ok")


def test_secrets_in_results_reach_neither_ledger_nor_spool(play: Play, tmp_path: Path):
    play("--limit", "pap-1,pap-2", playbook=PLAYBOOK + "    - {fail: {msg: s3cret}}\n")
    kept = [path for path in tmp_path.rglob("ledger.sqlite3*") if path.is_file()]
    assert tmp_path / "ledger.sqlite3" in kept
    assert all(b"s3cret" not in path.read_bytes() for path in kept)


def test_a_broken_ledger_does_not_break_the_run(play: Play, tmp_path: Path):
    (tmp_path / "ledger.sqlite3").write_bytes(b"no database" * 100)
    done = play("--limit", "sli-1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "file is not a database" in done.stderr
    assert "sliedrecht        1            0         2          2        0       0" in done.stdout
    (spooled,) = (tmp_path / "ledger.sqlite3.spool").iterdir()
    assert stat.S_IMODE(spooled.stat().st_mode) == 0o600
    (tmp_path / "ledger.sqlite3").unlink()
    assert newest(tmp_path).total.counts.compliant == 2


def test_a_ledger_that_is_named_wrongly_is_said_and_does_not_break_the_run(play: Play):
    done = play("--limit", "sli-1", WERKPLEK_LEDGER="mysql://jan:geheim@db/ledger")
    assert done.returncode == 0, done.stdout + done.stderr
    told = " ".join(done.stderr.split())
    assert "NO EVIDENCE IS KEPT OF THIS RUN. The ledger's place is not understood." in told
    assert "geheim" not in done.stderr + done.stdout


def test_without_the_package_one_sentence_says_what_to_do(play: Play, tmp_path: Path):
    hidden = tmp_path / "hidden" / "werkplek"
    hidden.mkdir(parents=True)
    (hidden / "__init__.py").write_text("")
    done = play("--limit", "sli-1", PYTHONPATH=str(hidden.parent))
    assert (
        "Werkplek's package is not importable: run ./werkplek once and activate .venv, or set PYTHONPATH to the"
        " repository's src folder."
    ) in " ".join(done.stderr.split())
