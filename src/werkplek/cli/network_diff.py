"""`werkplek network diff`: a saved or live configuration against what a switch should be."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from werkplek.cli.network_subject import Switch, read_switch
from werkplek.cli.policy_subject import SOURCE, Json, Source
from werkplek.cli.policy_text import print_json, put
from werkplek.errors import Exit, Problem, WerkplekError
from werkplek.files import ROOT, state_dir
from werkplek.network import backup
from werkplek.network.compare import Difference
from werkplek.network.lines import readable
from werkplek.network.review import compared, verdicts

STYLES = {"differs": "red", "waived": "yellow", "unsupported": "dim", "complies": "green"}


def diff_switch(
    switch: Switch,
    file: Annotated[
        Path | None,
        typer.Option("--file", help="A running configuration in a file.", exists=True, dir_okay=False),
    ] = None,
    live: Annotated[bool, typer.Option("--live", help="Read the switch now (playbooks/network_backup.yml).")] = False,
    everything: Annotated[bool, typer.Option("--all", help="Show the settings that comply, too.")] = False,
    source: Source = SOURCE,
    as_json: Json = False,
) -> None:
    """Compare a switch's configuration with what it should be: what complies, is missing (+), is too much (-).

    Without --file or --live, its newest backup is compared. Secrets are not compared: a backup holds none.

    Exit code 0: it complies. 3: it differs. 1: the registry, the policy or the configuration cannot be read.

    Examples:

      werkplek network diff PAP-SW-0001 --live

      werkplek network diff PAP-SW-0001 --file running.cfg --json | jq '.settings[] | select(.state == "differs")'
    """
    found = read_switch(switch, source)
    if live:
        _read_now(switch, source)
    place = file or backup.latest(state_dir(), switch)
    if place is None:
        raise WerkplekError("There is nothing to compare.", [_no_backup(switch)])
    rows = verdicts(found, compared(found, place.read_text()))
    differs = any(word == "differs" for _, word, _ in rows)
    if as_json:
        settings = [{"id": name, "state": word, **_data(difference)} for name, word, difference in rows]
        print_json({"schema": 1, "switch": switch, "configuration": str(place), "settings": settings})
    else:
        for name, word, difference in rows:
            if difference or everything:
                put(f"{name}: ", (word, STYLES[word]))
                _show(difference)
        counts = {word: sum(1 for _, one, _ in rows if one == word) for word in STYLES}
        put(f"{switch}, {place}: " + ", ".join(f"{number} {word}" for word, number in counts.items() if number))
    raise typer.Exit(Exit.FOUND if differs else Exit.OK)


def _show(difference: Difference) -> None:
    missing = [(line.section, line.text) for line in difference.missing]
    for sign, style, lines in (("-", "red", difference.extra), ("+", "green", missing)):
        for line in readable(lines):
            put((f"{sign} {line}", style), indent=2, hang=2)


def _data(difference: Difference) -> dict[str, object]:
    return {
        "missing": [{"section": list(line.section), "line": line.text} for line in difference.missing],
        "extra": [{"section": list(section), "line": text} for section, text in difference.extra],
    }


def _read_now(switch: str, source: Path) -> None:
    """Sign in and keep a backup, as the playbook does."""
    command = [str(Path(sys.executable).parent / "ansible-playbook"), "playbooks/network_backup.yml"]
    done = subprocess.run(
        [*command, "-i", str(source), "--limit", switch], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise WerkplekError("The switch could not be read.", [_unread(switch, done.stdout + done.stderr)])


def _unread(switch: str, said: str) -> Problem:
    line = next((line for line in said.splitlines() if "msg" in line or "ERROR" in line), said.strip()[-300:])
    return Problem(f"switch {switch}", line.strip(), "its running configuration", "Run the playbook to see all of it.")


def _no_backup(switch: str) -> Problem:
    return Problem(
        str(backup.folder(state_dir(), switch)),
        "no backup of this switch",
        "a configuration",
        "Give --file, or --live to read the switch now.",
    )
