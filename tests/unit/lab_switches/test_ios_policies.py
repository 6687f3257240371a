"""The double takes every line of IOS in the policies, and shows it as the policies say that it is shown."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
import yaml
from ios_bench import IOS, Bench, switch

from werkplek.files import ROOT

PORT, UPLINK = "interface GigabitEthernet1/0/1", "interface TenGigabitEthernet1/1/1"
SWITCH = {"user_vlans": "410,420-422", "management_vlan": "490", "management_interface": "Vlan490"}
TERMINALS = ("line vty 0 4", "line vty 5 15")  # as `line vty 0 15` is shown
# Words that IOS says to a line that it takes.
SAID = ("", "%Warning: portfast", "Device mode already VTP Transparent")


class Wanted(NamedTuple):
    """A line of a policy in its section, outermost first."""

    section: tuple[str, ...]
    text: str
    by_default: bool


def spelled(line: Any) -> str:
    """A line as text: what a municipality or a switch says becomes something that fits."""
    return " ".join(
        part if isinstance(part, str) else _stand_in(part) for part in ([line] if isinstance(line, str) else line)
    )


def _stand_in(part: dict[str, Any]) -> str:
    if "switch" in part:
        return SWITCH[part["switch"]]
    return "$9$2MJBozw/9R3UsU$2lFhcKvpghcyw8deP25GOfyZaagyUOGBymkryvOdfo6" if "secret" in part else "10.4.1.10"


def wanted() -> Iterator[Wanted]:
    """Every line of IOS that a policy asks for."""
    for file in sorted((ROOT / "policies" / "network").glob("*.yml")):
        for setting in yaml.safe_load(file.read_text()):
            form = setting.get("switch_lines", {}).get("ios", {})
            for section in sections(form):
                for line in form.get("lines", ()):
                    yield Wanted(section, spelled(line), form.get("by_default", False))


def sections(form: dict[str, Any]) -> list[tuple[str, ...]]:
    """The sections in which a form's lines stand."""
    if "ports" in form:
        return [(UPLINK,) if "uplink" in form["ports"] else (PORT,)]
    return [tuple(spelled(form["section"]).split(" > "))] if "section" in form else [()]


LINES = list(wanted())


def shown_in(bench: Bench, section: tuple[str, ...]) -> list[list[str]]:
    """The lines of a section, for each of the sections in which IOS shows it."""
    if not section:
        return [bench.shown()]
    if section[0] == "line vty 0 15":
        return [bench.shown(block) for block in TERMINALS]
    below = bench.shown(section[0])
    return [[line.strip() for line in below[below.index(section[1]) + 1 :]] if section[1:] else below]


@pytest.mark.parametrize("line", LINES, ids=lambda line: f"{' > '.join((*line.section, line.text))}")
def test_a_line_of_a_policy_is_taken_and_shown(line: Wanted) -> None:
    bench = Bench(switch())
    bench.configure("aaa new-model", PORT, "switchport mode access", UPLINK, "switchport mode trunk")
    bench.configure(*line.section) if line.section else bench.configure("vtp mode transparent")
    assert bench.type(line.text).startswith(SAID)
    assert bench.device.log[-1].accepted
    if not line.by_default:
        for rows in shown_in(bench, line.section):
            assert line.text in rows


def test_a_line_of_a_policy_that_stands_already_changes_nothing() -> None:
    bench = Bench(switch())
    bench.configure("aaa new-model", PORT, "switchport mode access", UPLINK, "switchport mode trunk")
    texts: list[str] = []
    for _ in range(2):
        for line in LINES:
            bench.configure(*line.section, line.text)
        texts.append(IOS.running_text(bench.device))
    assert texts[0] == texts[1]


def test_there_are_enough_lines_to_speak_of() -> None:
    assert len(LINES) > 60
