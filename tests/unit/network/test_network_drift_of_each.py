"""For every setting of a switch: somebody takes its first line away by hand, a check names it, and a run mends it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from direct_switches import DirectTerminal, embedded, switches

from werkplek.errors import WerkplekError
from werkplek.files import ROOT
from werkplek.lab.switches.device import Device
from werkplek.network import review
from werkplek.network.compare import Command, Row, entered
from werkplek.network.document import Setting
from werkplek.network.engine import Options, enforce
from werkplek.network.eos_session import EosSession
from werkplek.network.health import Patience
from werkplek.network.ios import IosSession
from werkplek.network.platform import TerminalError

SESSIONS = {"ios": IosSession, "eos": EosSession}
NAMES = ("SLD-SW-0001", "DRD-SW-0001")
"""Of IOS and of EOS; both municipalities enforce 802.1X."""
SECRET = "Kanarie-1-lang-genoeg"


LOCKED = {"ios": ["aaa_exec_authorization"], "eos": ["aaa_exec_authorization"]}


SPARED: Mapping[str, list[str]] = {
    "ios": [
        "terminals_sign_in",
        "console_sign_in",
        "auxiliary_port_no_transport",
        "boot_server_off",
        "files_for_administrators",
        "guarded_ports_back_after",
    ],
    "eos": ["root_account_closed", "guarded_ports_back_after"],
}


class Bench:
    """A double that is as it should be, and runs over it."""

    def __init__(self, name: str, state: Path) -> None:
        found = review.subject(embedded(), name, ROOT, state)
        self.platform, self.state = found.platform, state
        self.document = replace(found.document, settings=tuple(map(with_secret, found.document.settings)))
        self.device: Device = switches()[name]
        self.run(check=False)
        assert set(self.run(check=True).values()) <= {"compliant", "unsupported"}

    def run(self, *, check: bool) -> Mapping[str, str]:
        """Setting -> status."""
        options = Options(
            check=check,
            diff=False,
            minutes=5,
            patience=Patience(0.0, pause=lambda _seconds: None),
            state=self.state,
            now=lambda: datetime.now(UTC),
        )
        session = SESSIONS[self.platform.name](DirectTerminal(self.device))
        answer = enforce(self.document, self.platform, session, options)
        return {row["id"]: row["status"] for row in json.loads(answer["settings"])}

    def text(self) -> str:
        """What runs, as the switch shows it."""
        return self.device.dialect.running_text(self.device)

    def lines(self) -> frozenset[Row]:
        """What runs, in whatever order."""
        return frozenset(self.platform.parse(self.text()).rows)

    def taken_away(self, setting: str) -> str:
        """Take the first of the setting's lines away that can be, as somebody at a terminal would; what was typed."""
        for line in self.platform.render(self.document).lines:
            away = self.platform.negate(line.section, line.text)
            if line.setting == setting and self.typed(entered([Command(line.section, away, setting)])):
                return away
        return ""

    def typed(self, lines: Sequence[str]) -> bool:
        """Type lines of configuration; whether all were taken."""
        terminal = DirectTerminal(self.device)
        try:
            for line in ("configure terminal", *lines, "end"):
                terminal.send(line, [(r"\[confirm\]$", "")])
        except TerminalError:
            return False
        return True


def with_secret(setting: Setting) -> Setting:
    """With a secret that switches take for one."""
    return setting._replace(body=json.loads(json.dumps(setting.body).replace(review.SECRET, SECRET)))


@pytest.fixture(scope="module", params=NAMES)
def bench(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    return Bench(request.param, tmp_path_factory.mktemp("drift"))


def test_what_somebody_takes_away_is_found_and_put_back(bench: Bench) -> None:
    text, whole = bench.text(), bench.lines()
    left: list[str] = []
    locked: list[str] = []
    spared: list[str] = []
    settings = list(dict.fromkeys(line.setting for line in bench.platform.render(bench.document).lines))
    for setting in settings:
        away = bench.taken_away(setting)
        try:
            found = bench.run(check=True)[setting] if away else "compliant"
        except WerkplekError as error:
            assert "could not be read; nothing was changed" in str(error)
            found = "locked"
        if found == "noncompliant":
            mended = bench.run(check=False)[setting]
            left += [] if (mended, bench.lines()) == ("changed", whole) else [f"{setting}: {away}: {mended}"]
        else:
            (locked if found == "locked" else spared).append(setting)
            bench.device.dialect.load(bench.device, text)
    assert left == []
    assert locked == LOCKED[bench.platform.name], "without these a new session has no rights"
    assert spared == SPARED[bench.platform.name], "what takes them away has no opposite, or leaves what is by default"
    assert len(settings) >= {"ios": 75, "eos": 30}[bench.platform.name]
