"""What an operator does at an IOS switch: rights, terminals, ways into and out of configuration."""

from __future__ import annotations

from werkplek.lab.switches import ios_signin
from werkplek.lab.switches.dialect import Answer, Ask, Exec, Refusal, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.ios_archive import begin_revert
from werkplek.lab.switches.shell import Context, Session

ENTER = "Enter configuration commands, one per line.  End with CNTL/Z."
LOCKED = (
    "Configuration mode locked exclusively by user '{user}' process '{process}' from terminal '{line}'."
    " Please try later."
)
TRIES = 3
FIRST_PROCESS = 300


def configure(session: Session, match: Match[Rule]) -> Answer:
    """`configure terminal [lock] [revert timer N]`."""
    device = session.device
    holder = device.sessions.get(device.holder or 0)
    if device.faults.locked_by or (holder is not None and holder is not session):
        user, line = (holder.user, holder.number) if holder else (device.faults.locked_by, 0)
        raise Refusal(LOCKED.format(user=user, process=FIRST_PROCESS + line, line=line))
    said = ENTER
    if "timer" in match.words:
        said = f"{begin_revert(device, session.user, int(match.words[-1]))}\n{ENTER}"
    if "lock" in match.words or "configuration mode exclusive" in device.running:
        device.holder = session.number
    session.contexts.append(Context("config"))
    return said


def configure_alone(session: Session, match: Match[Rule]) -> Answer:
    """`configure` asks from where; only a terminal can be."""

    def chosen(answer: str) -> Answer:
        if answer.strip().lower() not in ("", "t", "terminal"):
            raise Refusal('?Must be "terminal", "replace", "memory", or "network"')
        return configure(session, match)

    return Ask("Configuring from terminal, memory, or network [terminal]? ", chosen)


def leave(session: Session, _match: Match[Rule]) -> Answer:
    """`end`: out of configuration."""
    del session.contexts[1:]
    if session.device.holder == session.number:
        session.device.holder = None
    return ""


def step_back(session: Session, match: Match[Rule]) -> Answer:
    """`exit`: one mode up."""
    if len(session.contexts) == 2:
        return leave(session, match)
    session.contexts.pop()
    return ""


def sign_out(session: Session, _match: Match[Rule]) -> Answer:
    """`exit` outside configuration: the session ends."""
    session.end()
    return ""


def do(session: Session, match: Match[Rule]) -> Answer:
    """`do show ...`: a command of the other world from within configuration."""
    return session.execute(match.words[1], mode="exec")


def enable(session: Session, _match: Match[Rule]) -> Answer:
    """All rights, for who knows the secret."""
    if session.privilege == ios_signin.HIGHEST:
        return ""
    running = session.device.running
    line = ios_signin.text(running, "enable secret") or ios_signin.text(running, "enable password")
    if not line:
        return "% Error in authentication."

    def tried(password: str, left: int = TRIES - 1) -> Answer:
        if ios_signin.fits(line, password):
            session.privilege = ios_signin.HIGHEST
            return ""
        return Ask("Password: ", lambda again: tried(again, left - 1), hidden=True) if left else "% Bad secrets\n"

    return Ask("Password: ", tried, hidden=True)


def disable(session: Session, _match: Match[Rule]) -> Answer:
    """Back to few rights."""
    session.privilege = 1
    return ""


def terminal_length(session: Session, match: Match[Rule]) -> Answer:
    """How many lines a page has; 0 for no pages."""
    session.page_length = int(match.words[-1])
    return ""


def nothing(_session: Session, _match: Match[Rule]) -> Answer:
    """A setting of the terminal that changes nothing that the lab shows."""
    return ""


def ping(session: Session, match: Match[Rule]) -> Answer:
    """Five times, or as often as asked."""
    address = match.words[1]
    count = int(match.words[match.words.index("repeat") + 1]) if "repeat" in match.words else 5
    alive = session.device.reachable(address)
    marks = ("!" if alive else ".") * count
    rate = f"Success rate is {100 if alive else 0} percent ({count if alive else 0}/{count})"
    times = ", round-trip min/avg/max = 1/1/1 ms" if alive else ""
    return (
        "Type escape sequence to abort.\n"
        f"Sending {count}, 100-byte ICMP Echos to {address}, timeout is 2 seconds:\n{marks}\n{rate}{times}"
    )


SHARED: list[Rule] = [Exec("end", leave), Exec("exit", step_back), Exec("do LINE", do)]
RULES: list[Rule] = [
    Exec("configure", configure_alone, 15),
    Exec("configure terminal", configure, 15),
    Exec("configure terminal lock", configure, 15),
    Exec("configure terminal revert timer <1-120>", configure, 15),
    Exec("configure terminal lock revert timer <1-120>", configure, 15),
    Exec("enable", enable),
    Exec("disable", disable),
    Exec("{exit|logout|quit}", sign_out),
    Exec("terminal length <0-512>", terminal_length),
    Exec("terminal width <0-512>", nothing),
    Exec("terminal {monitor|no monitor}", nothing),
    Exec("ping A.B.C.D [repeat <1-2147483647>] [source INTERFACE] [timeout <0-3600>]", ping),
]
