"""Commands of EOS that look and do, outside configuration and in it."""

from __future__ import annotations

from collections.abc import Callable

from werkplek.lab.switches import eos_sessions as sessions
from werkplek.lab.switches import eos_show as show
from werkplek.lab.switches import eos_signin
from werkplek.lab.switches.dialect import Answer, Ask, Exec, Refusal, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.shell import Session

type Found = Match[Rule]
ENABLED = 15
COPIED = "Copy completed successfully."


def _enable(session: Session, _match: Found) -> Answer:
    wanted = eos_signin.text(session.device.running, "enable password")

    def check(typed: str) -> Answer:
        if not eos_signin.fits(wanted, typed):
            return "% Bad secret"
        session.privilege = ENABLED
        return ""

    if not wanted or session.privilege == ENABLED:
        session.privilege = ENABLED
        return ""
    return Ask("Password: ", check, hidden=True)


def _disable(session: Session, _match: Found) -> Answer:
    session.privilege = 1
    return ""


def _sign_out(session: Session, _match: Found) -> Answer:
    session.end()
    return ""


def _length(session: Session, match: Found) -> Answer:
    session.page_length = int(match.words[2])
    return f"Pagination {'disabled.' if session.page_length == 0 else f'set to {session.page_length} lines.'}"


def _width(_session: Session, match: Found) -> Answer:
    return f"Width set to {match.words[2]} columns."


def _save(session: Session, _match: Found) -> Answer:
    device = session.device
    if device.faults.startup_full:
        raise Refusal("% Error copying system:/running-config to flash:/startup-config (No space left on device)")
    device.startup = device.dialect.running_text(device)
    return COPIED


def _copy(session: Session, match: Found) -> Answer:
    target = match.words[2]
    if target == "startup-config":
        return _save(session, match)
    session.device.files[target] = session.device.dialect.running_text(session.device)
    return COPIED


def _replace(session: Session, match: Found) -> Answer:
    sessions.locked(session.device)
    name = match.words[2]
    text = session.device.startup if name == "startup-config" else session.device.files.get(name)
    if text is None:
        raise Refusal(f"% Error copying {name} to session (No such file or directory)")
    session.device.dialect.load(session.device, text)
    return ""


def _boot_config(_session: Session, _match: Found) -> Answer:
    return f"SWI=flash:/EOS-{show.VERSION}.swi"


def _files(session: Session, _match: Found) -> Answer:
    rows = [
        f"       -rwx        {len(text):10}            {name.removeprefix('flash:')}"
        for name, text in session.device.files.items()
    ]
    return "\n".join(["Directory of flash:/", "", *rows, "", "8105054208 bytes total (4907085824 bytes free)"])


def _privilege(session: Session, _match: Found) -> Answer:
    return f"Current privilege level is {session.privilege}"


def _ping(session: Session, match: Found) -> Answer:
    address = match.words[1]
    got = 5 if session.device.reachable(address) else 0
    return (
        f"PING {address} ({address}) 72(100) bytes of data.\n\n--- {address} ping statistics ---\n"
        f"5 packets transmitted, {got} received, {100 - 20 * got}% packet loss, time 40ms"
    )


type Run = Callable[[Session, Found], Answer]
LOOK: tuple[tuple[str, Run, int], ...] = (
    ("show version", show.version, 1),
    ("show hostname", show.host_name, 1),
    ("show interfaces status", show.status, 1),
    ("show lldp neighbors", show.lldp, 1),
    ("show lldp neighbors detail", show.lldp_detail, 1),
    ("show vlan [brief]", show.vlan, 1),
    ("show banner {login|motd}", show.banner, 1),
    ("show privilege", _privilege, 1),
    ("show running-config", show.running, ENABLED),
    ("show startup-config", show.startup, ENABLED),
    ("show configuration sessions [detail]", sessions.show_all, ENABLED),
    ("show session-config named WORD [diffs]", sessions.show_config, ENABLED),
    ("show version | json", show.version_json, 1),
    ("show hostname | json", show.host_name_json, 1),
    ("show interfaces | json", show.interfaces_json, 1),
    ("show lldp neighbors | json", show.lldp_json, 1),
)
DO: tuple[tuple[str, Run, int], ...] = (
    ("enable", _enable, 1),
    ("disable", _disable, 1),
    ("exit", _sign_out, 1),
    ("quit", _sign_out, 1),
    ("logout", _sign_out, 1),
    ("terminal length <0-32767>", _length, 1),
    ("terminal width <10-32767>", _width, 1),
    ("ping A.B.C.D", _ping, 1),
    ("configure [terminal]", sessions.configure, ENABLED),
    ("configure session", sessions.enter, ENABLED),
    ("configure session WORD", sessions.enter, ENABLED),
    ("configure session WORD commit", sessions.commit_named, ENABLED),
    ("configure session WORD abort", sessions.abort_named, ENABLED),
    ("no configure session WORD", sessions.abort_named, ENABLED),
    ("configure replace WORD [{ignore-errors|best-effort}]", _replace, ENABLED),
    ("write [memory]", _save, ENABLED),
    ("copy running-config WORD", _copy, ENABLED),
    ("dir all-filesystems", _files, ENABLED),
    ("dir flash:", _files, ENABLED),
    ("bash timeout <1-300> cat /mnt/flash/boot-config", _boot_config, ENABLED),
)
INSIDE: tuple[tuple[str, Run, int], ...] = (
    ("commit", sessions.commit, ENABLED),
    ("commit timer H:M:S", sessions.commit_timer, ENABLED),
    ("abort", sessions.abort, ENABLED),
    ("rollback clean-config", sessions.rollback_clean, ENABLED),
    ("show session-config [diffs]", sessions.show_config, ENABLED),
    ("exit", sessions.exit_mode, ENABLED),
    ("end", sessions.end, ENABLED),
)
EXEC = tuple(Exec(pattern, run, privilege) for pattern, run, privilege in (*LOOK, *DO))
CONFIG = tuple(Exec(pattern, run, privilege) for pattern, run, privilege in (*LOOK, *INSIDE))
