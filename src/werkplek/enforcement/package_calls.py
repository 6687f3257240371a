"""Chocolatey packages: one call reads them all, and one more takes each group that is to be set alike.

`win_chocolatey_facts` lists what is installed; statuses come from that list before and after, never from what
`win_chocolatey` says of itself, which is one answer for a whole group and which does not read back. A check needs the
list only: it reaches no package source, and installs no Chocolatey.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from werkplek.enforcement.module_answers import (
    ABSENT,
    ModuleCall,
    Row,
    Setting,
    Steps,
    differs,
    read,
    row,
    told,
    unread,
    unread_after,
)
from werkplek.enforcement.module_settling import RESTART

FACTS = "chocolatey.chocolatey.win_chocolatey_facts"
MODULE = "chocolatey.chocolatey.win_chocolatey"
# What win_chocolatey_facts says of a host without Chocolatey. There are no packages then; win_chocolatey installs it
# with the first package that is wanted.
NO_CHOCOLATEY = "Failed to find Chocolatey installation, make sure choco.exe is in the PATH env value"
ANY = "any version"

type Installed = Mapping[str, tuple[str, ...]]
"""Versions by package name, without capitals."""


def packages(settings: Sequence[Setting], *, check: bool) -> Steps[list[Row]]:
    """Enforce packages; with `check`, only compare."""
    before = yield from _installed()
    if isinstance(before, str):
        return [unread(setting, _wanted(setting), before) for setting in settings]
    due = [] if check else [one for one in settings if not one.waived and not _as_wanted(one, before)]
    said: dict[str, str] = {}
    for group in _groups(due):
        said |= yield from _set(group)
    after = (yield from _installed()) if due else before
    return [
        _conclusion(setting, before, after, said[setting.id]) if setting.id in said else _comparison(setting, before)
        for setting in settings
    ]


def _installed() -> Steps[Installed | str]:
    """What is installed, or why that cannot be told."""
    answer = yield ModuleCall(FACTS, {"filter": ["packages"]}, check=True)
    if answer.get("failed") and answer.get("msg") == NO_CHOCOLATEY:
        return {}
    result = read(answer)
    if result.failure:
        return result.failure
    found: dict[str, tuple[str, ...]] = {}
    try:
        for entry in answer["ansible_facts"]["ansible_chocolatey"]["packages"]:
            name, version = entry["package"].casefold(), str(entry["version"])
            found[name] = (*found.get(name, ()), version)
    except (AttributeError, KeyError, TypeError) as error:
        return f"the list of packages cannot be understood: {error!r}"
    return found


def _groups(settings: Sequence[Setting]) -> list[list[Setting]]:
    """Settings that one call can take together; what goes, goes first."""
    groups: dict[tuple[object, ...], list[Setting]] = {}
    for setting in sorted(settings, key=lambda one: not one.absent):
        groups.setdefault(tuple(_shared(setting).items()), []).append(setting)
    return list(groups.values())


def _shared(setting: Setting) -> dict[str, Any]:
    """Arguments of a setting, its package's name aside. `downgrade` is the state in which another version is replaced,
    be it older or newer; with `present` the module refuses that."""
    if setting.absent:
        return {"state": "absent"}
    body = setting.body
    pinned = {"state": "downgrade", "version": body["version"]} if "version" in body else {"state": "present"}
    return {**pinned, **({"source": body["source"]} if "source" in body else {})}


def _set(group: Sequence[Setting]) -> Steps[dict[str, str]]:
    """What is to be said of each package: why it failed, or that a restart is needed; mostly nothing.

    A group that fails is tried again one by one: the module stops at the first package that fails, and does not tell
    which others it had done.
    """
    arguments = {"name": [setting.body["name"] for setting in group], **_shared(group[0])}
    result = read((yield ModuleCall(MODULE, arguments, check=False)))
    if len(group) == 1 or not result.failure:
        return {setting.id: result.failure or (RESTART if result.restart else "") for setting in group}
    said: dict[str, str] = {}
    for setting in group:
        said |= yield from _set([setting])
    return said


def _as_wanted(setting: Setting, installed: Installed) -> bool:
    versions = installed.get(setting.body["name"].casefold(), ())
    if setting.absent:
        return not versions
    return setting.body["version"] in versions if "version" in setting.body else bool(versions)


def _found(setting: Setting, installed: Installed) -> str:
    return ", ".join(installed.get(setting.body["name"].casefold(), ())) or ABSENT


def _wanted(setting: Setting) -> str:
    return ABSENT if setting.absent else str(setting.body.get("version", ANY))


def _comparison(setting: Setting, installed: Installed) -> Row:
    found = _found(setting, installed)
    if _as_wanted(setting, installed):
        return row(setting, "compliant", found, found)
    return differs(setting, found, _wanted(setting))


def _conclusion(setting: Setting, before: Installed, after: Installed | str, said: str) -> Row:
    found, wanted = _found(setting, before), _wanted(setting)
    if isinstance(after, str):
        return unread_after(setting, found, wanted, after)
    if _as_wanted(setting, after):
        return row(setting, "changed", found, _found(setting, after), told(setting, said))
    success = f"the module reports success; found afterwards: {_found(setting, after)}"
    return row(setting, "failed", found, wanted, told(setting, success if said in {"", RESTART} else said))
