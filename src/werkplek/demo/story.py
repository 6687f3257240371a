"""The demo's story: lab up, four runs with drift between them, report, lab down. Nothing is left running."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from werkplek.demo.breakage import Breakage, choose
from werkplek.demo.estate import DemoHost, demo_hosts, spread
from werkplek.errors import Problem, WerkplekError
from werkplek.evidence.ledger import Ledger, open_ledger
from werkplek.evidence.summary import RunSummary, latest_runs, run_summary
from werkplek.files import ROOT
from werkplek.lab import control
from werkplek.lab.client import LabClient
from werkplek.report.html import write_report
from werkplek.rollout.playbook import PlaybookRun, run_playbook

ESTATE = ROOT / "lab" / "estate.json"
TARGET = "workstation:&windows"
SITE = "playbooks/site.yml"
DRIFT = "playbooks/drift.yml"
HOST_FAILED = 2


class Audience(Protocol):
    """Who is told how it goes."""

    def chapter(self, title: str, hosts: int = 0) -> None:
        """A new step begins; `hosts` is how many it will visit."""

    def host(self, name: str, outcome: str) -> None:
        """A host is done: ok, drifted, failed or unreachable."""

    def remark(self, text: str) -> None:
        """What a step found."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What the demo saw: a summary per run, the number of distinct settings, and the report's path."""

    first: RunSummary
    second: RunSummary
    drift: RunSummary
    repair: RunSummary
    settings: int
    report: Path


@dataclass(slots=True)
class Stage:
    """Everything that the chapters share. The state folder holds the lab, the ledger and the report."""

    state: Path
    audience: Audience
    inventory: Path
    hosts: tuple[DemoHost, ...] = ()

    def play(self, title: str, playbook: str, allowed: tuple[int, ...] = (0,)) -> RunSummary:
        """Run a playbook over all hosts; raises WerkplekError with its last lines for an exit code not allowed."""
        self.audience.chapter(title, len(self.hosts))
        run = PlaybookRun(playbook, self.inventory, TARGET, self.state)
        outcome = run_playbook(run, self.audience.host)
        if outcome.rc not in allowed:
            tail = "\n".join(outcome.output.read_text(errors="replace").splitlines()[-40:])
            raise WerkplekError(f"{playbook} ended with code {outcome.rc}; the whole output: {outcome.output}\n{tail}")
        return self.newest()

    def newest(self) -> RunSummary:
        """The run that just ended, from the ledger."""
        ledger = self.ledger()
        return run_summary(ledger, latest_runs(ledger, 1)[0].id)

    def ledger(self) -> Ledger:
        """Where the runs keep their evidence."""
        return open_ledger(self.state / "ledger.sqlite3")


def perform(state: Path, audience: Audience) -> Ending:
    """Play the whole story in a fresh folder `state`; raises WerkplekError when it does not go as it should."""
    audience.chapter("Lab up: a NetBox and Windows workplaces")
    control.down(state / "lab")
    shutil.rmtree(state, ignore_errors=True)
    state.mkdir(mode=0o700, parents=True)
    try:
        lab = control.up(state / "lab", estate=ESTATE, parent=os.getpid())
        stage = Stage(state, audience, lab.inventory)
        stage.hosts = demo_hosts(lab.inventory, state, TARGET)
        audience.remark(f"{len(stage.hosts)} workplaces of {len(municipalities(stage.hosts))} municipalities are up")
        with LabClient(state / "lab") as client:
            return acts(stage, client)
    finally:
        audience.chapter("Lab down")
        control.down(state / "lab")


def acts(stage: Stage, lab: LabClient) -> Ending:
    """Enforce, enforce again, break, find, mend, report; each act is checked before the next begins."""
    first = stage.play("First run: all becomes as the policy says", SITE)
    expect("the first run", "no failed setting", first.total.counts.failed == 0, counted(first))
    stage.audience.remark(counted(first))
    second = stage.play("Second run: nothing is left to change", SITE)
    expect("the second run", "no change", second.total.counts.changed == 0, counted(second))
    stage.audience.remark(counted(second))
    broken = sabotage(stage, lab)
    drift = stage.play("Drift run: compare only, change nothing", DRIFT, allowed=(HOST_FAILED,))
    expect("the drift run", "exactly what was broken", touched(drift, "noncompliant") == wanted(broken), counted(drift))
    stage.audience.remark(f"found {drift.total.counts.noncompliant} of {len(broken)}, and nothing else")
    repair = stage.play("Repair run: mend what drifted", SITE)
    expect("the repair run", "exactly what drifted", touched(repair, "changed") == wanted(broken), counted(repair))
    stage.audience.remark(f"mended {repair.total.counts.changed} of {len(broken)}, and nothing else")
    report = write(stage, (first, second, drift, repair))
    return Ending(first, second, drift, repair, len(setting_ids(stage.hosts)), report)


def sabotage(stage: Stage, lab: LabClient) -> tuple[Breakage, ...]:
    """Break one setting of each kind behind Ansible's back."""
    stage.audience.chapter("Somebody changes settings by hand")
    names = spread(stage.hosts)
    services = frozenset(name.lower() for name in lab.dump(names[0])["services"])
    broken = tuple(choose({host.name: host.request for host in stage.hosts}, names, services))
    for breakage in broken:
        lab.edit(breakage.host, [dict(breakage.edit)])
    hosts = {breakage.host for breakage in broken}
    stage.audience.remark(f"{len(broken)} settings on {len(hosts)} workplaces now differ")
    return broken


def write(stage: Stage, runs: tuple[RunSummary, ...]) -> Path:
    """The report over the four runs."""
    stage.audience.chapter("Report")
    path = stage.state / "report.html"
    write_report(stage.ledger(), [summary.run.id for summary in runs], path)
    stage.audience.remark(str(path))
    return path


def touched(summary: RunSummary, status: str) -> set[tuple[str, str]]:
    """(host, setting) pairs that have `status` in a run."""
    return {(host, line.setting) for line in summary.settings if line.status == status for host in line.hosts}


def wanted(broken: tuple[Breakage, ...]) -> set[tuple[str, str]]:
    """(host, setting) pairs that were broken."""
    return {(breakage.host, breakage.setting) for breakage in broken}


def municipalities(hosts: tuple[DemoHost, ...]) -> set[str]:
    """The distinct municipalities of some hosts."""
    return {host.municipality for host in hosts}


def setting_ids(hosts: tuple[DemoHost, ...]) -> set[str]:
    """The distinct settings that the hosts are sent."""
    return {setting["id"] for host in hosts for setting in json.loads(host.request)["settings"]}


def counted(summary: RunSummary) -> str:
    """A run in one line."""
    counts = summary.total.counts
    return (
        f"{summary.total.hosts} hosts, {counts.total} results: {counts.compliant} compliant, {counts.changed} changed,"
        f" {counts.noncompliant} differing, {counts.failed} failed"
    )


def expect(where: str, expected: str, holds: bool, found: str) -> None:
    """Stop with a clear error when the demo does not show what it promises."""
    if not holds:
        raise WerkplekError("The demo did not go as it should.", [Problem(where, found, expected)])
