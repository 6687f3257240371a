"""IOS's files: saving, copying, replacing, the archive, and the ways back that work by themselves.

Forms and answers: Cisco, "Configuration Replace and Configuration Rollback", "Configuration Rollback Confirmed
Change" and "Exclusive Configuration Change Access" in the System Management Configuration Guide, IOS XE 17.
"""

from __future__ import annotations

from dataclasses import dataclass

from werkplek.lab.switches import ios_load
from werkplek.lab.switches.device import Device
from werkplek.lab.switches.dialect import Answer, Ask, Exec, Refusal, Rule
from werkplek.lab.switches.grammar import Match
from werkplek.lab.switches.ios_snmp import USERS, users
from werkplek.lab.switches.shell import Session
from werkplek.lab.switches.tree import find

NO_ARCHIVE = "%Turn config archive on before using Rollback Confirmed Change"
NONE_PENDING = "%No Rollback Confirmed Change pending"
PENDING = (
    "%Existing rollback change already pending. Please resolve by issuing 'configure confirm' or 'configure revert now'"
)
NO_ROOM = "startup-config file open failed (Not enough space)"
DONE = "Total number of passes: 1\nRollback Done\n"
REPLACE_WARNING = (
    "This will apply all necessary additions and deletions\n"
    "to replace the current running configuration with the\n"
    "contents of the specified configuration file, which is\n"
    "assumed to be a complete configuration, not a partial\n"
    "configuration. Enter Y if you are sure you want to proceed. ? [no]: "
)
HISTORY = "archive"


@dataclass(frozen=True, slots=True)
class Revert:
    """A way back that is pending: to which file, after how many minutes, and who asked."""

    file: str
    minutes: int
    user: str


def text_of(device: Device) -> str:
    """The running configuration as in a file."""
    return device.dialect.running_text(device)


def save(device: Device) -> Answer:
    """Make the running configuration the one that the switch starts with."""
    if device.faults.startup_full:
        raise Refusal(f"Building configuration...\n{NO_ROOM}")
    device.startup = text_of(device)
    device.store["saved " + USERS] = dict(users(device))
    archive = find(device.running, ("archive",)) or {}
    if "write-memory" in archive and "path" in archive:
        _archived(device)
    return "Building configuration...\n[OK]"


def _path(device: Device) -> str:
    """Where the archive keeps its files; empty when there is none."""
    archive = find(device.running, ("archive",)) or {}
    return archive["path"].text.split()[1] if "path" in archive else ""


def _archived(device: Device) -> str:
    """Keep the running configuration in the archive; the file's name."""
    names: list[str] = device.store.setdefault(HISTORY, [])
    device.store["archive number"] = number = device.store.get("archive number", 0) + 1
    name = f"{_path(device)}-{number}"
    device.files[name] = text_of(device)
    names.append(name)
    for old in names[:-10]:
        device.files.pop(old, None)
    del names[:-10]
    return name


def begin_revert(device: Device, user: str, minutes: int) -> str:
    """From now the switch goes back by itself unless it is told to stay; what it says.

    Raises:
        Refusal: it keeps no archive, or is about to go back already.
    """
    if not _path(device):
        raise Refusal(NO_ARCHIVE)
    if "revert" in device.pending:
        raise Refusal(PENDING)
    name = _archived(device)
    device.store["revert"] = Revert(name, minutes, user)
    device.later("revert", minutes * 60, lambda: go_back(device))
    return f"Rollback Confirmed Change: Backing up current running config to {name}\n"


def go_back(device: Device) -> str:
    """What was running before `revert timer` runs again; what the switch says."""
    device.call_off("revert")
    revert: Revert = device.store.pop("revert")
    ios_load.load(device, device.files[revert.file], lenient=True)
    return f"Rollback Confirmed Change: Rolling to: {revert.file}\n\n{DONE}"


def confirm(session: Session, _match: Match[Rule]) -> Answer:
    """`configure confirm`: it stays as it is."""
    if not session.device.call_off("revert"):
        raise Refusal(NONE_PENDING)
    session.device.store.pop("revert")
    return ""


def revert_now(session: Session, _match: Match[Rule]) -> Answer:
    """`configure revert now`."""
    if "revert" not in session.device.pending:
        raise Refusal(NONE_PENDING)
    return go_back(session.device)


def revert_timer(session: Session, match: Match[Rule]) -> Answer:
    """`configure revert timer N`: so many minutes from now."""
    device, minutes = session.device, int(match.words[-1])
    if "revert" not in device.pending:
        raise Refusal(NONE_PENDING)
    device.store["revert"] = Revert(device.store["revert"].file, minutes, session.user)
    device.later("revert", minutes * 60, lambda: go_back(device))
    return ""


def show_timer(session: Session, _match: Match[Rule]) -> Answer:
    """`show archive config rollback timer`."""
    revert: Revert | None = session.device.store.get("revert")
    if revert is None:
        return NONE_PENDING
    return f"Timer type: absolute timer\nTimer value: {revert.minutes} min\nUser: {revert.user}"


def show_archive(session: Session, _match: Match[Rule]) -> Answer:
    """`show archive`."""
    device = session.device
    if not _path(device):
        return "Archive feature not enabled"
    names: list[str] = device.store.get(HISTORY, [])
    following = f"{_path(device)}-{device.store.get('archive number', 0) + 1}"
    rows = [f"   {place:<9}{name}" for place, name in enumerate(names, 1)]
    rows = [*rows[:-1], *(f"{row} <- Most Recent" for row in rows[-1:])]
    rows += [f"   {place}" for place in range(len(names) + 1, 11)]
    head = "The maximum archive configurations allowed is 10."
    return "\n".join([head, f"The next archive file will be named {following}", " Archive #  Name", *rows])


def archive_config(session: Session, _match: Match[Rule]) -> Answer:
    """`archive config`: keep one now."""
    if not _path(session.device):
        raise Refusal("Archive feature not enabled")
    _archived(session.device)
    return ""


def write_memory(session: Session, _match: Match[Rule]) -> Answer:
    """`write memory`."""
    return save(session.device)


def copy_to_startup(session: Session, _match: Match[Rule]) -> Answer:
    """`copy running-config startup-config` asks for the name, which is one already."""
    if _quiet(session.device):
        return save(session.device)
    return Ask("Destination filename [startup-config]? ", lambda _name: save(session.device))


def _quiet(device: Device) -> bool:
    return "file prompt" in device.running and device.running["file prompt"].text == "file prompt quiet"


def copy_to_file(session: Session, match: Match[Rule]) -> Answer:
    """`copy running-config flash:name`."""
    device, source = session.device, match.words[1]
    text = device.startup if source == "startup-config" else text_of(device)
    name = match.words[2].split(":", 1)[1]

    def stored(target: str) -> Answer:
        device.files[f"flash:{target}"] = text
        return f"{len(text)} bytes copied in 0.104 secs ({len(text) * 10} bytes/sec)"

    def named(answer: str) -> Answer:
        target = answer.strip() or name
        if f"flash:{target}" in device.files and not _quiet(device):
            warning = "%Warning:There is a file already existing with this name \nDo you want to over write? [confirm]"
            return Ask(warning, lambda key: stored(target) if key in ("", "y", "Y") else "", at_once=True)
        return stored(target)

    return named("") if _quiet(device) and name else Ask(f"Destination filename [{name}]? ", named)


def content(device: Device, file: str) -> str:
    """A file's text.

    Raises:
        Refusal: there is no such file.
    """
    text = device.files.get(file if ":" in file else f"flash:{file}")
    if text is None:
        raise Refusal(f"%Error opening {file} (No such file or directory)")
    return text


def replace(session: Session, match: Match[Rule]) -> Answer:
    """`configure replace FILE [force]`."""
    text = content(session.device, match.words[2])
    if "force" in match.words:
        return _replaced(session.device, text)
    return Ask(
        REPLACE_WARNING,
        lambda answer: _replaced(session.device, text) if answer.strip().lower() in ("y", "yes") else "",
    )


def _replaced(device: Device, text: str) -> str:
    ios_load.load(device, text)
    return DONE


def show_file(session: Session, match: Match[Rule]) -> Answer:
    """`more FILE`."""
    return content(session.device, match.words[1])


def delete(session: Session, match: Match[Rule]) -> Answer:
    """`delete [/force] FILE`."""
    file = match.words[-1]
    if file not in session.device.files:
        raise Refusal(f"%Error deleting {file} (No such file or directory)")

    def gone(key: str) -> Answer:
        if key in ("", "y", "Y"):
            session.device.files.pop(file, None)
        return ""

    if "/force" in match.words:
        return gone("")
    name = file.split(":", 1)[-1]
    return Ask(f"Delete filename [{name}]? ", lambda _name: Ask(f"Delete {file}? [confirm]", gone, at_once=True))


def erase(session: Session, _match: Match[Rule]) -> Answer:
    """`write erase`."""

    def gone(key: str) -> Answer:
        if key not in ("", "y", "Y"):
            return ""
        session.device.startup = ""
        return "[OK]\nErase of nvram: complete"

    warning = "Erasing the nvram filesystem will remove all configuration files! Continue? [confirm]"
    return Ask(warning, gone, at_once=True)


RULES: list[Rule] = [
    Exec("write", write_memory, 15),
    Exec("write memory", write_memory, 15),
    Exec("write erase", erase, 15),
    Exec("copy running-config startup-config", copy_to_startup, 15),
    Exec("copy {running-config|startup-config} FILE", copy_to_file, 15),
    Exec("configure replace FILE [force]", replace, 15),
    Exec("configure confirm", confirm, 15),
    Exec("configure revert now", revert_now, 15),
    Exec("configure revert timer <1-120>", revert_timer, 15),
    Exec("archive config", archive_config, 15),
    Exec("more FILE", show_file, 15),
    Exec("delete [/force] FILE", delete, 15),
    Exec("show archive", show_archive),
    Exec("show archive config rollback timer", show_timer, 15),
]
