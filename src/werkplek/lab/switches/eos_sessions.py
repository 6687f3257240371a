"""Configuration sessions of EOS: changes that wait, are taken whole, and go back by themselves unless confirmed.

Forms and behaviour: Arista, "EOS User Manual", Configure Session; tables and words as cEOS 4.35 has them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Answer, Refusal, Rule
from werkplek.lab.switches.eos_text import body, difference
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.shell import Context, Session
from werkplek.lab.switches.tree import Entry, Section, copied

MOST_PENDING = 5
TIMER = "commit"
FULL = "Maximum number of pending sessions has been reached. Please commit or abort previous sessions and try again."
ALWAYS = {
    "aaa root": "no aaa root",
    "service routing protocols model": "service routing protocols model multi-agent",
    "spanning-tree mode": "spanning-tree mode mstp",
    "ip routing": "no ip routing",
}
type Found = Match[Rule]


@dataclass(slots=True)
class Pending:
    """A session that is open (`pending`), or committed with a timer (`before` is what then comes back)."""

    name: str
    user: str
    terminal: int
    candidate: Section
    before: Section | None = None
    until: float = 0.0


@dataclass(slots=True)
class Sessions:
    """All of a switch's. `inside`: which terminal edits which; `done`: the last one that was taken or given up."""

    open: dict[str, Pending] = field(default_factory=dict)
    inside: dict[int, str] = field(default_factory=dict)
    done: tuple[str, str] | None = None
    made: int = 0


def of(device: Device) -> Sessions:
    """The switch's configuration sessions."""
    found: Sessions = device.store.setdefault("sessions", Sessions())
    return found


def current(session: Session) -> str:
    """The configuration session that a terminal edits, or nothing."""
    return of(session.device).inside.get(session.number, "")


def _armed(device: Device) -> Pending | None:
    return next((one for one in of(device).open.values() if one.before is not None), None)


def configure(session: Session, _match: Found) -> Answer:
    """`configure`: lines take effect one by one."""
    locked(session.device)
    session.contexts.append(Context("config"))
    return ""


def locked(device: Device) -> None:
    """Raises Refusal while somebody holds the configuration."""
    if device.faults.locked_by:
        raise Refusal(f"% Configuration is locked by user {device.faults.locked_by} on vty2")


def enter(session: Session, match: Found) -> Answer:
    """`configure session [name]`: into a session, new or old."""
    device = session.device
    locked(device)
    sessions = of(device)
    sessions.made += 1
    name = match.words[2] if len(match.words) > 2 else f"sess-{sessions.made}"
    pending = sessions.open.get(name)
    if pending is not None and pending.before is not None:
        raise Refusal(f"% Session {name} is waiting for its commit timer; commit or abort it first")
    if pending is None:
        if len(sessions.open) >= MOST_PENDING:
            raise Refusal(FULL)
        pending = sessions.open.setdefault(name, Pending(name, session.user, session.number, copied(device.running)))
    sessions.inside[session.number] = name
    session.editing = pending.candidate
    session.contexts.append(Context("config"))
    return ""


def leave(session: Session) -> None:
    """Out of configuration mode; a session stays as it is."""
    of(session.device).inside.pop(session.number, None)
    session.editing = session.device.running
    del session.contexts[1:]


def _own(session: Session, line: str) -> Pending:
    name = current(session)
    if not name:
        raise Refusal(f"% Invalid input (at token 0: '{line.split(maxsplit=1)[0]}')")
    return of(session.device).open[name]


def commit(session: Session, match: Found) -> Answer:
    """`commit` of the session that is edited."""
    pending = _own(session, match.text)
    _take(session.device, pending)
    leave(session)
    return ""


def commit_timer(session: Session, match: Found) -> Answer:
    """`commit timer 00:05:00`: taken, and back in five minutes unless committed again."""
    pending = _own(session, match.text)
    hours, minutes, seconds = (int(part) for part in match.words[2].split(":"))
    _take(session.device, pending, hours * 3600 + minutes * 60 + seconds)
    leave(session)
    return ""


def abort(session: Session, match: Found) -> Answer:
    """`abort` of the session that is edited."""
    pending = _own(session, match.text)
    _give_up(session.device, pending)
    leave(session)
    return ""


def _named(session: Session, name: str) -> Pending:
    pending = of(session.device).open.get(name)
    if pending is None:
        raise Refusal(f"% Cannot find session {name}")
    return pending


def commit_named(session: Session, match: Found) -> Answer:
    """`configure session X commit`: take it, or confirm what was taken with a timer."""
    locked(session.device)
    _take(session.device, _named(session, match.words[2]))
    return ""


def abort_named(session: Session, match: Found) -> Answer:
    """`configure session X abort`, `no configure session X`."""
    locked(session.device)
    _give_up(session.device, _named(session, match.words[2]))
    return ""


def _take(device: Device, pending: Pending, seconds: int = 0) -> None:
    sessions, armed = of(device), _armed(device)
    if armed is not None and armed is not pending:
        raise Refusal(f"% Cannot commit session {pending.name}: session {armed.name} has a pending commit timer")
    if pending.before is None:
        pending.before = copied(device.running)
        replace(device, pending.candidate)
    device.call_off(TIMER)
    _put_out(device, pending.name)
    if seconds:
        pending.until = device.clock.now() + seconds
        device.later(TIMER, seconds, lambda: _give_up(device, pending))
    else:
        del sessions.open[pending.name]
        sessions.done = (pending.name, "committed")


def _give_up(device: Device, pending: Pending) -> None:
    """A session is gone; what it had changed under a timer comes back."""
    if pending.before is not None:
        device.call_off(TIMER)
        replace(device, pending.before)
    sessions = of(device)
    del sessions.open[pending.name]
    sessions.done = (pending.name, "aborted")
    _put_out(device, pending.name)


def _put_out(device: Device, name: str) -> None:
    """Terminals that edit a session which is no longer open are out of it."""
    inside = of(device).inside
    for number in [number for number, edited in inside.items() if edited == name]:
        if number in device.sessions:
            leave(device.sessions[number])
        inside.pop(number, None)


def replace(device: Device, tree: Section) -> None:
    """Make a tree the running one; terminals in configuration mode go on in the same object."""
    new = copied(tree)
    device.running.clear()
    device.running.update(new)
    device.changed()


def forget(device: Device) -> None:
    """What a restart does to sessions."""
    device.call_off(TIMER)
    device.store.pop("sessions", None)


def rollback_clean(session: Session, match: Found) -> Answer:
    """`rollback clean-config`: the session has the configuration of a new switch."""
    pending = _own(session, match.text)
    del session.contexts[2:]
    pending.candidate.clear()
    pending.candidate.update(hardware(session.device))
    return ""


def hardware(device: Device) -> Section:
    """The configuration of a switch that nobody configured: its ports, and what every switch shows."""
    tree = {slot: Entry(text) for slot, text in ALWAYS.items()}
    return tree | {f"interface {name}": Entry(f"interface {name}", {}) for name in device.ports}


def show_config(session: Session, match: Found) -> Answer:
    """`show session-config [named X] [diffs]`."""
    words = match.words
    named = words[3] if "named" in words else ""
    pending = _named(session, named) if named else _own(session, match.text)
    if words[-1] == "diffs":
        return difference(session.device.running, pending.candidate, pending.name)
    return body(pending.candidate) + "!\nend"


def show_all(session: Session, _match: Found) -> Answer:
    """`show configuration sessions [detail]`."""
    device, sessions, armed = session.device, of(session.device), _armed(session.device)
    head = [
        "Maximum number of completed sessions: 1",
        f"Maximum number of pending sessions: {MOST_PENDING}",
        "Merge on commit is disabled",
        "Autosave to startup-config on commit is disabled",
        "",
    ]
    if armed is not None:
        left = max(0, round(armed.until - device.clock.now()))
        head += [f"Session with pending commit timer: {armed.name}"]
        head += [f"Time left until commit timer expiry: in {_clock(left)}", ""]
    return "\n".join([*head, *_table(session, sessions)])


def _table(session: Session, sessions: Sessions) -> Iterator[str]:
    names = [*sessions.open, *([sessions.done[0]] if sessions.done else [])]
    width = max([len(name) for name in names] + [4])
    yield f"  {'Name':{width}} {'State':9} {'User':8} Terminal"
    yield f"- {'-' * width} {'-' * 9} {'-' * 8} --------"
    for one in sessions.open.values():
        mark = "*" if current(session) == one.name else " "
        state = "pending" if one.before is None else "committed"
        yield f"{mark} {one.name:{width}} {state:9} {one.user:8} vty{one.terminal}"
    if sessions.done:
        yield f"  {sessions.done[0]:{width}} {sessions.done[1]:9}"


def _clock(seconds: int) -> str:
    return f"{seconds // 3600}:{seconds % 3600 // 60:02}:{seconds % 60:02}"


def exit_mode(session: Session, _match: Found) -> Answer:
    """`exit`: up one section; out of configuration mode at the top of it."""
    if len(session.contexts) > 2:
        session.contexts.pop()
    else:
        leave(session)
    return ""


def end(session: Session, _match: Found) -> Answer:
    """`end`: out of configuration mode."""
    leave(session)
    return ""


def readable_time(words: Sequence[str], at: int) -> tuple[str, int] | None:
    """A time such as 00:05:00, a second at least."""
    match = re.fullmatch(r"(\d{1,2}):([0-5]\d):([0-5]\d)", words[at])
    return (words[at], 1) if match and any(int(part) for part in match.groups()) else None
