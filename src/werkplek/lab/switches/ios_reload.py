"""Restarts of an IOS switch, at once and later: what was not saved is gone."""

from __future__ import annotations

from werkplek.lab.switches import ios_load
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Answer, Ask, Exec, Refusal, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.ios_archive import save, text_of
from werkplek.lab.switches.ios_snmp import USERS
from werkplek.lab.switches.shell import Session

MODIFIED = "\nSystem configuration has been modified. Save? [yes/no]: "
ABORTED = "\n\n***\n*** --- SHUTDOWN ABORTED ---\n***\n"


def restart(device: Device) -> None:
    """Every session is cut, and what was saved runs."""
    device.cut_sessions()
    for name in list(device.pending):
        device.call_off(name)
    device.store.pop("revert", None)
    device.store[USERS] = dict(device.store.get("saved " + USERS, {}))
    ios_load.load(device, device.startup, lenient=True)


def reload(session: Session, match: Match[Rule]) -> Answer:
    """`reload [in N]`: asks whether to save when something is not, and whether it is meant."""
    minutes = int(match.words[2]) if len(match.words) > 1 else 0
    ask = _confirm(session, minutes)
    return _save(session, ask) if text_of(session.device) != session.device.startup else ask


def _save(session: Session, ask: Ask) -> Ask:
    def chosen(answer: str) -> Answer:
        word = answer.strip().lower()
        if not word or not ("yes".startswith(word) or "no".startswith(word)):
            return Ask(f"% Please answer 'yes' or 'no'.{MODIFIED}", chosen)
        said = str(save(session.device)) if "yes".startswith(word) else ""
        return Ask(f"{said}\n{ask.prompt}" if said else ask.prompt, ask.then, at_once=True)

    return Ask(MODIFIED, chosen)


def _confirm(session: Session, minutes: int) -> Ask:
    device = session.device

    def confirmed(key: str) -> Answer:
        if key not in ("", "y", "Y"):
            return ""
        if minutes:
            device.later("reload", minutes * 60, lambda: restart(device))
        else:
            restart(device)
        return ""

    when = f"Reload scheduled in {minutes} minute{'' if minutes == 1 else 's'} by {session.user} on vty0\n"
    reason = "Reload reason: Reload Command\n"
    return Ask(f"{when + reason if minutes else ''}Proceed with reload? [confirm]", confirmed, at_once=True)


def cancel(session: Session, _match: Match[Rule]) -> Answer:
    """`reload cancel`."""
    if not session.device.call_off("reload"):
        raise Refusal("%No reload is scheduled.")
    return ABORTED


def show(session: Session, _match: Match[Rule]) -> Answer:
    """`show reload`."""
    timer = session.device.pending.get("reload")
    if timer is None:
        return "No reload is scheduled."
    left = max(0, round(timer.due - session.device.clock.now()))
    return f"Reload scheduled in {left // 60} minutes and {left % 60} seconds by {session.user} on vty0"


RULES: list[Rule] = [
    Exec("reload", reload, 15),
    Exec("reload in <1-34560>", reload, 15),
    Exec("reload cancel", cancel, 15),
    Exec("show reload", show),
]
